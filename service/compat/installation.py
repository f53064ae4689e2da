"""The adapters, put together: routes and what they need while the process lives, for `app` to install."""

from dataclasses import dataclass, field

from fastapi import FastAPI

from service.compat import akismet_routes, coral_routes, openai_routes, perspective_routes
from service.moderation.analysis import RecentArticles


@dataclass(frozen=True, slots=True)
class Compat:
    """What the adapters keep in memory."""

    recent: RecentArticles = field(default_factory=RecentArticles)


def install_adapters(app: FastAPI) -> None:
    """Adds the adapters, which find their own state in `app.state.compat` and the desk in `app.state.desk`."""
    app.state.compat = Compat()
    for module in (perspective_routes, akismet_routes, openai_routes, coral_routes):
        app.include_router(module.router)

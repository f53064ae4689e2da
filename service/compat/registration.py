"""The adapters, put together: routes and what they need while an app lives, for `app` to install."""

from dataclasses import dataclass, field

from fastapi import APIRouter, FastAPI

from service.compat.akismet import routes as akismet_routes
from service.compat.coral import routes as coral_routes
from service.compat.error_formats import Answer, TranslatedErrorRoute
from service.compat.openai import routes as openai_routes
from service.compat.perspective import routes as perspective_routes
from service.moderation.scoring.analyse import RecentArticles


@dataclass(frozen=True, slots=True)
class Compat:
    """What the adapters keep in memory."""

    recent: RecentArticles = field(default_factory=RecentArticles)


def install_adapters(app: FastAPI) -> None:
    """What the adapters find in `app.state.compat`; the desk is in `app.state.desk`."""
    app.state.compat = Compat()


def add_adapter_routes(routes: APIRouter) -> None:
    """The doors of every adapter."""
    for module in (perspective_routes, akismet_routes, openai_routes, coral_routes):
        routes.include_router(module.router)


def find_dialects() -> dict[str, Answer]:
    """How errors are answered at each address of an adapter that has its own words for them."""
    return {
        route.path: type(route).answer
        for module in (perspective_routes, akismet_routes, openai_routes)
        for route in module.router.routes
        if isinstance(route, TranslatedErrorRoute)
    }

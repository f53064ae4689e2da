"""Registration of the adapters with an app: their routes, their state and their error formats."""

from dataclasses import dataclass, field

from fastapi import APIRouter, FastAPI

from service.compat.akismet import routes as akismet_routes
from service.compat.coral import routes as coral_routes
from service.compat.error_formats import ErrorWriter, TranslatedErrorRoute
from service.compat.openai import routes as openai_routes
from service.compat.perspective import routes as perspective_routes
from service.moderation.scoring.analyse import RecentArticles


@dataclass(frozen=True, slots=True)
class AdapterState:
    """What the adapters keep in memory between requests: embedded articles, for Perspective."""

    recent_articles: RecentArticles = field(default_factory=RecentArticles)


def init_adapter_state(app: FastAPI) -> None:
    """Set `app.state.compat`, which the adapters read."""
    app.state.compat = AdapterState()


def add_adapter_routes(routes: APIRouter) -> None:
    """Add the routes of every adapter."""
    for module in (perspective_routes, akismet_routes, openai_routes, coral_routes):
        routes.include_router(module.router)


def error_writers_by_path() -> dict[str, ErrorWriter]:
    """Map each path with an error format of its own to the function that writes its errors.

    The overload middleware needs it. Coral is missing, because its routes return our own problem documents.
    """
    return {
        route.path: type(route).write_error
        for module in (perspective_routes, akismet_routes, openai_routes)
        for route in module.router.routes
        if isinstance(route, TranslatedErrorRoute)
    }

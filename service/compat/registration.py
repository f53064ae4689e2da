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
class Compat:
    """What the adapters hold in memory."""

    recent: RecentArticles = field(default_factory=RecentArticles)


def init_adapter_state(app: FastAPI) -> None:
    """Set `app.state.compat`, which the adapters read."""
    app.state.compat = Compat()


def add_adapter_routes(routes: APIRouter) -> None:
    """Add the routes of every adapter."""
    for module in (perspective_routes, akismet_routes, openai_routes, coral_routes):
        routes.include_router(module.router)


def error_writers_by_path() -> dict[str, ErrorWriter]:
    """Return the function that writes errors, for each path of an adapter with its own error format."""
    return {
        route.path: type(route).write_error
        for module in (perspective_routes, akismet_routes, openai_routes)
        for route in module.router.routes
        if isinstance(route, TranslatedErrorRoute)
    }

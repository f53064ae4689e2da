"""The pages, put together: routes, templates and static files, for `app` to install."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment
from starlette.routing import Route

from service.moderation.access.sign_in_throttle import SignInThrottle
from service.settings import Settings
from service.web import preferences_page
from service.web.access import sign_in
from service.web.insights import score_map as dot_map
from service.web.insights import team
from service.web.policy import editing, guidelines, thresholds
from service.web.rendering import make_templates
from service.web.review import bulk, comment, decisions, live_counts, queue
from service.web.translations import read_languages

STATIC = Path(__file__).parent / "static"


MODULES = (
    sign_in,
    queue,
    comment,
    preferences_page,
    dot_map,
    thresholds,
    live_counts,
    decisions,
    bulk,
    editing,
    guidelines,
    team,
)


@dataclass(frozen=True, slots=True)
class Web:
    """What the pages need for as long as an app lives: templates by language, and the paths that there are."""

    templates: Mapping[str, Environment]
    attempts: SignInThrottle
    pages: frozenset[str]
    pulse: live_counts.CountsCache


def install_pages(app: FastAPI, settings: Settings) -> None:
    """What the pages find in `app.state.web`; the desk is in `app.state.desk`."""
    pages = frozenset(route.path for module in MODULES for route in module.router.routes if isinstance(route, Route))
    attempts = SignInThrottle(per_minute=settings.sign_ins_per_minute)
    app.state.web = Web({**_make_all_templates()}, attempts, pages, live_counts.CountsCache())


def add_page_routes(routes: APIRouter) -> None:
    """Every page, and the files that pages ask for."""
    routes.mount("/static", StaticFiles(directory=STATIC), name="static")
    for module in MODULES:
        routes.include_router(module.router)


@cache
def _make_all_templates() -> Mapping[str, Environment]:
    """Shared by the apps of a process, so that each template is compiled once."""
    return make_templates(read_languages())

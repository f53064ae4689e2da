"""Assembly of the review pages: routes, templates and static files."""

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
from service.web.articles import modes
from service.web.insights import score_map, team
from service.web.policy import authors, guidelines, thresholds
from service.web.rendering import make_templates
from service.web.review import bulk, comment, decisions, live_counts, procedures, queue
from service.web.translations import read_languages

STATIC = Path(__file__).parent / "static"

PAGE_MODULES = (
    sign_in,
    queue,
    comment,
    preferences_page,
    score_map,
    thresholds,
    live_counts,
    decisions,
    bulk,
    procedures,
    modes,
    authors,
    guidelines,
    team,
)


@dataclass(frozen=True, slots=True)
class WebState:
    """State of the pages that lives as long as the app.

    `templates` are by language code. `page_paths` are the paths of all routes, such as "/comments/{comment_id:path}".
    """

    templates: Mapping[str, Environment]
    sign_in_throttle: SignInThrottle
    page_paths: frozenset[str]
    counts_cache: live_counts.CountsCache


def install_pages(app: FastAPI, settings: Settings) -> None:
    """Put the pages' state in `app.state.web`. The runtime is in `app.state.runtime`."""
    page_paths = frozenset(
        route.path for module in PAGE_MODULES for route in module.router.routes if isinstance(route, Route)
    )
    app.state.web = WebState(
        # All apps of a process share the compiled templates. Each has its own dict, because tests add languages.
        templates={**_make_all_templates()},
        sign_in_throttle=SignInThrottle(per_minute=settings.sign_ins_per_minute),
        page_paths=page_paths,
        counts_cache=live_counts.CountsCache(),
    )


def add_page_routes(routes: APIRouter) -> None:
    """Add the routes of all pages and the static files."""
    routes.mount("/static", StaticFiles(directory=STATIC), name="static")
    for module in PAGE_MODULES:
        routes.include_router(module.router)


@cache
def _make_all_templates() -> Mapping[str, Environment]:
    """Return the templates, shared by the apps of a process so that each template is compiled once."""
    return make_templates(read_languages())

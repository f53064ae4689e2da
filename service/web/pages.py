"""The pages, put together: routes, templates and static files, for `app` to install."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment
from starlette.routing import Route

from service.moderation.attempts import Attempts
from service.settings import Settings
from service.web import (
    changes,
    deciding,
    editing,
    entrance,
    guidelines,
    look,
    queue,
    review,
    team,
    thresholds,
    together,
)
from service.web import map as dot_map
from service.web.catalogue import read_languages
from service.web.rendering import make_templates

STATIC = Path(__file__).parent / "static"


MODULES = (entrance, queue, review, look, dot_map, thresholds, changes, deciding, together, editing, guidelines, team)


@dataclass(frozen=True, slots=True)
class Web:
    """What the pages need for as long as the process lives: templates by language, and the paths that there are."""

    templates: Mapping[str, Environment]
    attempts: Attempts
    pages: frozenset[str]
    pulse: changes.Pulse


def install_pages(app: FastAPI, settings: Settings) -> None:
    """Adds the pages, which find their own state in `app.state.web` and the desk in `app.state.desk`."""
    pages = frozenset(route.path for module in MODULES for route in module.router.routes if isinstance(route, Route))
    attempts = Attempts(per_minute=settings.sign_ins_per_minute)
    app.state.web = Web(make_templates(read_languages()), attempts, pages, changes.Pulse())
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for module in MODULES:
        app.include_router(module.router)

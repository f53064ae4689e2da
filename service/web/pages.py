"""The pages, put together: routes, templates and static files, for `app` to install."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment

from service.moderation.attempts import Attempts
from service.settings import Settings
from service.web import entrance, queue, review
from service.web.rendering import make_templates

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class Web:
    """What the pages need for as long as the process lives."""

    templates: Environment
    attempts: Attempts


def install_pages(app: FastAPI, settings: Settings) -> None:
    """Adds the pages, which find their own state in `app.state.web` and the desk in `app.state.desk`."""
    app.state.web = Web(make_templates(), Attempts(per_minute=settings.sign_ins_per_minute))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for module in (entrance, queue, review):
        app.include_router(module.router)

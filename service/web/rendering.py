"""Rendering: templates into answers. Escaping is always on, and a name that a template lacks is an error."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.web.readings import age

MINUS = "\N{MINUS SIGN}"


def make_templates() -> Environment:
    """The templates of this package, with the few filters that they use."""
    templates = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters["in_path"] = lambda text: quote(str(text), safe="")
    templates.filters["age"] = age
    return templates


def render(request: Request, template: str, *, status: int = HTTPStatus.OK, **facts: Any) -> HTMLResponse:
    """A page, never cached: it shows what readers wrote to who may see it now."""
    templates: Environment = request.app.state.web.templates
    page = templates.get_template(template).render(now=request.app.state.desk.clock(), **facts)
    return HTMLResponse(page, status_code=status, headers={"Cache-Control": "no-store"})


def go_to(path: str) -> RedirectResponse:
    """Sends the browser to another page with GET."""
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})

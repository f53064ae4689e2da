"""Rendering: templates into answers. Escaping is always on, and a name that a template lacks is an error."""

from collections.abc import Mapping
from gettext import NullTranslations
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.web.preferences import read_preferences
from service.web.review.score_display import age
from service.web.translations import choose_language

MINUS = "\N{MINUS SIGN}"


def make_templates(languages: Mapping[str, NullTranslations]) -> dict[str, Environment]:
    """The templates of this package in each language, with the few filters that they use."""
    return {code: _make_templates(code, translations) for code, translations in languages.items()}


def render(request: Request, template: str, *, status: int = HTTPStatus.OK, **facts: Any) -> HTMLResponse:
    """A page, never cached: it shows what readers wrote to who may see it now."""
    by_language: dict[str, Environment] = request.app.state.web.templates
    language = choose_language(request.headers.get("accept-language", ""), by_language)
    page = (
        by_language[language]
        .get_template(template)
        .render(
            now=request.app.state.runtime.clock(),
            here=request.url.path,
            pages=request.app.state.web.pages,
            preferences=read_preferences(request),
            **facts,
        )
    )
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(page, status_code=status, headers=headers)


def go_to(path: str) -> RedirectResponse:
    """Sends the browser to another page with GET."""
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})


def json_response(facts: dict[str, Any], *, status: int = HTTPStatus.OK) -> JSONResponse:
    """Facts for a script of ours."""
    return JSONResponse(facts, status_code=status, headers={"Cache-Control": "no-store"})


def _make_templates(language: str, translations: NullTranslations) -> Environment:
    templates = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    templates.policies["ext.i18n.trimmed"] = True
    # The extension gives the environment this method while running.
    templates.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # as said above
    templates.globals["language"] = language
    templates.filters["in_path"] = lambda text: quote(str(text), safe="")
    templates.filters["age"] = age
    return templates

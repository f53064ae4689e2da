"""Rendering of templates into responses. Escaping is always on, and an undefined name in a template is an error."""

from collections.abc import Mapping
from gettext import NullTranslations
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.web.formatting import format_percent, measure_age
from service.web.preferences import read_preferences
from service.web.translations import choose_language


def make_templates(languages: Mapping[str, NullTranslations]) -> dict[str, Environment]:
    """Return the templates of this package by language, with their filters."""
    return {code: _make_templates(code, translations) for code, translations in languages.items()}


def render(request: Request, template: str, *, status_code: int = HTTPStatus.OK, **context: Any) -> HTMLResponse:
    """Return a page in the browser's language. It is never cached, because it shows private data."""
    by_language: dict[str, Environment] = request.app.state.web.templates
    language = choose_language(request.headers.get("accept-language", ""), by_language)
    page = (
        by_language[language]
        .get_template(template)
        .render(
            now=request.app.state.runtime.clock(),
            here=request.url.path,
            pages=request.app.state.web.page_paths,
            preferences=read_preferences(request),
            **context,
        )
    )
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
    return HTMLResponse(page, status_code=status_code, headers=headers)


def go_to(path: str) -> RedirectResponse:
    """Redirect the browser to another page. With status 303, it loads that page with GET even after a form."""
    return RedirectResponse(path, status_code=HTTPStatus.SEE_OTHER, headers={"Cache-Control": "no-store"})


def json_response(content: dict[str, Any], *, status_code: int = HTTPStatus.OK) -> JSONResponse:
    """Return JSON for the pages' own scripts, never cached."""
    return JSONResponse(content, status_code=status_code, headers={"Cache-Control": "no-store"})


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
    # A text that spans several template lines is one line in the catalogue.
    templates.policies["ext.i18n.trimmed"] = True
    # The extension adds this method to the environment, which mypy cannot know.
    templates.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]  # see above
    templates.globals["language"] = language
    templates.filters["in_path"] = _quote_for_path
    templates.filters["age"] = measure_age
    templates.filters["format_percent"] = format_percent
    return templates


def _quote_for_path(text: object) -> str:
    # Slashes are quoted too: the id of a comment may contain some, and must stay one part of the path.
    return quote(str(text), safe="")

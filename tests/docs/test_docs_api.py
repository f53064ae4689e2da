"""Every route, right and error code is in docs/api.md, and nothing else is."""

import re

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.domain import errors
from service.domain.rights import Right
from service.settings import Settings
from tests.support.docs_pages import read_page

METHODS = {"get", "put", "post", "delete", "patch"}
# These appear on pages and in the terminal only: no route of the API returns them.
NOT_IN_API = {
    "claimed_elsewhere",
    "form_expired",
    "retraining_refused",
    "sign_in_failed",
    "site_invalid",
    "too_late_to_undo",
    "user_invalid",
}
# Errors of the framework, as problem documents.
OF_FRAMEWORK = {"bad_request", "method_not_allowed"}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings())


def routes_of(app: FastAPI) -> set[str]:
    paths = app.openapi()["paths"]
    return {f"{method.upper()} {path}" for path, facts in paths.items() for method in facts if method in METHODS}


def codes_of(error: type[errors.DomainError]) -> set[str]:
    return {error.code(), *(code for child in error.__subclasses__() for code in codes_of(child))}


def test_every_route_is_described(app: FastAPI) -> None:
    described = set(re.findall(r"^### `([A-Z]+ /\S*)`$", read_page("docs/api.md"), re.MULTILINE))
    assert described == routes_of(app) | {"GET /openapi.json"}


def test_every_error_is_described() -> None:
    described = set(re.findall(r"^\| `([a-z_]+)` \| \d", read_page("docs/api.md"), re.MULTILINE))
    assert described == codes_of(errors.DomainError) - NOT_IN_API - {"domain_error"} | OF_FRAMEWORK


def test_every_right_is_described() -> None:
    page = read_page("docs/api.md")
    assert [right for right in Right if f"| `{right}` |" not in page] == []

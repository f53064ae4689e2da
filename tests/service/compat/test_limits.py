"""Limits and internal errors are reported in the format of each adapter."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from models.scorer import Scorer
from service.app import create_app
from service.settings import Settings
from tests.support.builders import a_cms

ANALYZE, MODERATIONS, CHECK = "/v1alpha1/comments:analyze", "/v1/moderations", "/1.1/comment-check"

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def send_too_much(client: TestClient, path: str, *, says_how_much: bool) -> Response:
    key = a_cms(client).token
    parts = (b"x" * 100_000 for _ in range(30))
    content = b"".join(parts) if says_how_much else parts
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-www-form-urlencoded"}
    return client.post(f"{path}?key={key}", content=content, headers=headers)


@pytest.fixture
def overloaded(settings: Settings, scorer: Scorer) -> Iterator[TestClient]:
    """A service that accepts no request."""
    busy = settings.model_copy(update={"max_in_flight": 0})
    with TestClient(create_app(busy, scorer=scorer)) as client:
        yield client


@pytest.mark.parametrize("says_how_much", [True, False])
def test_a_large_body_is_refused_in_the_clients_format(client: TestClient, *, says_how_much: bool) -> None:
    google = send_too_much(client, ANALYZE, says_how_much=says_how_much)
    assert (google.status_code, google.json()["error"]["code"]) == (413, 413)
    assert google.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert google.json()["error"]["details"][0]["errorType"] == "INVALID_REQUEST"
    openai = send_too_much(client, MODERATIONS, says_how_much=says_how_much)
    assert (openai.status_code, openai.json()["error"]["type"]) == (413, "invalid_request_error")
    akismet = send_too_much(client, CHECK, says_how_much=says_how_much)
    assert (akismet.status_code, akismet.text) == (413, "invalid")
    assert "2000000 bytes" in akismet.headers["x-akismet-debug-help"]


def test_overload_is_reported_in_the_clients_format(overloaded: TestClient) -> None:
    google, openai, akismet = (overloaded.post(path, json={}) for path in (ANALYZE, MODERATIONS, CHECK))
    assert [answer.status_code for answer in (google, openai, akismet)] == [503] * 3
    assert [answer.headers["retry-after"] for answer in (google, openai, akismet)] == ["1"] * 3
    assert google.json()["error"]["status"] == "UNAVAILABLE"
    assert openai.json()["error"]["type"] == "server_error"
    assert akismet.text == "invalid"


def test_an_internal_error_is_reported_in_the_clients_format(settings: Settings, scorer: Scorer) -> None:
    with TestClient(create_app(settings, scorer=scorer), raise_server_exceptions=False) as broken:
        broken.app.state.runtime = None  # type: ignore[attr-defined]  Starlette's app has a state
        key = {"Authorization": "Bearer cd_1_x"}
        google, openai = (broken.post(path, json={}, headers=key) for path in (ANALYZE, MODERATIONS))
        akismet = broken.post(CHECK, data={"key": "cd_1_x"})
    assert [answer.status_code for answer in (google, openai, akismet)] == [500] * 3
    assert google.json()["error"]["status"] == "INTERNAL"
    assert openai.json()["error"]["type"] == "server_error"
    assert akismet.text == "invalid"


@pytest.mark.parametrize("path", ["/v1/comments", "/coral/1/phase", "/nowhere"])
def test_other_clients_get_a_problem_document(overloaded: TestClient, path: str) -> None:
    answer: Any = overloaded.post(path, json={})
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")

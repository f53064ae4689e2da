"""Access: every route of the OpenAPI document needs a token and its right."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.support.builders import a_cms

OPEN = {"/healthz", "/readyz"}
# A person without a session is shown the door; these are the door.
DOORS = {"/sign-in", "/sign-in/{secret}", "/sign-out"}

ROUTES = [
    (method.upper(), path)
    for path, operations in create_app(Settings()).openapi()["paths"].items()
    for method in operations
]


def fill(path: str) -> str:
    for name in ("article_id", "comment_id", "author_id", "endpoint_id"):
        path = path.replace(f"{{{name}}}", "some-id")
    return path.replace("{delivery_id}", "1").replace("{secret}", "some-secret")


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1] not in OPEN | DOORS])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_every_route_refuses_anonymous_requests(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, fill(path), follow_redirects=False)
    shown_the_door = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    assert answer.status_code == 401 or shown_the_door


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1].startswith("/v1")])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_every_api_route_refuses_a_token_without_rights(client: TestClient, method: str, path: str) -> None:
    powerless = a_cms(client, rights=[])
    answer = powerless.send(method, fill(path), BODIES.get((method, path)))
    assert answer.status_code == 403, answer.text


BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/v1/score"): {"comments": [{"text": "Fine."}]},
    ("PUT", "/v1/articles/{article_id}"): {"title": "A title"},
    ("POST", "/v1/comments"): {"id": "c-1", "article_id": "a-1", "text": "Fine."},
    ("PUT", "/v1/comments/{comment_id}"): {"text": "Fine."},
    ("POST", "/v1/comments/{comment_id}/verdict"): {"outcome": "approve"},
    ("POST", "/v1/comments/{comment_id}/reports"): {"reporter": "r-1", "reason": "rude"},
    ("POST", "/v1/comments/{comment_id}/appeals"): {"statement": "Please look."},
    ("PUT", "/v1/authors/{author_id}/trust"): {"trust": "trusted"},
    ("POST", "/v1/policy/versions"): {"note": "A test."},
    ("POST", "/v1/webhooks/endpoints"): {"url": "https://cms.example/hook"},
}


def test_the_openapi_document_needs_a_token(client: TestClient) -> None:
    assert client.get("/openapi.json").status_code == 401
    document = a_cms(client, rights=[]).get("/openapi.json").json()
    assert document["info"]["title"] == "Commentdesk"


def test_metrics_need_their_own_right(client: TestClient) -> None:
    assert a_cms(client, rights=["comments"]).get("/metrics").status_code == 403
    shown = a_cms(client).get("/metrics").text
    assert "commentdesk_http_requests_total" in shown
    assert 'commentdesk_webhook_deliveries_unfinished{state="pending"} 0.0' in shown


def test_health_needs_no_token(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"

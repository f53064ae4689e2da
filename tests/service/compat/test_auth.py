"""Access to the adapters: all need a token with rights, except for Perspective's Discovery document."""

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from models.scorer import Scorer
from service.api.dependencies import RateLimit
from service.app import create_app
from service.compat.akismet import routes as akismet_routes
from service.compat.openai import routes as openai_routes
from service.compat.perspective import routes as perspective_routes
from service.settings import Settings
from tests.conftest import Clock
from tests.support.builders import PRAISE, a_cms

PUBLIC = {"/$discovery/rest", "/discovery/v1/apis/commentanalyzer/v1alpha1/rest"}
# What any token may ask: whether it is one.
OF_ANY_TOKEN = {"/1.1/verify-key"}
ROUTES = [
    (method, route.path)
    for module in (perspective_routes, akismet_routes, openai_routes)
    for route in module.router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods or ())
    if route.path not in PUBLIC
]
JSON = {
    "comment": {"text": PRAISE},
    "requestedAttributes": {"TOXICITY": {}},
    "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
    "input": PRAISE,
}
FORM = {"blog": "https://gazette.example", "user_ip": "192.0.2.1", "comment_content": PRAISE}

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def knock(client: TestClient, method: str, path: str, key: str) -> str:
    """Return the response to a key, sent where the format expects it."""
    query, headers = {"key": key, "api_key": key}, {"Authorization": f"Bearer {key}"}
    if path.startswith("/1."):
        answer = client.request(method, path, params=query, data=FORM if method == "POST" else None)
    else:
        answer = client.request(method, path, params=query, headers=headers, json=JSON)
    refused = answer.status_code in {400, 401, 403} or answer.text == "invalid"
    return "refused" if refused else "answered"


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_adapter_refuses_anonymous_requests(client: TestClient, method: str, path: str) -> None:
    assert knock(client, method, path, "cd_0123456789abcdef_secret") == "refused"


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1] not in OF_ANY_TOKEN])
def test_every_adapter_refuses_a_token_without_rights(client: TestClient, method: str, path: str) -> None:
    assert knock(client, method, path, a_cms(client, rights=[]).token) == "refused"


def test_requests_to_every_adapter_count_for_the_rate_limit(client: TestClient) -> None:
    cms = a_cms(client)
    client.app.state.rate_limit = RateLimit(1)  # type: ignore[attr-defined]  Starlette's app has a state
    cms.post("/v1/moderations", {"input": PRAISE})
    analysis = client.post(f"/v1alpha1/comments:analyze?key={cms.token}", json=JSON)
    assert (analysis.status_code, analysis.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert analysis.json()["error"]["message"].startswith("Quota exceeded for quota metric 'Analysis requests")
    assert analysis.json()["error"]["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert cms.post("/v1/moderations", {"input": PRAISE}).json()["error"]["code"] == "rate_limit_exceeded"
    assert client.post("/1.1/verify-key", data={"key": cms.token}).status_code == 429


def test_a_perspective_client_is_told_its_quota(settings: Settings, scorer: Scorer, clock: Clock) -> None:
    strict = settings.model_copy(update={"requests_per_minute": 1})
    with TestClient(create_app(strict, scorer=scorer, clock=clock)) as client:
        address = f"/v1alpha1/comments:analyze?key={a_cms(client).token}"
        refused = [client.post(address, json=JSON) for _ in range(2)][-1]
    assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
    assert refused.json()["error"]["details"][0]["metadata"]["quota_limit_value"] == "1"

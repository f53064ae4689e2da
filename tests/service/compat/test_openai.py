"""The OpenAI adapter: thirteen categories, and no invented number for those without a score."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.compat.openai.translation import CATEGORIES, CATEGORY_TO_SCORE
from tests.support.builders import INSULT, PRAISE, a_cms

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def moderate(client: TestClient, given: Any, **more: Any) -> Response:
    return a_cms(client).post("/v1/moderations", {"input": given, **more})


def test_an_insult_is_flagged_as_harassment(client: TestClient) -> None:
    answer = moderate(client, INSULT, model="omni-moderation-latest").json()
    (result,) = answer["results"]
    assert answer["id"].startswith("modr-")
    assert (result["flagged"], result["categories"]["harassment"]) == (True, True)
    assert result["category_scores"]["harassment"] == result["x_scores"]["toxicity"]


def test_categories_without_a_score_are_marked_as_not_applied(client: TestClient) -> None:
    (result,) = moderate(client, PRAISE).json()["results"]
    assert set(result["categories"]) == set(result["category_scores"]) == set(CATEGORIES)
    applied = {category for category, kinds in result["category_applied_input_types"].items() if kinds == ["text"]}
    assert applied == set(CATEGORY_TO_SCORE)
    assert {result["category_scores"][category] for category in CATEGORIES if category not in CATEGORY_TO_SCORE} == {0}
    assert result["flagged"] is False


def test_a_list_of_texts_has_a_result_each_and_a_list_of_parts_one(client: TestClient) -> None:
    assert [r["flagged"] for r in moderate(client, [PRAISE, INSULT]).json()["results"]] == [False, True]
    parts = [{"type": "text", "text": PRAISE}, {"type": "text", "text": INSULT}]
    assert len(moderate(client, parts).json()["results"]) == 1


def test_an_unsupported_language_has_no_scores(client: TestClient) -> None:
    french = "Je ne comprends pas pourquoi la mairie veut fermer la bibliothèque du quartier cette année."
    (result,) = moderate(client, french).json()["results"]
    assert result["category_applied_input_types"]["harassment"] == []
    assert (result["x_scores"]["toxicity"], result["x_abstentions"]["toxicity"]) == (None, "language_not_supported")


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        3,
        [],
        [""],
        [3],
        ["a", {"type": "text", "text": "b"}],
        [{"type": "image_url", "image_url": {"url": "x"}}],
    ],
)
def test_invalid_input_is_a_client_error(client: TestClient, given: Any) -> None:
    answer = moderate(client, given)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "input")
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_missing_tokens_and_rights_are_openai_errors(client: TestClient) -> None:
    stranger = client.post("/v1/moderations", json={"input": PRAISE}).json()["error"]
    powerless = a_cms(client, rights=["comments"]).post("/v1/moderations", {"input": PRAISE}).json()["error"]
    assert (stranger["code"], powerless["code"]) == ("invalid_api_key", "insufficient_permissions")

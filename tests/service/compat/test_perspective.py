"""The Perspective adapter: scores, spans, errors, and suggestions that become verdicts."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from models.scorer import Scorer
from service.app import create_app
from service.compat.perspective.attributes import ATTRIBUTES
from service.settings import Settings
from tests.conftest import Clock
from tests.support.builders import INSULT, PRAISE, Cms, a_cms, a_comment, an_article

STORY = "https://gazette.example/tram?utm_source=mail"


def ask(cms: Cms, text: str = PRAISE, *attributes: str, key: str | None = None, **more: Any) -> Response:
    body = {"comment": {"text": text}, "requestedAttributes": {name: {} for name in attributes or ("TOXICITY",)}}
    return cms.client.post(f"/v1alpha1/comments:analyze?key={key or cms.token}", content=json.dumps(body | more))


def suggest(cms: Cms, text: str, value: float, name: str = "TOXICITY", **more: Any) -> Response:
    body = {"comment": {"text": text}, "attributeScores": {name: {"summaryScore": {"value": value}}}}
    return cms.client.post(f"/v1alpha1/comments:suggestscore?key={cms.token}", content=json.dumps(body | more))


def count(client: TestClient, table: str) -> int:
    with client.app.state.runtime.database.reading() as connection:  # type: ignore[attr-defined]  Starlette's state
        number: int = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()  # noqa: S608  our own names
        return number


def value_of(answer: Response, name: str = "TOXICITY") -> float:
    assert answer.status_code == 200, answer.text
    value: float = answer.json()["attributeScores"][name]["summaryScore"]["value"]
    return value


def error_of(answer: Response) -> tuple[int, str, str, dict[str, Any]]:
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    return error["code"], error["status"], error["message"], error["details"][0]


def test_an_insult_is_more_toxic_than_praise(client: TestClient) -> None:
    cms = a_cms(client)
    assert value_of(ask(cms, INSULT)) > 0.5 > value_of(ask(cms, PRAISE))


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_toxicity_is_on_perspectives_scale_unless_a_setting_says_raw(
    client: TestClient, settings: Settings, scorer: Scorer, clock: Clock
) -> None:
    cms = a_cms(client)
    ours = cms.post("/v1/score", {"comments": [{"text": INSULT}]}).json()["results"][0]["scores"]["toxicity"]
    assert value_of(ask(cms, INSULT)) == pytest.approx(scorer.perspective_scale.to_perspective(ours), abs=1e-5)
    raw = settings.model_copy(update={"perspective_scale": "raw"})
    with TestClient(create_app(raw, scorer=scorer, clock=clock)) as other:
        assert value_of(ask(Cms(other, cms.token), INSULT)) == pytest.approx(ours, abs=1e-5)


def test_the_response_has_the_fields_of_a_minimal_client(client: TestClient) -> None:
    answer = ask(a_cms(client), PRAISE, languages=["en"], clientToken="c-17").json()
    score = answer["attributeScores"]["TOXICITY"]
    assert score["summaryScore"]["type"] == "PROBABILITY"
    assert score["spanScores"] == [{"begin": 0, "end": len(PRAISE), "score": score["summaryScore"]}]
    assert (answer["languages"], answer["detectedLanguages"], answer["clientToken"]) == (["en"], ["en"], "c-17")


def test_a_version_in_the_name_is_echoed(client: TestClient) -> None:
    answer = ask(a_cms(client), PRAISE, "TOXICITY@6", "INSULT_EXPERIMENTAL").json()
    assert set(answer["attributeScores"]) == {"TOXICITY@6", "INSULT_EXPERIMENTAL"}


def test_spans_are_sentences_counted_in_utf_16(client: TestClient) -> None:
    text = f"Thank you 🙏🏽 for the detailed report. {INSULT}"
    spans = ask(a_cms(client), text, spanAnnotations=True).json()["attributeScores"]["TOXICITY"]["spanScores"]
    units = text.encode("utf-16-le")
    shown = [units[2 * span["begin"] : 2 * span["end"]].decode("utf-16-le") for span in spans]
    assert shown == ["Thank you 🙏🏽 for the detailed report.", INSULT]
    assert spans[1]["score"]["value"] > 0.5 > spans[0]["score"]["value"]


def test_off_topic_uses_the_article_in_the_context(client: TestClient) -> None:
    cms, text = a_cms(client), str(an_article()["body"])
    other = "The championship was decided in the last minute by a goal that the referee gave after looking twice. " * 4
    near = ask(cms, PRAISE, "OFF_TOPIC", context={"articleAndParentComment": {"article": {"text": text}}})
    far = ask(cms, PRAISE, "OFF_TOPIC", context={"entries": [{"text": other}]})
    assert value_of(near, "OFF_TOPIC") < value_of(far, "OFF_TOPIC")


def test_the_parent_in_the_context_is_used(client: TestClient) -> None:
    cms = a_cms(client)
    parent = "Which bus do the nurses at the hospital take home at night, before the tram extension is there?"
    context = {"entries": [{"text": "A short report about football."}, {"text": parent}]}
    with_parent = ask(cms, PRAISE, "OFF_TOPIC", context=context)
    without = ask(cms, PRAISE, "OFF_TOPIC", context={"entries": context["entries"][:1]})
    assert value_of(with_parent, "OFF_TOPIC") < value_of(without, "OFF_TOPIC")


def test_a_url_in_the_context_is_a_registered_article(client: TestClient) -> None:
    cms = a_cms(client)
    unknown = ask(cms, PRAISE, "TOXICITY", "OFF_TOPIC", context={"entries": [{"text": STORY}]}).json()
    cms.put("/v1/articles/tram", an_article(url="https://www.gazette.example/tram/"))
    known = ask(cms, PRAISE, "OFF_TOPIC", context={"entries": [{"text": STORY}]}).json()
    assert set(unknown["attributeScores"]) == {"TOXICITY"}, "an unknown relevance is left out"
    assert set(known["attributeScores"]) == {"OFF_TOPIC"}


def test_scores_below_the_threshold_are_left_out(client: TestClient) -> None:
    wanted = {"TOXICITY": {"scoreThreshold": 0.999999}, "PROFANITY": {"scoreType": "PROBABILITY"}}
    assert set(ask(a_cms(client), requestedAttributes=wanted).json()["attributeScores"]) == {"PROFANITY"}


def test_both_spellings_are_read_and_unknown_fields_ignored(client: TestClient) -> None:
    cms = a_cms(client)
    body = {"comment": {"text": PRAISE, "lang": "x"}, "requested_attributes": {"TOXICITY": None}, "doNotStore": None}
    address = f"/v1alpha1/comments%3Aanalyze?alt=json&prettyPrint=false&$.xgafv=2&key={cms.token}"
    assert client.post(address, json=body).status_code == 200


@pytest.mark.parametrize(
    ("sent", "message", "kind"),
    [
        ({"comment": {"text": ""}}, "Comment must be non-empty.", "COMMENT_EMPTY"),
        ({"comment": {"text": "é" * 10_241}}, "Comment text too long.", "COMMENT_TOO_LONG"),
        ({"requestedAttributes": {}}, "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
        ({"requestedAttributes": {"FLIRTATION": {}}}, "Unknown requested attribute: FLIRTATION", "INVALID_REQUEST"),
        (
            {"requestedAttributes": {"LIKELY_TO_REJECT": {}}},
            "Unknown requested attribute: LIKELY_TO_REJECT",
            "INVALID_REQUEST",
        ),
        (
            {"requestedAttributes": {"TOXICITY": {"scoreType": "RAW"}}},
            "Requested score type RAW is not supported by attribute TOXICITY",
            "INVALID_REQUEST",
        ),
        (
            {"comment": {"text": "<b>x</b>", "type": "HTML"}},
            "Currently, only 'PLAIN_TEXT' comments are supported",
            "INVALID_REQUEST",
        ),
        (
            {"context": {"entries": [], "articleAndParentComment": {}}},
            "Both entries and article_and_parent_comment were populated; only one may be.",
            "INVALID_REQUEST",
        ),
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_invalid_request_gets_perspectives_error(
    client: TestClient, sent: dict[str, Any], message: str, kind: str
) -> None:
    code, status, said, detail = error_of(ask(a_cms(client), **sent))
    assert (code, status, said, detail["errorType"]) == (400, "INVALID_ARGUMENT", message, kind)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_unsupported_language_is_named_with_the_attribute(client: TestClient) -> None:
    cms = a_cms(client)
    _, _, message, detail = error_of(ask(cms, languages=["fr"]))
    assert message == "Attribute TOXICITY does not support request languages: fr"
    told = detail["languageNotSupportedByAttributeError"]
    assert told == {"requestedLanguages": ["fr"], "attribute": "TOXICITY"}
    french = "Je ne comprends pas pourquoi la mairie veut fermer la bibliothèque du quartier cette année."
    told = error_of(ask(cms, french))[3]["languageNotSupportedByAttributeError"]
    assert told == {"detectedLanguages": ["fr"], "attribute": "TOXICITY"}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_keys_are_api_tokens_and_refused_in_googles_format(client: TestClient) -> None:
    cms = a_cms(client)
    code, status, message, detail = error_of(ask(cms, key="wrong"))
    assert (code, status) == (400, "INVALID_ARGUMENT")
    assert message == "API key not valid. Please pass a valid API key."
    assert (detail["reason"], detail["domain"]) == ("API_KEY_INVALID", "googleapis.com")
    assert error_of(client.post("/v1alpha1/comments:analyze", json={}))[:2] == (403, "PERMISSION_DENIED")
    assert error_of(ask(a_cms(client, rights=["metrics"])))[:2] == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_empty_body_is_an_error_with_details(client: TestClient) -> None:
    answer = client.post("/v1alpha1/comments:analyze", params={"key": a_cms(client).token})
    assert error_of(answer)[2] == "Comment must be non-empty."


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"comment": 3}', b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_missing_body_is_an_error(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1alpha1/comments:analyze", params={"key": a_cms(client).token}, content=body)
    assert error_of(answer)[:2] == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_control_characters_are_read_as_spaces(client: TestClient) -> None:
    body = b'{"comment":{"text":"A fine\\u0000report \\ud83d indeed"},"requestedAttributes":{"TOXICITY":{}}}'
    answer = client.post("/v1alpha1/comments:analyze", params={"key": a_cms(client).token}, content=body)
    assert answer.json()["attributeScores"]["TOXICITY"]["spanScores"][0]["end"] == len("A fine report x indeed")


def test_an_analysis_stores_nothing(client: TestClient) -> None:
    cms = a_cms(client)
    ask(cms, "A marker that nobody else writes: Quagmire-Zeppelin.", doNotStore=False)
    assert [count(client, table) for table in ("comments", "revisions", "scores", "external_ids")] == [0] * 4


def test_a_suggestion_with_the_right_is_a_verdict_on_the_comment(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(f"<p>{INSULT}</p>"))
    assert suggest(cms, INSULT, 1, clientToken="comment:c-1").json() == {"clientToken": "comment:c-1"}
    verdict = cms.get("/v1/comments/c-1").json()["verdict"]
    assert verdict["revision"] == 1, "the same words as plain text are no revision"
    assert (verdict["outcome"], verdict["reason"], verdict["source"]) == ("reject", "toxic", "perspective")


def test_a_suggestion_about_a_new_comment_is_a_verdict(client: TestClient) -> None:
    cms = a_cms(client)
    assert suggest(cms, PRAISE, 0, clientToken="comment:abc", context={"entries": [{"text": STORY}]}).is_success
    comment = cms.get("/v1/comments/abc").json()
    assert (comment["text"], comment["verdict"]["outcome"], comment["state"]) == (PRAISE, "approve", "approved")


def test_a_suggestion_without_the_right_is_a_report(client: TestClient) -> None:
    cms, reader = a_cms(client), a_cms(client, rights=["score", "comments"])
    suggest(reader, PRAISE, 1, "OFF_TOPIC", clientToken="comment:abc")
    comment = cms.get("/v1/comments/abc").json()
    assert (comment["verdict"], comment["report_count"]) == (None, 1)
    assert cms.get("/v1/queue").json()["items"][0]["kind"] == "reported"
    suggest(reader, PRAISE, 0, "OFF_TOPIC", clientToken="comment:abc")
    assert cms.get("/v1/comments/abc").json()["report_count"] == 1


def test_a_suggestion_finds_its_comment_by_the_text(client: TestClient) -> None:
    cms = a_cms(client)
    for value in (0, 1, 1):
        suggest(cms, PRAISE, value, sessionId="x")
    assert (count(client, "comments"), count(client, "verdicts")) == (1, 2)


@pytest.mark.parametrize("name", ["COMPASSION_EXPERIMENTAL", "REASONING_EXPERIMENTAL@2", "FLIRTATION"])
def test_an_unsupported_attribute_cannot_be_suggested(client: TestClient, name: str) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(PRAISE))
    refused = error_of(suggest(cms, PRAISE, 1, name, clientToken="comment:c-1"))
    assert refused[:3] == (400, "INVALID_ARGUMENT", f"Unknown requested attribute: {name}")
    assert (cms.get("/v1/comments/c-1").json()["state"], count(client, "verdicts")) == ("approved", 0)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_every_attribute_can_reject_a_comment(client: TestClient) -> None:
    cms = a_cms(client)
    for name, attribute in ATTRIBUTES.items():
        suggest(cms, f"{PRAISE} {name}", 1, name, clientToken=f"comment:{name}")
        verdict = cms.get(f"/v1/comments/{name}").json()["verdict"]
        assert (verdict["outcome"], verdict["reason"]) == ("reject", attribute.reason)


@pytest.mark.parametrize("span", [{}, {"begin": 0}, {"end": 3}, {"begin": None, "end": 3}])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_suggested_span_needs_both_offsets(client: TestClient, span: dict[str, Any]) -> None:
    cms = a_cms(client)
    whole = {"begin": 0, "end": 3, "score": {"value": 1}}
    scores = {"TOXICITY": {"spanScores": [whole, {**span, "score": {"value": 1}}]}}
    assert error_of(suggest(cms, PRAISE, 1, attributeScores=scores))[:2] == (400, "INVALID_ARGUMENT")
    assert suggest(cms, PRAISE, 1, attributeScores={"TOXICITY": {"spanScores": [whole]}}).is_success
    assert count(client, "verdicts") == 1


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "a/b", ".."])
def test_an_invalid_url_or_id_is_ignored(client: TestClient, odd: str) -> None:
    cms = a_cms(client)
    ids = {"Coral_comment_id": f"{odd}", "reply_to_id_Coral_comment_id": odd}
    about = json.dumps({"url": f"https://a.example/{odd}", **ids})
    assert suggest(cms, PRAISE, 0, context={"entries": [{"text": about}]}).is_success
    assert suggest(cms, INSULT, 1, context={"entries": [{"text": f"https://a.example/{odd}"}]}).is_success
    assert suggest(cms, "Another comment.", 1, clientToken=f"comment:{odd}").is_success
    assert (count(client, "comments"), count(client, "verdicts")) == (3, 3)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_echoed_fields_have_no_lone_surrogates(client: TestClient) -> None:
    cms, half = a_cms(client), "\ud800"
    answer = ask(cms, PRAISE, f"TOXICITY@{half}", languages=[f"en-{half}"], clientToken=half).json()
    assert (answer["clientToken"], answer["languages"]) == (" ", ["en- "])
    assert suggest(cms, PRAISE, 0, languages=[half], clientToken=half).json()["clientToken"] == " "
    assert error_of(suggest(cms, PRAISE, 0, half))[:2] == (400, "INVALID_ARGUMENT")
    assert error_of(ask(cms, requestedAttributes={half: 3}))[:2] == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_suggestion_needs_scores_and_rights(client: TestClient) -> None:
    cms = a_cms(client)
    empty = client.post(f"/v1alpha1/comments:suggestscore?key={cms.token}", json={"comment": {"text": "x"}})
    assert error_of(empty)[2] == "Missing attribute_scores"
    assert error_of(suggest(cms, "x", 2))[0] == 400
    assert error_of(suggest(a_cms(client, rights=["score"]), PRAISE, 1))[:2] == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_discovery_document_has_our_url(client: TestClient) -> None:
    document = client.get("/%24discovery/rest", params={"version": "v1alpha1"}).json()
    assert document["rootUrl"] == "http://testserver/"
    assert set(document["resources"]["comments"]["methods"]) == {"analyze", "suggestscore"}
    named = set(document["schemas"])
    assert set(_refs(document)) <= named


def _refs(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in _refs(value)]
    return [ref for value in node for ref in _refs(value)] if isinstance(node, list) else []

"""Comments through the API: sent, repeated, revised, looked up, reported, appealed, erased."""

from fastapi.testclient import TestClient

from tests.conftest import Clock
from tests.support.builders import INSULT, PRAISE, a_cms, a_comment, an_article


def test_a_comment_on_a_known_article_gets_scores_reasons_and_a_decision(client: TestClient) -> None:
    cms = a_cms(client)
    cms.put("/v1/articles/tram", an_article())
    answer = cms.post("/v1/comments", a_comment(author={"id": "u-1", "name": "Ada"}))
    assert answer.status_code == 201
    filed = answer.json()
    assert filed["state"] == "approved"
    assert filed["scores"]["scores"]["relevance"] > 0.5
    assert filed["scores"]["explanation"]["relevance"]["matched"]
    assert filed["decision"]["policy_version"] == 0


def test_an_insult_is_held_and_explained_by_its_words(client: TestClient) -> None:
    filed = a_cms(client).post("/v1/comments", a_comment(INSULT)).json()
    assert (filed["state"], filed["decision"]["rule"]) == ("held", "toxicity")
    spans = filed["scores"]["explanation"]["toxicity"]
    shown = [INSULT[span["start"] : span["end"]] for span in spans if span["weight"] > 0]
    assert any("idiot" in words for words in shown)


def test_the_same_comment_again_gets_the_first_response(client: TestClient) -> None:
    cms = a_cms(client)
    first = cms.post("/v1/comments", a_comment(INSULT))
    again = cms.post("/v1/comments", a_comment(INSULT))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_the_same_id_with_another_text_is_a_conflict_that_explains_put(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment())
    answer = cms.post("/v1/comments", a_comment("Something else altogether."))
    assert answer.status_code == 409
    assert "PUT" in answer.json()["detail"]
    assert "Something else" not in answer.text


def test_two_sites_may_use_the_same_id(client: TestClient) -> None:
    gazette, herald = a_cms(client, "gazette"), a_cms(client, "herald")
    assert gazette.post("/v1/comments", a_comment()).status_code == 201
    assert herald.post("/v1/comments", a_comment(INSULT)).status_code == 201
    assert gazette.get("/v1/comments/c-1").json()["text"] == PRAISE


def test_a_revision_is_scored_and_decided_again(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment())
    revised = cms.put("/v1/comments/c-1", {"text": INSULT}).json()
    assert (revised["revision"], revised["state"]) == (2, "held")
    assert cms.get("/v1/queue").json()["counts"]["held"] == 1


def test_revising_to_the_same_text_changes_nothing(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment())
    assert cms.put("/v1/comments/c-1", {"text": PRAISE}).json()["revision"] == 1


def test_a_harmless_revision_takes_a_held_comment_out_of_the_queue(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    assert cms.put("/v1/comments/c-1", {"text": PRAISE}).json()["state"] == "approved"
    assert cms.get("/v1/queue").json()["counts"]["held"] == 0


def test_relevance_is_unknown_without_the_article(client: TestClient) -> None:
    scores = a_cms(client).post("/v1/comments", a_comment()).json()["scores"]
    assert scores["scores"]["relevance"] is None
    assert scores["abstentions"]["relevance"] == "article_unknown"


def test_a_posting_time_in_the_future_is_corrected(client: TestClient, clock: Clock) -> None:
    filed = a_cms(client).post("/v1/comments", a_comment(posted_at="2031-01-01T00:00:00Z")).json()
    assert filed["posted_at"] == filed["received_at"] == clock.now.isoformat().replace("+00:00", "Z")


def test_near_duplicates_are_held_from_the_fourth_on(client: TestClient) -> None:
    cms = a_cms(client)
    text = "Sign the petition against the new tram line today, it takes only a minute of your time and helps us all"
    answers = [cms.post("/v1/comments", a_comment(f"{text}{'!' * n}", id=f"c-{n}")).json() for n in range(5)]
    assert [answer["decision"]["rule"] == "near_duplicate" for answer in answers] == [False, False, False, True, True]


def test_a_reported_comment_enters_the_queue(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment())
    report = {"reporter": "reader-9", "reason": "rude"}
    assert cms.post("/v1/comments/c-1/reports", report).json()["report_count"] == 1
    assert cms.post("/v1/comments/c-1/reports", report).json()["report_count"] == 1
    assert cms.get("/v1/queue?kind=reported").json()["items"][0]["comment_id"] == "c-1"


def test_an_appeal_enters_the_queue_and_is_closed_by_a_verdict(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    cms.post("/v1/comments/c-1/verdict", {"outcome": "reject", "reason": "toxic"})
    assert cms.post("/v1/comments/c-1/appeals", {"statement": "It was a quotation."}).status_code == 200
    assert cms.get("/v1/queue?kind=appeal").json()["counts"]["appeal"] == 1
    cms.post("/v1/comments/c-1/verdict", {"outcome": "approve"})
    assert cms.get("/v1/queue").json()["counts"]["appeal"] == 0
    assert cms.get("/v1/comments/c-1").json()["state"] == "approved"


def test_a_second_appeal_is_refused_while_the_first_is_open(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    cms.post("/v1/comments/c-1/appeals", {"statement": "Please look."})
    assert cms.post("/v1/comments/c-1/appeals", {"statement": "Look!"}).status_code == 409


def test_an_appeal_sent_twice_with_one_key_is_one_appeal(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    headers = {"Idempotency-Key": "appeal-1"}
    first = cms.post("/v1/comments/c-1/appeals", {"statement": "Please look."}, **headers)
    again = cms.post("/v1/comments/c-1/appeals", {"statement": "Please look."}, **headers)
    assert first.json() == again.json()
    assert cms.post("/v1/comments/c-1/appeals", {"statement": "Other."}, **headers).status_code == 409


def test_an_erased_comment_leaves_a_tombstone_without_text(client: TestClient) -> None:
    cms = a_cms(client)
    cms.put("/v1/articles/tram", an_article())
    cms.post("/v1/comments", a_comment(INSULT, author={"id": "u-1"}))
    cms.post("/v1/comments/c-1/verdict", {"outcome": "reject", "reason": "toxic", "note": "calls names"})
    assert cms.delete("/v1/comments/c-1").status_code == 204
    tombstone = cms.get("/v1/comments/c-1").json()
    assert (tombstone["state"], tombstone["text"], tombstone["verdict"]["note"]) == ("erased", "", "")
    assert tombstone["scores"]["explanation"] == {}
    assert cms.get("/v1/queue").json()["items"] == []


def test_an_erased_comment_cannot_be_sent_revised_decided_or_appealed(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment())
    cms.delete("/v1/comments/c-1")
    assert cms.delete("/v1/comments/c-1").status_code == 204
    assert cms.post("/v1/comments", a_comment()).status_code == 410
    assert cms.put("/v1/comments/c-1", {"text": "Again."}).status_code == 410
    assert cms.post("/v1/comments/c-1/verdict", {"outcome": "approve"}).status_code == 410
    assert cms.post("/v1/comments/c-1/appeals", {"statement": "Why?"}).status_code == 410

"""Verdicts through the API: each is stored once, and only on the comment as the person saw it."""

from fastapi.testclient import TestClient

from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller
from service.moderation.intake.submit import Submission, submit
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.review.verdicts import list_verdicts
from tests.support.builders import INSULT, a_cms, a_comment, a_site


def hold(runtime: Runtime) -> Caller:
    operator = a_site(runtime)
    submit(runtime, operator, Submission(id="c-1", article_id="tram", text=INSULT))
    return operator


def test_a_verdict_moves_the_comment_and_empties_the_queue(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    verdict = cms.post("/v1/comments/c-1/verdict", {"outcome": "reject", "reason": "toxic"}).json()
    assert (verdict["outcome"], verdict["reason"], verdict["queue_kinds"]) == ("reject", "toxic", ["held"])
    assert cms.get("/v1/queue").json()["items"] == []
    assert cms.get("/v1/comments/c-1").json()["state"] == "rejected"


def test_a_rejection_without_a_reason_names_the_field(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    answer = cms.post("/v1/comments/c-1/verdict", {"outcome": "reject"})
    assert (answer.status_code, answer.json()["field"]) == (422, "reason")


def test_hold_is_not_a_verdict(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    assert cms.post("/v1/comments/c-1/verdict", {"outcome": "hold"}).json()["field"] == "outcome"


def test_the_same_verdict_is_stored_once(runtime: Runtime) -> None:
    operator = hold(runtime)
    for _ in range(2):
        give_verdict(
            runtime,
            operator,
            VerdictInput(outcome=Outcome.REJECT, reason=RejectReason.TOXIC),
            SeenComment(comment_id="c-1"),
        )
    with runtime.database.reading() as connection:
        assert len(list_verdicts(connection, site="gazette", comment_id="c-1")) == 1


def test_a_verdict_on_an_earlier_revision_is_refused(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    cms.put("/v1/comments/c-1", {"text": INSULT + " Again."})
    answer = cms.post("/v1/comments/c-1/verdict", {"outcome": "approve", "revision": 1})
    assert (answer.status_code, answer.json()["field"]) == (409, "revision")


def test_of_two_people_who_saw_the_same_page_the_first_decides(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/comments", a_comment(INSULT))
    cms.post("/v1/comments/c-1/verdict", {"outcome": "reject", "reason": "toxic", "expected_verdict": 0})
    late = cms.post("/v1/comments/c-1/verdict", {"outcome": "approve", "expected_verdict": 0})
    assert (late.status_code, late.json()["field"]) == (409, "expected_verdict")
    assert cms.get("/v1/comments/c-1").json()["state"] == "rejected"


def test_a_verdict_records_how_its_comment_was_selected_for_review(runtime: Runtime) -> None:
    operator, approve = hold(runtime), VerdictInput(outcome=Outcome.APPROVE)
    submit(runtime, operator, Submission(id="c-2", article_id="tram", text="A calm word about the tram and its stops."))
    held = give_verdict(runtime, operator, approve, SeenComment(comment_id="c-1")).verdict
    approved = give_verdict(runtime, operator, approve, SeenComment(comment_id="c-2")).verdict
    assert (held.queue_kinds, held.sampling_probability) == (["held"], 1.0)
    assert (approved.queue_kinds, approved.sampling_probability) == ([], 0.01)


def test_a_verdict_needs_the_right_to_moderate(client: TestClient) -> None:
    sender = a_cms(client, rights=["comments"])
    sender.post("/v1/comments", a_comment(INSULT))
    answer = sender.post("/v1/comments/c-1/verdict", {"outcome": "approve"})
    assert (answer.status_code, "moderate" in answer.json()["detail"]) == (403, True)

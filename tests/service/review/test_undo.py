"""Deciding on the desk: claims keep two people apart, a stroke can be taken back until the webhook leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.errors import AlreadyDecided, ClaimedElsewhere, NotAllowed, NotFound, TooLateToUndo
from service.domain.policy.policy import Mode, Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Role
from service.moderation.access import users
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.comments import details as comments
from service.moderation.intake.submit import Submission, revise, submit
from service.moderation.review import actions, claims, escalations, queue, reports_and_appeals
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.privacy import erasure
from service.store.review.actions import find_action, list_items
from service.store.review.escalations import Topic
from service.store.review.queue import Kind
from service.store.webhooks import deliveries, endpoints
from tests.conftest import Clock
from tests.support.builders import PRAISE, a_site

APPROVE = VerdictInput(outcome=Outcome.APPROVE, source="desk")
REJECT = VerdictInput(outcome=Outcome.REJECT, reason=RejectReason.TOXIC, source="desk")


def a_user(runtime: Runtime, name: str, role: Role = Role.MODERATOR) -> Caller:
    operator = a_site(runtime)
    user = users.add_user(runtime, operator, email=f"{name}@news.example", name=name.title(), role=role)
    return Caller(site="gazette", name=f"user:{user.id}", rights=RIGHTS_OF_ROLE[role], user_id=user.id)


@pytest.fixture
def ana(runtime: Runtime) -> Caller:
    return a_user(runtime, "ana")


@pytest.fixture
def bo(runtime: Runtime) -> Caller:
    return a_user(runtime, "bo")


def hold(runtime: Runtime, *ids: str) -> None:
    operator = a_site(runtime)
    register_article(runtime, operator, article_id="tram", article=ArticleInput(title="Tram", mode=Mode.PRE_MODERATED))
    for number, comment_id in enumerate(ids):
        submit(runtime, operator, Submission(id=comment_id, article_id="tram", text=f"{PRAISE} {number}"))


def an_endpoint(runtime: Runtime) -> None:
    a_site(runtime)
    with runtime.database.writing() as connection:
        endpoints.add_endpoint(
            connection, site="gazette", url="http://127.0.0.1:9/", secret="whsec_x", event_types=[], now=runtime.clock()
        )


def see(comment_id: str, expected_verdict: int = 0) -> SeenComment:
    return SeenComment(comment_id=comment_id, revision=1, expected_verdict=expected_verdict)


def file(runtime: Runtime, comment_id: str) -> comments.CommentDetails:
    return comments.read_comment(runtime, a_site(runtime), comment_id=comment_id)


def waiting(runtime: Runtime, caller: Caller) -> list[str]:
    return sorted(entry.comment_id for entry in queue.read_queue(runtime, caller).entries)


def test_a_claimed_comment_is_nobody_else_s_next(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1", "c-2")
    first = queue.find_next(runtime, ana)
    assert first
    assert claims.claim_comment(runtime, ana, comment_id=first.comment_id) is None
    second = queue.find_next(runtime, bo)
    assert second
    assert {first.comment_id, second.comment_id} == {"c-1", "c-2"}


def test_a_claimed_comment_is_not_decided_by_another(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    with pytest.raises(ClaimedElsewhere, match="Ana"):
        actions.decide(runtime, bo, APPROVE, see("c-1"))
    assert not file(runtime, "c-1").verdicts


def test_a_claim_runs_out_when_nobody_does_anything(runtime: Runtime, ana: Caller, bo: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    assert claims.claim_comment(runtime, bo, comment_id="c-1").user_name == "Ana"  # type: ignore[union-attr]  # is hers
    clock.advance(seconds=runtime.settings.claim_seconds)
    assert claims.claim_comment(runtime, bo, comment_id="c-1") is None
    assert queue.find_next(runtime, ana) is None


def test_a_late_word_of_leaving_does_not_end_what_was_opened_again(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    left_at = clock()
    claims.claim_comment(runtime, ana, comment_id="c-1")
    clock.advance(seconds=1)
    claims.claim_comment(runtime, ana, comment_id="c-1")
    claims.release_claim(runtime, ana, comment_ids=["c-1"], seen=left_at)
    assert "c-1" in claims.list_claims(runtime, ana, comment_ids=["c-1"])
    claims.release_claim(runtime, ana, comment_ids=["c-1"], seen=clock())
    assert claims.list_claims(runtime, ana, comment_ids=["c-1"]) == {}


def test_a_claim_can_be_given_up_and_taken_over(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    claims.release_claim(runtime, bo, comment_ids=["c-1"])
    assert claims.claim_comment(runtime, bo, comment_id="c-1") is not None
    assert claims.claim_comment(runtime, bo, comment_id="c-1", by_force=True) is None
    claims.release_claim(runtime, bo, comment_ids=["c-1"])
    assert claims.list_claims(runtime, ana, comment_ids=["c-1"]) == {}


def test_a_late_decision_is_no_second_one(runtime: Runtime, ana: Caller, bo: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    clock.advance(minutes=5)
    actions.decide(runtime, bo, REJECT, see("c-1"))
    with pytest.raises(AlreadyDecided):
        actions.decide(runtime, ana, APPROVE, see("c-1"))
    assert [verdict.by for verdict in file(runtime, "c-1").verdicts] == [bo.name]


def test_a_decision_sent_twice_is_one(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    for _ in range(2):
        assert actions.decide(runtime, ana, APPROVE, see("c-1")).decided == 1
    assert len(file(runtime, "c-1").verdicts) == 1


def test_a_decision_sent_twice_is_undone_by_either_answer(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1", "c-2")
    choices = [see("c-1"), see("c-2")]
    first, again = (actions.decide_many(runtime, ana, REJECT, choices) for _ in range(2))
    assert (again.action_id, again.undoable_until) == (first.action_id, first.undoable_until)
    assert actions.undo(runtime, ana, action_id=again.action_id) == ["c-1", "c-2"]
    assert file(runtime, "c-1").verdicts == ()
    assert waiting(runtime, ana) == ["c-1", "c-2"]


def test_a_stroke_that_decided_nothing_is_none(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    actions.decide(runtime, bo, APPROVE, see("c-1"))
    result = actions.decide_many(runtime, ana, REJECT, [see("c-1")])
    assert (result.action_id, result.decided) == (0, 0)
    with pytest.raises(NotFound):
        actions.undo(runtime, ana, action_id=result.action_id)


def test_undoing_puts_everything_back(runtime: Runtime, ana: Caller) -> None:
    an_endpoint(runtime)
    hold(runtime, "c-1")
    reports_and_appeals.appeal_decision(runtime, a_site(runtime), comment_id="c-1", statement="Please look.")
    before = queue.read_queue(runtime, ana, kind=Kind.HELD).entries
    result = actions.decide(runtime, ana, REJECT, see("c-1"))
    assert waiting(runtime, ana) == []
    assert actions.undo(runtime, ana, action_id=result.action_id) == ["c-1"]
    after = file(runtime, "c-1")
    assert (after.comment.state, after.verdicts, after.appeals[0].decided_at) == ("held", (), None)
    assert [replace(entry, id=0) for entry in queue.read_queue(runtime, ana, kind=Kind.HELD).entries] == [
        replace(entry, id=0) for entry in before
    ]
    assert queue.read_counts(runtime, ana).kinds == {Kind.HELD: 1, Kind.REPORTED: 0, Kind.AUDIT: 0, Kind.APPEAL: 1}


def test_the_webhook_waits_for_the_undo_and_goes_with_it(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    an_endpoint(runtime)
    hold(runtime, "c-1", "c-2")
    clock.advance(seconds=1)
    result = actions.decide(runtime, ana, REJECT, see("c-1"))
    give_verdict(runtime, ana, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-2"))
    with runtime.database.reading() as connection:
        due = len(deliveries.find_due(connection, now=clock(), limit=99))
        later = len(deliveries.find_due(connection, now=result.undoable_until, limit=99))
    assert later - due == 1, "the page's verdict waits, the API's does not"
    actions.undo(runtime, ana, action_id=result.action_id)
    with runtime.database.reading() as connection:
        assert len(deliveries.find_due(connection, now=result.undoable_until, limit=99)) == due


def test_undoing_twice_is_undoing(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    result = actions.decide(runtime, ana, APPROVE, see("c-1"))
    assert actions.undo(runtime, ana, action_id=result.action_id) == actions.undo(
        runtime, ana, action_id=result.action_id
    )
    assert actions.decide(runtime, ana, REJECT, see("c-1")).decided == 1


def test_it_gets_too_late_to_undo(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    result = actions.decide(runtime, ana, APPROVE, see("c-1"))
    clock.advance(seconds=runtime.settings.undo_seconds)
    with pytest.raises(TooLateToUndo):
        actions.undo(runtime, ana, action_id=result.action_id)
    assert file(runtime, "c-1").comment.state == "approved"


def test_a_webhook_that_is_on_its_way_is_not_taken_back(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    an_endpoint(runtime)
    hold(runtime, "c-1")
    clock.advance(seconds=1)
    result = actions.decide(runtime, ana, APPROVE, see("c-1"))
    with runtime.database.writing() as connection:
        (number,) = set(deliveries.find_due(connection, now=result.undoable_until, limit=99)) - set(
            deliveries.find_due(connection, now=clock(), limit=99)
        )
        # Another machine's clock is a little ahead.
        deliveries.take_delivery(
            connection,
            delivery_id=number,
            now=result.undoable_until,
            leased_until=result.undoable_until + timedelta(minutes=1),
        )
    with pytest.raises(TooLateToUndo):
        actions.undo(runtime, ana, action_id=result.action_id)
    assert len(file(runtime, "c-1").verdicts) == 1


def test_only_one_s_own_stroke_can_be_undone(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    result = actions.decide(runtime, ana, APPROVE, see("c-1"))
    with pytest.raises(NotFound):
        actions.undo(runtime, bo, action_id=result.action_id)


def test_many_are_decided_and_undone_at_once(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, *(f"c-{number}" for number in range(60)))
    claims.claim_comment(runtime, bo, comment_id="c-7")
    give_verdict(runtime, bo, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-8"))
    result = actions.decide_many(runtime, ana, REJECT, [see(f"c-{number}") for number in range(60)])
    assert result.decided == 58
    assert {type(error) for error in result.refused.values()} == {ClaimedElsewhere, AlreadyDecided}
    assert len(actions.undo(runtime, ana, action_id=result.action_id)) == 58
    assert len(waiting(runtime, ana)) == 50
    assert queue.read_counts(runtime, ana).comments == 59


def test_what_is_escalated_is_out_of_the_way_of_others(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1", "c-2")
    escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.THREAT, note="He names her street.")
    assert waiting(runtime, ana) == ["c-2"]
    counts = queue.read_counts(runtime, ana)
    assert (counts.comments, counts.escalated, counts.kinds[Kind.HELD]) == (1, 1, 1)
    with pytest.raises(AlreadyDecided):
        escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.OTHER)


def test_an_escalation_can_be_undone_handed_back_or_decided(runtime: Runtime, ana: Caller) -> None:
    eve = a_user(runtime, "eve", Role.EDITOR)
    hold(runtime, "c-1", "c-2", "c-3")
    actions.undo(runtime, ana, action_id=escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.LEGAL))
    escalations.escalate(runtime, ana, comment_id="c-2", topic=Topic.LEGAL)
    with pytest.raises(NotAllowed):
        escalations.return_to_queue(runtime, ana, comment_id="c-2")
    escalations.return_to_queue(runtime, eve, comment_id="c-2")
    assert waiting(runtime, ana) == ["c-1", "c-2", "c-3"]
    escalations.escalate(runtime, ana, comment_id="c-3", topic=Topic.SELF_HARM)
    result = actions.decide(runtime, eve, APPROVE, see("c-3"))
    actions.undo(runtime, eve, action_id=result.action_id)
    assert queue.read_counts(runtime, ana).escalated == 1


def test_an_escalation_is_not_undone_once_somebody_has_decided(runtime: Runtime, ana: Caller) -> None:
    eve = a_user(runtime, "eve", Role.EDITOR)
    hold(runtime, "c-1")
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.LEGAL)
    actions.decide(runtime, eve, APPROVE, see("c-1"))
    with pytest.raises(TooLateToUndo):
        actions.undo(runtime, ana, action_id=action_id)
    assert file(runtime, "c-1").comment.state == "approved"
    assert waiting(runtime, eve) == []


def test_an_escalation_is_not_undone_once_the_comment_was_revised(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.LEGAL)
    revise(runtime, a_site(runtime), comment_id="c-1", text=f"{PRAISE} And it is quiet.")
    with pytest.raises(TooLateToUndo):
        actions.undo(runtime, ana, action_id=action_id)


def test_a_comment_that_stood_waits_once_it_is_escalated(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    give_verdict(runtime, ana, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-1"))
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.OTHER)
    assert queue.read_counts(runtime, ana).escalated == 1
    actions.undo(runtime, ana, action_id=action_id)
    assert queue.read_counts(runtime, ana).escalated == 0


def test_erasing_reaches_what_the_desk_remembers(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.OTHER, note="Writes like Kim.")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    with runtime.database.writing() as connection:
        erasure.erase_texts(connection, site="gazette", comment_id="c-1", now=clock())
        assert list_items(connection, action_id=action_id) == []
        assert find_action(connection, site="gazette", action_id=action_id)
    assert claims.list_claims(runtime, ana, comment_ids=["c-1"]) == {}


def test_the_steps_to_take_are_the_site_s_own_words(runtime: Runtime, ana: Caller) -> None:
    eve = a_user(runtime, "eve", Role.EDITOR)
    with pytest.raises(NotAllowed):
        escalations.save_procedure(runtime, ana, topic=Topic.THREAT, text="Call the desk.")
    escalations.save_procedure(runtime, eve, topic=Topic.THREAT, text="Call the night desk, then the police.")
    assert escalations.read_procedures(runtime, ana)[Topic.THREAT].text == "Call the night desk, then the police."
    escalations.save_procedure(runtime, eve, topic=Topic.THREAT, text=" ")
    assert escalations.read_procedures(runtime, ana) == {}

"""Escalations to the editors, and the procedures that a site has written."""

import pytest

from service.domain.errors import AlreadyDecided, NotAllowed, TooLateToUndo
from service.domain.policy.site_policy import Outcome
from service.domain.rights import Caller
from service.moderation.intake.submit import revise
from service.moderation.review import claims, escalations, queue, undoable_actions
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.privacy import text_removal
from service.store.review.escalations import Topic
from service.store.review.queue import Kind
from service.store.review.undoable_actions import find_action, list_items
from tests.conftest import Clock
from tests.support.builders import PRAISE, a_site
from tests.support.review import APPROVE, details_of, hold, see, waiting_ids


def test_an_escalated_comment_is_not_shown_to_moderators(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1", "c-2")
    escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.THREAT, note="He names her street.")
    assert waiting_ids(runtime, ana) == ["c-2"]
    counts = queue.read_counts(runtime, ana)
    assert (counts.comments, counts.escalated, counts.kinds[Kind.HELD]) == (1, 1, 1)
    with pytest.raises(AlreadyDecided):
        escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.OTHER)


def test_an_escalation_can_be_undone_returned_or_decided(runtime: Runtime, ana: Caller, eve: Caller) -> None:
    hold(runtime, "c-1", "c-2", "c-3")
    undoable_actions.undo(
        runtime, ana, action_id=escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.LEGAL)
    )
    escalations.escalate(runtime, ana, comment_id="c-2", topic=Topic.LEGAL)
    with pytest.raises(NotAllowed):
        escalations.return_to_queue(runtime, ana, comment_id="c-2")
    escalations.return_to_queue(runtime, eve, comment_id="c-2")
    assert waiting_ids(runtime, ana) == ["c-1", "c-2", "c-3"]
    escalations.escalate(runtime, ana, comment_id="c-3", topic=Topic.SELF_HARM)
    result = undoable_actions.decide(runtime, eve, APPROVE, see("c-3"))
    undoable_actions.undo(runtime, eve, action_id=result.action_id)
    assert queue.read_counts(runtime, ana).escalated == 1


def test_undo_of_an_escalation_is_refused_after_a_verdict(runtime: Runtime, ana: Caller, eve: Caller) -> None:
    hold(runtime, "c-1")
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.LEGAL)
    undoable_actions.decide(runtime, eve, APPROVE, see("c-1"))
    with pytest.raises(TooLateToUndo):
        undoable_actions.undo(runtime, ana, action_id=action_id)
    assert details_of(runtime, "c-1").comment.state == "approved"
    assert waiting_ids(runtime, eve) == []


def test_undo_of_an_escalation_is_refused_after_a_revision(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.LEGAL)
    revise(runtime, a_site(runtime), comment_id="c-1", text=f"{PRAISE} And it is quiet.")
    with pytest.raises(TooLateToUndo):
        undoable_actions.undo(runtime, ana, action_id=action_id)


def test_an_approved_comment_enters_the_queue_when_escalated(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    give_verdict(runtime, ana, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-1"))
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.OTHER)
    assert queue.read_counts(runtime, ana).escalated == 1
    undoable_actions.undo(runtime, ana, action_id=action_id)
    assert queue.read_counts(runtime, ana).escalated == 0


def test_erasure_deletes_claims_and_undo_snapshots(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    action_id = escalations.escalate(runtime, ana, comment_id="c-1", topic=Topic.OTHER, note="Writes like Kim.")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    with runtime.database.writing() as connection:
        text_removal.erase_texts(connection, site="gazette", comment_id="c-1", now=clock())
        assert list_items(connection, action_id=action_id) == []
        assert find_action(connection, site="gazette", action_id=action_id)
    assert claims.list_claims(runtime, ana, comment_ids=["c-1"]) == {}


def test_procedures_are_saved_by_editors(runtime: Runtime, ana: Caller, eve: Caller) -> None:
    with pytest.raises(NotAllowed):
        escalations.save_procedure(runtime, ana, topic=Topic.THREAT, text="Call the desk.")
    escalations.save_procedure(runtime, eve, topic=Topic.THREAT, text="Call the night desk, then the police.")
    assert escalations.read_procedures(runtime, ana)[Topic.THREAT].text == "Call the night desk, then the police."
    escalations.save_procedure(runtime, eve, topic=Topic.THREAT, text=" ")
    assert escalations.read_procedures(runtime, ana) == {}

"""Actions: deciding one comment or many, and undoing that until the webhook leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.errors import AlreadyDecided, ClaimedElsewhere, NotFound, TooLateToUndo
from service.domain.policy.site_policy import Outcome
from service.domain.rights import Caller
from service.moderation.review import claims, queue, reports_and_appeals, undoable_actions
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.review.queue import Kind
from service.store.webhooks import deliveries, endpoints
from tests.conftest import Clock
from tests.support.builders import a_site
from tests.support.review import APPROVE, REJECT, details_of, hold, see, waiting_ids


def an_endpoint(runtime: Runtime) -> None:
    a_site(runtime)
    with runtime.database.writing() as connection:
        endpoints.add_endpoint(
            connection, site="gazette", url="http://127.0.0.1:9/", secret="whsec_x", event_types=[], now=runtime.clock()
        )


def test_a_late_decision_is_refused(runtime: Runtime, ana: Caller, bo: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    clock.advance(minutes=5)
    undoable_actions.decide(runtime, bo, REJECT, see("c-1"))
    with pytest.raises(AlreadyDecided):
        undoable_actions.decide(runtime, ana, APPROVE, see("c-1"))
    assert [verdict.by for verdict in details_of(runtime, "c-1").verdicts] == [bo.name]


def test_a_repeated_decision_is_stored_once(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    for _ in range(2):
        assert undoable_actions.decide(runtime, ana, APPROVE, see("c-1")).decided == 1
    assert len(details_of(runtime, "c-1").verdicts) == 1


def test_a_repeated_decision_has_the_action_of_the_first(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1", "c-2")
    choices = [see("c-1"), see("c-2")]
    first, again = (undoable_actions.decide_many(runtime, ana, REJECT, choices) for _ in range(2))
    assert (again.action_id, again.undoable_until) == (first.action_id, first.undoable_until)
    assert undoable_actions.undo(runtime, ana, action_id=again.action_id) == ["c-1", "c-2"]
    assert details_of(runtime, "c-1").verdicts == ()
    assert waiting_ids(runtime, ana) == ["c-1", "c-2"]


def test_an_action_that_decides_nothing_is_not_stored(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    undoable_actions.decide(runtime, bo, APPROVE, see("c-1"))
    result = undoable_actions.decide_many(runtime, ana, REJECT, [see("c-1")])
    assert (result.action_id, result.decided) == (0, 0)
    with pytest.raises(NotFound):
        undoable_actions.undo(runtime, ana, action_id=result.action_id)


def test_undo_restores_state_queue_and_appeals(runtime: Runtime, ana: Caller) -> None:
    an_endpoint(runtime)
    hold(runtime, "c-1")
    reports_and_appeals.appeal_decision(runtime, a_site(runtime), comment_id="c-1", statement="Please look.")
    before = queue.read_queue(runtime, ana, kind=Kind.HELD).entries
    result = undoable_actions.decide(runtime, ana, REJECT, see("c-1"))
    assert waiting_ids(runtime, ana) == []
    assert undoable_actions.undo(runtime, ana, action_id=result.action_id) == ["c-1"]
    after = details_of(runtime, "c-1")
    assert (after.comment.state, after.verdicts, after.appeals[0].decided_at) == ("held", (), None)
    assert [replace(entry, id=0) for entry in queue.read_queue(runtime, ana, kind=Kind.HELD).entries] == [
        replace(entry, id=0) for entry in before
    ]
    assert queue.read_counts(runtime, ana).kinds == {Kind.HELD: 1, Kind.REPORTED: 0, Kind.AUDIT: 0, Kind.APPEAL: 1}


def test_the_webhook_waits_until_undo_is_over(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    an_endpoint(runtime)
    hold(runtime, "c-1", "c-2")
    clock.advance(seconds=1)
    result = undoable_actions.decide(runtime, ana, REJECT, see("c-1"))
    give_verdict(runtime, ana, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-2"))
    with runtime.database.reading() as connection:
        due = len(deliveries.find_due(connection, now=clock(), limit=99))
        later = len(deliveries.find_due(connection, now=result.undoable_until, limit=99))
    assert later - due == 1, "the page's verdict waits, the API's does not"
    undoable_actions.undo(runtime, ana, action_id=result.action_id)
    with runtime.database.reading() as connection:
        assert len(deliveries.find_due(connection, now=result.undoable_until, limit=99)) == due


def test_undoing_again_has_the_same_result(runtime: Runtime, ana: Caller) -> None:
    hold(runtime, "c-1")
    result = undoable_actions.decide(runtime, ana, APPROVE, see("c-1"))
    assert undoable_actions.undo(runtime, ana, action_id=result.action_id) == undoable_actions.undo(
        runtime, ana, action_id=result.action_id
    )
    assert undoable_actions.decide(runtime, ana, REJECT, see("c-1")).decided == 1


def test_undo_is_refused_after_its_time(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    result = undoable_actions.decide(runtime, ana, APPROVE, see("c-1"))
    clock.advance(seconds=runtime.settings.undo_seconds)
    with pytest.raises(TooLateToUndo):
        undoable_actions.undo(runtime, ana, action_id=result.action_id)
    assert details_of(runtime, "c-1").comment.state == "approved"


def test_undo_is_refused_once_the_webhook_is_being_sent(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    an_endpoint(runtime)
    hold(runtime, "c-1")
    clock.advance(seconds=1)
    result = undoable_actions.decide(runtime, ana, APPROVE, see("c-1"))
    with runtime.database.writing() as connection:
        (number,) = set(deliveries.find_due(connection, now=result.undoable_until, limit=99)) - set(
            deliveries.find_due(connection, now=clock(), limit=99)
        )
        # Another machine's clock is a little ahead.
        deliveries.lease_delivery(
            connection,
            delivery_id=number,
            now=result.undoable_until,
            leased_until=result.undoable_until + timedelta(minutes=1),
        )
    with pytest.raises(TooLateToUndo):
        undoable_actions.undo(runtime, ana, action_id=result.action_id)
    assert len(details_of(runtime, "c-1").verdicts) == 1


def test_only_ones_own_action_can_be_undone(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    result = undoable_actions.decide(runtime, ana, APPROVE, see("c-1"))
    with pytest.raises(NotFound):
        undoable_actions.undo(runtime, bo, action_id=result.action_id)


def test_many_comments_are_decided_and_undone_at_once(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, *(f"c-{number}" for number in range(60)))
    claims.claim_comment(runtime, bo, comment_id="c-7")
    give_verdict(runtime, bo, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-8"))
    result = undoable_actions.decide_many(runtime, ana, REJECT, [see(f"c-{number}") for number in range(60)])
    assert result.decided == 58
    assert {type(error) for error in result.refused.values()} == {ClaimedElsewhere, AlreadyDecided}
    assert len(undoable_actions.undo(runtime, ana, action_id=result.action_id)) == 58
    assert len(waiting_ids(runtime, ana)) == 50
    assert queue.read_counts(runtime, ana).comments == 59

"""Row ids are never used twice: pages, workers and other rows may still refer to a deleted row."""

import pytest

from service.domain.errors import AlreadyDecided, NotFound
from service.domain.policy.site_policy import Outcome
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Role
from service.moderation.review import undoable_actions
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.review import escalations
from service.store.review.escalations import Escalation, Topic
from service.store.webhooks import deliveries, endpoints
from tests.conftest import Clock
from tests.support.builders import a_site
from tests.support.review import REJECT, details_of, hold


def a_moderator(name: str) -> Caller:
    return Caller(site="gazette", name=f"user:{name}", rights=RIGHTS_OF_ROLE[Role.MODERATOR], user_id=name)


ANA, BO = a_moderator("ana"), a_moderator("bo")


def newest_verdict(runtime: Runtime, comment_id: str) -> int:
    return details_of(runtime, comment_id).verdicts[-1].id


def add_delivery(runtime: Runtime) -> tuple[str, int]:
    """Add an endpoint and a delivery to it, and return their ids."""
    now = runtime.clock()
    with runtime.database.writing() as connection:
        endpoint = endpoints.add_endpoint(
            connection, site="gazette", url="https://a.example", secret="s", event_types=[], now=now
        )
        [number] = deliveries.add_event(
            connection, site="gazette", type="comment.decided", comment_id="c-1", data={}, now=now, due_at=now
        )
    return endpoint.id, number


def test_the_id_of_a_deleted_delivery_is_not_reused(runtime: Runtime) -> None:
    a_site(runtime)
    endpoint_id, gone = add_delivery(runtime)
    with runtime.database.writing() as connection:
        endpoints.delete_endpoint(connection, site="gazette", endpoint_id=endpoint_id)
    assert add_delivery(runtime)[1] > gone


def test_a_page_with_an_undone_verdict_is_stale(runtime: Runtime) -> None:
    hold(runtime, "c-1")
    result = undoable_actions.decide(runtime, ANA, REJECT, SeenComment(comment_id="c-1", revision=1))
    shown = newest_verdict(runtime, "c-1")
    undoable_actions.undo(runtime, ANA, action_id=result.action_id)
    undoable_actions.decide(runtime, BO, REJECT, SeenComment(comment_id="c-1", revision=1))
    with pytest.raises(AlreadyDecided):
        give_verdict(
            runtime, ANA, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-1", expected_verdict=shown)
        )


def test_an_old_action_does_not_undo_a_newer_one(runtime: Runtime, clock: Clock) -> None:
    hold(runtime, "c-1", "c-2")
    old = undoable_actions.decide(runtime, ANA, REJECT, SeenComment(comment_id="c-1", revision=1))
    clock.advance(days=3)
    undoable_actions.decide(runtime, ANA, REJECT, SeenComment(comment_id="c-2", revision=1))
    with pytest.raises(NotFound):
        undoable_actions.undo(runtime, ANA, action_id=old.action_id)
    assert newest_verdict(runtime, "c-2")


def test_the_id_of_an_undone_escalation_is_not_reused(runtime: Runtime) -> None:
    hold(runtime, "c-1")
    escalation = Escalation(comment_id="c-1", topic=Topic.OTHER, note="", by="user:ana", at=runtime.clock())
    with runtime.database.writing() as connection:
        first = escalations.add_escalation(connection, site="gazette", escalation=escalation)
        escalations.delete_escalation(connection, escalation_id=first)
        assert escalations.add_escalation(connection, site="gazette", escalation=escalation) > first

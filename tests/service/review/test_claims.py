"""Claims keep two moderators from reviewing the same comment."""

import pytest

from service.domain.errors import ClaimedElsewhere
from service.domain.rights import Caller
from service.moderation.review import claims, queue, undoable_actions
from service.moderation.runtime import Runtime
from tests.conftest import Clock
from tests.support.review import APPROVE, details_of, hold, see


def test_a_claimed_comment_is_not_next_for_others(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1", "c-2")
    first = queue.find_next(runtime, ana)
    assert first
    assert claims.claim_comment(runtime, ana, comment_id=first.comment_id) is None
    second = queue.find_next(runtime, bo)
    assert second
    assert {first.comment_id, second.comment_id} == {"c-1", "c-2"}


def test_a_claimed_comment_cannot_be_decided_by_others(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    with pytest.raises(ClaimedElsewhere, match="Ana"):
        undoable_actions.decide(runtime, bo, APPROVE, see("c-1"))
    assert not details_of(runtime, "c-1").verdicts


def test_a_claim_expires(runtime: Runtime, ana: Caller, bo: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    assert claims.claim_comment(runtime, bo, comment_id="c-1").user_name == "Ana"  # type: ignore[union-attr]  # is hers
    clock.advance(seconds=runtime.settings.claim_seconds)
    assert claims.claim_comment(runtime, bo, comment_id="c-1") is None
    assert queue.find_next(runtime, ana) is None


def test_a_late_release_does_not_end_a_newer_claim(runtime: Runtime, ana: Caller, clock: Clock) -> None:
    hold(runtime, "c-1")
    left_at = clock()
    claims.claim_comment(runtime, ana, comment_id="c-1")
    clock.advance(seconds=1)
    claims.claim_comment(runtime, ana, comment_id="c-1")
    claims.release_claim(runtime, ana, comment_ids=["c-1"], seen=left_at)
    assert "c-1" in claims.list_claims(runtime, ana, comment_ids=["c-1"])
    claims.release_claim(runtime, ana, comment_ids=["c-1"], seen=clock())
    assert claims.list_claims(runtime, ana, comment_ids=["c-1"]) == {}


def test_a_claim_can_be_released_and_taken_over(runtime: Runtime, ana: Caller, bo: Caller) -> None:
    hold(runtime, "c-1")
    claims.claim_comment(runtime, ana, comment_id="c-1")
    claims.release_claim(runtime, bo, comment_ids=["c-1"])
    assert claims.claim_comment(runtime, bo, comment_id="c-1") is not None
    assert claims.claim_comment(runtime, bo, comment_id="c-1", by_force=True) is None
    claims.release_claim(runtime, bo, comment_ids=["c-1"])
    assert claims.list_claims(runtime, ana, comment_ids=["c-1"]) == {}

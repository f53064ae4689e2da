"""Second reviews: a drawn share of people's decisions is read again by somebody else, who does not know the first word.

They measure how far two people agree. A second word changes no comment, tells no CMS and teaches no model.
"""

import hashlib
import hmac
from datetime import timedelta

from service.domain.errors import AlreadyDecided, BodyInvalid, NotAllowed
from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.review import second_reviews as store
from service.store.review.second_reviews import SecondReview

DRAWS_FROM = timedelta(hours=1)
STAYS_OPEN = timedelta(days=14)


def draw_second_reviews(runtime: Runtime) -> int:
    """Draws from the last hour's verdicts that can no longer be taken back; says how many. For the worker's sweep.

    Drawing is by a keyed hash of the verdict: looking again draws the same, and nobody can tell which will be drawn.
    """
    share = runtime.settings.second_review_share
    if not share:
        return 0
    now = runtime.clock()
    until = now - timedelta(seconds=runtime.settings.undo_seconds)
    with runtime.database.reading() as connection:
        found = store.list_candidates(connection, since=now - DRAWS_FROM, until=until)
        drawn = [candidate for candidate in found if _draw(runtime, candidate.verdict_id) < share]
        known = store.list_known(connection, verdict_ids=[candidate.verdict_id for candidate in drawn])
    new = [candidate for candidate in drawn if candidate.verdict_id not in known]
    if not new:
        return 0
    with runtime.database.writing() as connection:
        return sum(store.ask(connection, candidate, probability=share, now=now) for candidate in new)


def find_second_review(runtime: Runtime, caller: Caller, *, after: int = 0) -> tuple[SecondReview | None, int]:
    """The next one for this person behind number `after`, and how many wait for them in all."""
    _require_user(caller)
    since = runtime.clock() - STAYS_OPEN
    with runtime.database.reading() as connection:
        review = store.find_next(connection, site=caller.site, user=caller.name, since=since, after=after)
        return review, store.count_open(connection, site=caller.site, user=caller.name, since=since)


def give_second_review(
    runtime: Runtime, caller: Caller, *, number: int, outcome: Outcome, reason: RejectReason | None = None
) -> None:
    """Writes the second word down. Raises BodyInvalid, and AlreadyDecided where it is not this person's to give."""
    _require_user(caller)
    if outcome is Outcome.HOLD:
        raise BodyInvalid("A verdict is 'approve' or 'reject'.", field="outcome")
    if outcome is Outcome.REJECT and reason is None:
        raise BodyInvalid("A rejection has a reason.", field="reason")
    now = runtime.clock()
    kept = str(reason) if reason and outcome is Outcome.REJECT else None
    with runtime.database.writing() as connection:
        if not store.decide(
            connection, site=caller.site, number=number, outcome=str(outcome), reason=kept, by=caller.name, now=now
        ):
            raise AlreadyDecided("This second review is not open for you.", field="number")
        audit_log.record(
            connection, site=caller.site, actor=caller.name, action="comment.second_review", subject=str(number),
            details={"outcome": str(outcome), "reason": kept}, now=now,
        )  # fmt: skip


def _require_user(caller: Caller) -> None:
    caller.require(Right.MODERATE)
    if caller.user_id is None:
        raise NotAllowed("Only a person can be a second one.")


def _draw(runtime: Runtime, verdict_id: int) -> float:
    digest = hmac.new(runtime.secret_key, f"second\x00{verdict_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) / 2**64

"""Second reviews: a sample of verdicts is reviewed again by another person, who does not see the first verdict.

They measure agreement. A second review changes no comment, sends no webhook and is no training data.
"""

from datetime import timedelta

from service.domain.errors import AlreadyDecided, NotAllowed
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.sampling import sampling_draw
from service.moderation.review.verdicts import check_outcome
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.review import second_reviews as store
from service.store.review.second_reviews import SecondReview

SAMPLE_WINDOW = timedelta(hours=1)
MAX_AGE = timedelta(days=14)


def sample_second_reviews(runtime: Runtime) -> int:
    """Sample the verdicts of the last SAMPLE_WINDOW that can no longer be undone. Return how many are new.

    The draw depends on the verdict alone, so that sampling the same verdicts again gives the same result.
    """
    share = runtime.settings.second_review_share
    if not share:
        return 0
    now = runtime.clock()
    until = now - timedelta(seconds=runtime.settings.undo_seconds)
    with runtime.database.reading() as connection:
        candidates = store.list_candidates(connection, since=now - SAMPLE_WINDOW, until=until)
        sample = [c for c in candidates if sampling_draw(runtime.secret_key, "second", c.verdict_id) < share]
        known = store.list_requested(connection, verdict_ids=[candidate.verdict_id for candidate in sample])
    new = [candidate for candidate in sample if candidate.verdict_id not in known]
    if not new:
        return 0
    with runtime.database.writing() as connection:
        return sum(store.request(connection, candidate, probability=share, now=now) for candidate in new)


def find_second_review(runtime: Runtime, caller: Caller, *, after: int = 0) -> tuple[SecondReview | None, int]:
    """Return the next open review for this user with an id above `after`, and the number of all open ones."""
    _require_user(caller)
    since = runtime.clock() - MAX_AGE
    with runtime.database.reading() as connection:
        review = store.find_next(connection, site=caller.site, user=caller.name, since=since, after=after)
        return review, store.count_open(connection, site=caller.site, user=caller.name, since=since)


def give_second_review(
    runtime: Runtime, caller: Caller, *, number: int, outcome: Outcome, reason: RejectReason | None = None
) -> None:
    """Store a second review. Raises BodyInvalid, and AlreadyDecided if it is not open for this user."""
    _require_user(caller)
    check_outcome(outcome, reason)
    now = runtime.clock()
    stored_reason = str(reason) if reason and outcome is Outcome.REJECT else None
    with runtime.database.writing() as connection:
        is_stored = store.decide(
            connection,
            site=caller.site,
            number=number,
            outcome=str(outcome),
            reason=stored_reason,
            by=caller.name,
            now=now,
        )
        if not is_stored:
            raise AlreadyDecided("This second review is not open for you.", field="number")
        audit_details = {"outcome": str(outcome), "reason": stored_reason}
        audit_log.record(connection, caller, "comment.second_review", subject=str(number), now=now, **audit_details)


def _require_user(caller: Caller) -> None:
    caller.require(Right.MODERATE)
    if caller.user_id is None:
        raise NotAllowed("Only a signed-in user can give a second review.")

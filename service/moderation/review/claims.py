"""Claims: a comment that somebody looks at is kept for that person, until the person moves on or falls idle."""

from collections.abc import Collection
from datetime import datetime, timedelta

from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import State
from service.store.review import claims as store
from service.store.review.claims import Claim

_A_DAY = timedelta(days=1)


def claim_comment(runtime: Runtime, caller: Caller, *, comment_id: str, by_force: bool = False) -> Claim | None:
    """Claims a comment for this person, or for longer; the colleague's claim where somebody else has it.

    None is this person's own, and also what a comment that is not there, or a caller that is no person, gets.
    """
    caller.require(Right.MODERATE)
    if caller.user_id is None:
        return None
    now = runtime.clock()
    expires_at = now + timedelta(seconds=runtime.settings.claim_seconds)
    with runtime.database.writing() as connection:
        comment = comments.find_comment(connection, site=caller.site, comment_id=comment_id)
        if comment is None or comment.state is State.ERASED:
            return None
        taken = store.take_claim(
            connection,
            site=caller.site,
            comment_id=comment_id,
            user_id=caller.user_id,
            now=now,
            expires_at=expires_at,
            by_force=by_force,
        )
        if taken:
            return None
        return store.list_claims(connection, site=caller.site, comment_ids=[comment_id], now=now).get(comment_id)


def release_claim(
    runtime: Runtime, caller: Caller, *, comment_ids: Collection[str], seen: datetime | None = None
) -> None:
    """Gives up this person's claims on these comments; with a time, only those that have not been renewed since.

    A browser that leaves a page says so late: by then the same person may have opened the comment again.
    """
    caller.require(Right.MODERATE)
    now = runtime.clock()
    # No claim is older than a day, and nothing was seen in the future: what a browser says is kept within that.
    latest = max(min(seen, now), now - _A_DAY) + timedelta(seconds=runtime.settings.claim_seconds) if seen else None
    with runtime.database.writing() as connection:
        store.drop_claims(connection, site=caller.site, comment_ids=comment_ids, user_id=caller.user_id, latest=latest)


def list_claims(runtime: Runtime, caller: Caller, *, comment_ids: Collection[str]) -> dict[str, Claim]:
    """Who looks at which of these comments, this person's own claims included, by comment."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return store.list_claims(connection, site=caller.site, comment_ids=comment_ids, now=runtime.clock())

"""Claims: while a user reviews a comment, no other user gets it. A claim expires unless the page renews it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.review import claims as store
from service.store.review.claims import Claim

_A_DAY = timedelta(days=1)


def claim_comment(runtime: Runtime, caller: Caller, *, comment_id: str, by_force: bool = False) -> Claim | None:
    """Claim a comment, or renew the claim. Return another user's claim if there is one, and None otherwise.

    The result is also None if there is no such comment, or if the caller is no user.
    """
    caller.require(Right.MODERATE)
    if caller.user_id is None:
        return None
    now = runtime.clock()
    expires_at = now + timedelta(seconds=runtime.settings.claim_seconds)
    with runtime.database.writing() as connection:
        comment = comments.find_comment(connection, site=caller.site, comment_id=comment_id)
        if comment is None or comment.state is CommentState.ERASED:
            return None
        is_claimed = store.take_claim(
            connection,
            site=caller.site,
            comment_id=comment_id,
            user_id=caller.user_id,
            now=now,
            expires_at=expires_at,
            by_force=by_force,
        )
        if is_claimed:
            return None
        return store.list_claims(connection, site=caller.site, comment_ids=[comment_id], now=now).get(comment_id)


def release_claim(
    runtime: Runtime, caller: Caller, *, comment_ids: Collection[str], seen: datetime | None = None
) -> None:
    """Release this user's claims on these comments; with a time, only claims that were not renewed after it.

    When a user leaves a page, the request of the browser may arrive late. By then the same user may have opened the
    comment again.
    """
    caller.require(Right.MODERATE)
    now = runtime.clock()
    latest_expiry = None
    if seen:
        # The time comes from the browser. It is limited to the last day, because a claim never lasts longer.
        seen = max(min(seen, now), now - _A_DAY)
        latest_expiry = seen + timedelta(seconds=runtime.settings.claim_seconds)
    with runtime.database.writing() as connection:
        store.drop_claims(
            connection, site=caller.site, comment_ids=comment_ids, user_id=caller.user_id, latest=latest_expiry
        )


def list_claims(runtime: Runtime, caller: Caller, *, comment_ids: Collection[str]) -> dict[str, Claim]:
    """Return the claims on these comments, including this user's own, by comment id."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return store.list_claims(connection, site=caller.site, comment_ids=comment_ids, now=runtime.clock())

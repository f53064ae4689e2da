"""Summaries of many comments at once, for lists."""

from collections.abc import Collection

from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.comments import summaries as store
from service.store.comments.summaries import CommentSummary


def read_summaries(runtime: Runtime, caller: Caller, *, comment_ids: Collection[str]) -> dict[str, CommentSummary]:
    """Return state, newest scores and newest findings of these comments on the caller's site, by id."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return store.list_summaries(connection, site=caller.site, comment_ids=comment_ids)

"""Glances at many comments at once, for the lists that people read."""

from collections.abc import Collection

from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.comments import summaries as store
from service.store.comments.summaries import CommentSummary


def read_glances(runtime: Runtime, caller: Caller, *, comment_ids: Collection[str]) -> dict[str, CommentSummary]:
    """State, newest scores and newest findings of these comments of the caller's site, by id."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return store.list_summaries(connection, site=caller.site, comment_ids=comment_ids)

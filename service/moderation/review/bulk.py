"""Bulk review: groups of pending comments that are decided at once, after a look at their number and at a sample."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from service.domain.rights import Caller, Right
from service.moderation.comments.near_duplicates import find_near_duplicates
from service.moderation.comments.related import find_thread
from service.moderation.review.verdicts import SeenComment
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.review import queue, verdicts
from service.store.review.queue import Kind, QueueEntry
from service.store.review.queue_filter import QueueFilter

MAX_BATCH = 500
SAMPLE_SIZE = 10


class Scope(StrEnum):
    """What makes comments a group."""

    SELECTED = "selected"
    THREAD = "thread"
    AUTHOR = "author"
    NEAR_DUPLICATES = "near_duplicates"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSelection:
    """The pending comments of a group that no other user has claimed.

    `choices` are the first MAX_BATCH of them, which can be decided. `found` counts all, but at most MAX_BATCH + 1. The
    sample is drawn from the choices and has their order.
    """

    found: int
    choices: tuple[SeenComment, ...]
    sample: tuple[QueueEntry, ...]


def select_for_bulk(
    runtime: Runtime,
    caller: Caller,
    *,
    scope: Scope,
    comment_id: str = "",
    comment_ids: Sequence[str] = (),
    kind: Kind | None = None,
    queue_filter: QueueFilter | None = None,
) -> BulkSelection:
    """Select the pending comments of a group.

    `comment_id` is the comment whose thread, author or near-duplicates are the group. Raises NotFound if there is none
    with this id.
    """
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        ids = None
        if scope is not Scope.FILTERED:
            kind = None
            ids, queue_filter = _find_group(connection, caller.site, scope, comment_id, comment_ids)
        entries = queue.list_queue(
            connection,
            site=caller.site,
            kind=kind,
            after=None,
            limit=MAX_BATCH + 1,
            queue_filter=queue_filter,
            free_for=(caller.user_id or "", runtime.clock()),
            only=ids,
        )
        versions = verdicts.read_versions(
            connection, site=caller.site, comment_ids=[entry.comment_id for entry in entries[:MAX_BATCH]]
        )
    return BulkSelection(
        found=len(entries),
        choices=tuple(
            SeenComment(comment_id=key, revision=revision, expected_verdict=verdict_id)
            for key, (revision, verdict_id) in versions.items()
        ),
        sample=_draw_sample(entries[:MAX_BATCH], seed="\n".join(sorted(versions))),
    )


def _draw_sample(entries: Sequence[QueueEntry], *, seed: str) -> tuple[QueueEntry, ...]:
    # Seeded with the comments of the group, so that the same group always shows the same sample.
    generator = random.Random(seed)  # the sample is only looked at
    indexes = generator.sample(range(len(entries)), k=min(SAMPLE_SIZE, len(entries)))
    return tuple(entries[index] for index in sorted(indexes))


def _find_group(
    connection: Connection, site: str, scope: Scope, comment_id: str, comment_ids: Sequence[str]
) -> tuple[Sequence[str] | None, QueueFilter]:
    """Return the ids of a group, or None and the filter that selects it."""
    if scope is Scope.SELECTED:
        return comment_ids, QueueFilter()
    comment = comments.require_comment(connection, site=site, comment_id=comment_id, allow_erased=True)
    if scope is Scope.AUTHOR:
        # If the author is unknown, the group is this comment alone.
        return (None, QueueFilter(author=comment.author_id)) if comment.author_id else ([comment_id], QueueFilter())
    if scope is Scope.NEAR_DUPLICATES:
        return [comment_id, *find_near_duplicates(connection, site=site, comment_id=comment_id)], QueueFilter()
    return find_thread(connection, site=site, comment_id=comment_id, parent_id=comment.parent_id), QueueFilter()

"""Together: comments that wait and are decided at once, looked at first: how many they are, and a sample of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from service.domain.errors import NotFound
from service.domain.rights import Caller, Right
from service.moderation.comments.related import find_near_duplicates, find_thread
from service.moderation.review.actions import SeenComment
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.review import queue
from service.store.review.queue import Kind, QueueEntry
from service.store.review.queue_filter import QueueFilter

MAX_BATCH = 500
SAMPLE = 10


class Scope(StrEnum):
    """What makes comments a group."""

    CHOSEN = "chosen"
    THREAD = "thread"
    AUTHOR = "author"
    COPIES = "copies"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSelection:
    """`found` waiting comments, of which the first MAX_BATCH are `choices`; the sample is drawn from those, in their order.

    What a colleague looks at is not among them.
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
    """The waiting comments of a group; raises NotFound where the comment that names the group is not there."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        if scope is not Scope.FILTERED:
            ids, queue_filter = _find_group(connection, caller.site, scope, comment_id, comment_ids)
        else:
            ids = None
        entries = queue.list_queue(
            connection,
            site=caller.site,
            kind=kind if scope is Scope.FILTERED else None,
            after=None,
            limit=MAX_BATCH + 1,
            queue_filter=queue_filter,
            free_for=(caller.user_id or "", runtime.clock()),
            only=ids,
        )
        choices = queue.read_choices(
            connection, site=caller.site, comment_ids=[entry.comment_id for entry in entries[:MAX_BATCH]]
        )
    # Seeded by what is chosen from: looking at the same group again shows the same sample.
    drawn = random.Random("\n".join(sorted(choices))).sample(  # noqa: S311  a sample to look at, no secret
        range(min(len(entries), MAX_BATCH)), k=min(SAMPLE, len(entries))
    )
    return BulkSelection(
        found=len(entries),
        choices=tuple(
            SeenComment(comment_id=key, revision=revision, expected_verdict=seen)
            for key, (revision, seen) in choices.items()
        ),
        sample=tuple(entries[number] for number in sorted(drawn)),
    )


def _find_group(
    connection: Connection, site: str, scope: Scope, comment_id: str, comment_ids: Sequence[str]
) -> tuple[Sequence[str] | None, QueueFilter]:
    if scope is Scope.CHOSEN:
        return comment_ids, QueueFilter()
    comment = comments.find_comment(connection, site=site, comment_id=comment_id)
    if comment is None:
        raise NotFound("There is no comment with this id.", field="id")
    if scope is Scope.AUTHOR:
        # Of an author who is not known there is this comment alone.
        return (None, QueueFilter(author=comment.author_id)) if comment.author_id else ([comment_id], QueueFilter())
    if scope is Scope.COPIES:
        return [comment_id, *find_near_duplicates(connection, site=site, comment_id=comment_id)], QueueFilter()
    return find_thread(connection, site=site, comment_id=comment_id, parent_id=comment.parent_id), QueueFilter()

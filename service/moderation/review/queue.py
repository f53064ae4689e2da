"""The queue as users read it: pages in order of priority, counts, and the next comment to review."""

import base64
import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.errors import BodyInvalid
from service.domain.identifiers import MAX_ROW_ID
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.review import queue, queue_counts
from service.store.review.queue import Kind, QueueEntry, QueuePosition
from service.store.review.queue_counts import Counts
from service.store.review.queue_filter import QueueFilter

MAX_FOUND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """One page of the queue; `cursor` requests the next one and is None on the last.

    `waiting` counts the whole queue. `found` counts the entries that match the filter, at most MAX_FOUND.
    """

    entries: tuple[QueueEntry, ...]
    waiting: Counts
    found: int
    cursor: str | None

    @property
    def counts(self) -> dict[Kind, int]:
        """The number of waiting comments by kind."""
        return self.waiting.kinds


def read_queue(
    runtime: Runtime,
    caller: Caller,
    *,
    kind: Kind | None = None,
    cursor: str | None = None,
    limit: int = 50,
    queue_filter: QueueFilter | None = None,
) -> QueuePage:
    """Return one page. Without a kind, each comment appears once. Raises BodyInvalid for an invalid cursor."""
    caller.require(Right.MODERATE)
    after = _parse_cursor(cursor) if cursor else None
    queue_filter = queue_filter or QueueFilter()
    with runtime.database.reading() as connection:
        # One more than the page, to know whether there is a next page.
        entries = queue.list_queue(
            connection, site=caller.site, kind=kind, after=after, limit=limit + 1, queue_filter=queue_filter
        )
        waiting = queue_counts.count_queue(connection, site=caller.site)
        found = len(entries)
        if not queue_filter.is_empty and (found > limit or after is not None):
            found = queue_counts.count_matching(
                connection, site=caller.site, kind=kind, queue_filter=queue_filter, limit=MAX_FOUND
            )
    page = tuple(entries[:limit])
    next_cursor = write_cursor(page[-1]) if len(entries) > limit else None
    return QueuePage(entries=page, waiting=waiting, found=found, cursor=next_cursor)


def read_counts(runtime: Runtime, caller: Caller) -> Counts:
    """Return the number of waiting comments."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return queue_counts.count_queue(connection, site=caller.site)


def find_next(
    runtime: Runtime,
    caller: Caller,
    *,
    kind: Kind | None = None,
    cursor: str | None = None,
    queue_filter: QueueFilter | None = None,
    leave_out: Sequence[str] = (),
) -> QueueEntry | None:
    """Return the first entry after the cursor that no other user has claimed, without the comments to leave out."""
    caller.require(Right.MODERATE)
    after = _parse_cursor(cursor) if cursor else None
    with runtime.database.reading() as connection:
        entries = queue.list_queue(
            connection,
            site=caller.site,
            kind=kind,
            after=after,
            limit=1,
            queue_filter=queue_filter,
            free_for=(caller.user_id or "", runtime.clock()),
            leave_out=leave_out,
        )
    return entries[0] if entries else None


def read_filter_choices(runtime: Runtime, caller: Caller) -> tuple[list[str], list[str]]:
    """Return the sections and the languages that the queue can be filtered by."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        sections = queue_counts.list_sections(connection, site=caller.site)
        return sections, queue_counts.list_languages(connection, site=caller.site)


def write_cursor(entry: QueueEntry) -> str:
    """Return the cursor that requests what comes after this entry."""
    return base64.urlsafe_b64encode(json.dumps([entry.sort_key, entry.id]).encode()).decode().rstrip("=")


def _parse_cursor(cursor: str) -> QueuePosition:
    try:
        # Base64 needs padding to a multiple of four characters; `write_cursor` has removed it.
        sort_key, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        position = QueuePosition(float(sort_key), int(number))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BodyInvalid("This cursor is not valid.", field="cursor") from error
    if not math.isfinite(position.sort_key) or not 0 <= position.id < MAX_ROW_ID:
        raise BodyInvalid("This cursor is not valid.", field="cursor")
    return position

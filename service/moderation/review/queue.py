"""The queue as people read it: pages in order of priority, counts by kind, and what comes next."""

import base64
import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.errors import BodyInvalid
from service.domain.identifiers import MAX_ROWS
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.review import queue
from service.store.review.queue import Counts, Kind, QueueEntry, QueuePosition
from service.store.review.queue_filter import QueueFilter

MAX_FOUND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """A page of the queue; `cursor` asks for the next one and is None on the last.

    `waiting` counts everything; `found` what the sieve keeps, no further than MAX_FOUND.
    """

    entries: tuple[QueueEntry, ...]
    waiting: Counts
    found: int
    cursor: str | None

    @property
    def counts(self) -> dict[Kind, int]:
        """How many wait, by kind."""
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
    """One page; without a kind, each comment once. Raises BodyInvalid for a cursor that is not ours."""
    caller.require(Right.MODERATE)
    after = _read_cursor(cursor) if cursor else None
    queue_filter = queue_filter or QueueFilter()
    with runtime.database.reading() as connection:
        entries = queue.list_queue(
            connection, site=caller.site, kind=kind, after=after, limit=limit + 1, queue_filter=queue_filter
        )
        waiting = queue.count_queue(connection, site=caller.site)
        found = len(entries)
        if not queue_filter.is_open and (found > limit or after is not None):
            found = queue.count_sifted(
                connection, site=caller.site, kind=kind, queue_filter=queue_filter, most=MAX_FOUND
            )
    page = tuple(entries[:limit])
    cursor = write_cursor(page[-1]) if len(entries) > limit else None
    return QueuePage(entries=page, waiting=waiting, found=found, cursor=cursor)


def read_counts(runtime: Runtime, caller: Caller) -> Counts:
    """How many comments wait."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return queue.count_queue(connection, site=caller.site)


def find_next(
    runtime: Runtime,
    caller: Caller,
    *,
    kind: Kind | None = None,
    cursor: str | None = None,
    queue_filter: QueueFilter | None = None,
    leave_out: Sequence[str] = (),
) -> QueueEntry | None:
    """The most pressing entry behind the cursor that is about none of these comments and that nobody else looks at."""
    caller.require(Right.MODERATE)
    after = _read_cursor(cursor) if cursor else None
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


def read_choices(runtime: Runtime, caller: Caller) -> tuple[list[str], list[str]]:
    """The sections and the languages that the queue can be filtered by."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        sections = queue.list_sections(connection, site=caller.site)
        return sections, queue.list_languages(connection, site=caller.site)


def write_cursor(entry: QueueEntry) -> str:
    """The cursor that asks for what comes after this entry."""
    return base64.urlsafe_b64encode(json.dumps([entry.sort_key, entry.id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> QueuePosition:
    try:
        sort_key, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = QueuePosition(float(sort_key), int(number))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BodyInvalid("This cursor did not come from here.", field="cursor") from error
    if not math.isfinite(found.sort_key) or not 0 <= found.id < MAX_ROWS:
        raise BodyInvalid("This cursor did not come from here.", field="cursor")
    return found

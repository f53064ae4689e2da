"""The queue as people read it: pages in order of priority, counts by kind, and what comes next."""

import base64
import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.errors import BodyInvalid
from service.domain.identifiers import MOST_ROWS
from service.domain.rights import Caller, Right
from service.moderation.runtime import Desk
from service.store.review import queue
from service.store.review.queue import Counts, Kind, QueueEntry, QueuePlace
from service.store.review.queue_filter import Sieve

MOST_FOUND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """A page of the queue; `cursor` asks for the next one and is None on the last.

    `waiting` counts everything; `found` what the sieve keeps, no further than MOST_FOUND.
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
    desk: Desk,
    caller: Caller,
    *,
    kind: Kind | None = None,
    cursor: str | None = None,
    limit: int = 50,
    sieve: Sieve | None = None,
) -> QueuePage:
    """One page; without a kind, each comment once. Raises BodyInvalid for a cursor that is not ours."""
    caller.require(Right.MODERATE)
    after = _read_cursor(cursor) if cursor else None
    sieve = sieve or Sieve()
    with desk.database.reading() as connection:
        entries = queue.list_queue(connection, site=caller.site, kind=kind, after=after, limit=limit + 1, sieve=sieve)
        waiting = queue.count_queue(connection, site=caller.site)
        found = len(entries)
        if not sieve.is_open and (found > limit or after is not None):
            found = queue.count_sifted(connection, site=caller.site, kind=kind, sieve=sieve, most=MOST_FOUND)
    page = tuple(entries[:limit])
    cursor = write_cursor(page[-1]) if len(entries) > limit else None
    return QueuePage(entries=page, waiting=waiting, found=found, cursor=cursor)


def read_counts(desk: Desk, caller: Caller) -> Counts:
    """How many comments wait."""
    caller.require(Right.MODERATE)
    with desk.database.reading() as connection:
        return queue.count_queue(connection, site=caller.site)


def find_next(
    desk: Desk,
    caller: Caller,
    *,
    kind: Kind | None = None,
    cursor: str | None = None,
    sieve: Sieve | None = None,
    leave_out: Sequence[str] = (),
) -> QueueEntry | None:
    """The most pressing entry behind the cursor that is about none of these comments and that nobody else looks at."""
    caller.require(Right.MODERATE)
    after = _read_cursor(cursor) if cursor else None
    with desk.database.reading() as connection:
        entries = queue.list_queue(
            connection,
            site=caller.site,
            kind=kind,
            after=after,
            limit=1,
            sieve=sieve,
            free_for=(caller.person_id or "", desk.clock()),
            leave_out=leave_out,
        )
    return entries[0] if entries else None


def read_choices(desk: Desk, caller: Caller) -> tuple[list[str], list[str]]:
    """The sections and the languages that the queue can be filtered by."""
    caller.require(Right.MODERATE)
    with desk.database.reading() as connection:
        sections = queue.list_sections(connection, site=caller.site)
        return sections, queue.list_languages(connection, site=caller.site)


def write_cursor(entry: QueueEntry) -> str:
    """The cursor that asks for what comes after this entry."""
    return base64.urlsafe_b64encode(json.dumps([entry.place, entry.id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> QueuePlace:
    try:
        place, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = QueuePlace(float(place), int(number))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BodyInvalid("This cursor did not come from here.", field="cursor") from error
    if not math.isfinite(found.place) or not 0 <= found.id < MOST_ROWS:
        raise BodyInvalid("This cursor did not come from here.", field="cursor")
    return found

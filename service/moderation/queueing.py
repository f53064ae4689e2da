"""The queue as people read it: pages in order of priority, counts by kind, and what comes next."""

import base64
import binascii
import json
from dataclasses import dataclass

from service.domain.errors import BodyInvalid
from service.domain.rights import Caller, Right
from service.moderation.desk import Desk
from service.store import queue
from service.store.queue import Kind, QueueEntry, QueuePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """A page of the queue; `cursor` asks for the next one and is None on the last."""

    entries: tuple[QueueEntry, ...]
    counts: dict[Kind, int]
    cursor: str | None


def read_queue(
    desk: Desk, caller: Caller, *, kind: Kind | None = None, cursor: str | None = None, limit: int = 50
) -> QueuePage:
    """One page; raises BodyInvalid for a cursor that is not ours."""
    caller.require(Right.MODERATE)
    after = _read_cursor(cursor) if cursor else None
    with desk.database.reading() as connection:
        entries = queue.list_queue(connection, site=caller.site, kind=kind, after=after, limit=limit + 1)
        counts = queue.count_queue(connection, site=caller.site)
    page = tuple(entries[:limit])
    return QueuePage(entries=page, counts=counts, cursor=write_cursor(page[-1]) if len(entries) > limit else None)


def next_in_queue(
    desk: Desk, caller: Caller, *, kind: Kind | None = None, leave_out: str | None = None
) -> QueueEntry | None:
    """The most pressing entry that is not about the comment `leave_out`."""
    caller.require(Right.MODERATE)
    with desk.database.reading() as connection:
        # A comment can wait for each kind once, so one more entry than there are kinds always shows another one.
        entries = queue.list_queue(connection, site=caller.site, kind=kind, after=None, limit=len(Kind) + 1)
    return next((entry for entry in entries if entry.comment_id != leave_out), None)


def write_cursor(entry: QueueEntry) -> str:
    """The cursor that asks for what comes after this entry."""
    return base64.urlsafe_b64encode(json.dumps([entry.priority, entry.id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> QueuePlace:
    try:
        priority, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return QueuePlace(float(priority), int(number))
    except (binascii.Error, ValueError, TypeError) as error:
        raise BodyInvalid("This cursor did not come from here.", field="cursor") from error

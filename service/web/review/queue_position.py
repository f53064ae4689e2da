"""The walk through the queue: where a moderator is, kept in the address, so that two tabs are two walks.

Skipping walks on behind the skipped comment; deciding takes the most pressing one behind the last skipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends

from service.moderation.access.sessions import SignedIn
from service.moderation.review import claims, queue
from service.moderation.runtime import Runtime
from service.store.review.queue import Kind, QueueEntry
from service.web.review.filters import Filters, FiltersHere

MAX_ATTEMPTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePosition:
    """Which kind is walked through, sifted how, behind which cursor; `at` is the cursor of the comment looked at."""

    kind: Kind | None = None
    filters: Filters = field(default_factory=Filters)
    behind: str | None = None
    at: str | None = None

    def past(self) -> "QueuePosition":
        """The walk that leaves the present comment behind undecided."""
        return replace(self, behind=self.at or self.behind, at=None)

    def path_to(self, comment_id: str, **more: str) -> str:
        """The address of a comment on this walk."""
        return _address(f"/comments/{quote(comment_id, safe='')}", self, more)

    def path_for(self, page: str, comment_id: str, **more: str) -> str:
        """The address of another page about a comment, which comes back to this walk."""
        return _address(f"/{page}/{quote(comment_id, safe='')}", self, more)

    def path_undo(self, action_id: str) -> str:
        """The address that takes a stroke back."""
        return _address(f"/actions/{action_id}/undo", replace(self, at=None), {})

    def path_mode(self) -> str:
        """The address that sets how an article or a section takes comments, and comes back to this walk."""
        return _address("/mode", self, {})

    def path_together(self, **more: str) -> str:
        """The address of many comments at once."""
        return _address("/bulk", QueuePosition(kind=self.kind, filters=self.filters), more)

    def path_on(self, comment_id: str, **more: str) -> str:
        """The address that goes on to the next comment without deciding this one."""
        return _address("/next", self.past(), {"leave_out": comment_id, **more})

    def path_ahead(self) -> str:
        """The address of whatever comes once this comment is decided; the ids to leave out are added by a script."""
        return _address("/next", replace(self, at=None), {})

    def path_to_queue(self, **more: str) -> str:
        """The address of the list."""
        return _address("/queue", QueuePosition(kind=self.kind, filters=self.filters), more)


def read_walk(
    filters: FiltersHere, kind: Kind | None = None, behind: str | None = None, at: str | None = None
) -> QueuePosition:
    """The walk in an address."""
    return QueuePosition(kind=kind, filters=filters, behind=behind, at=at)


CurrentPosition = Annotated[QueuePosition, Depends(read_walk)]


def path_from(position: QueuePosition, entry: QueueEntry, **more: str) -> str:
    """The address of a queue entry."""
    return replace(position, at=queue.write_cursor(entry)).path_to(entry.comment_id, **more)


def find_next(
    runtime: Runtime, user: SignedIn, position: QueuePosition, *, leave_out: Sequence[str] = ()
) -> QueueEntry | None:
    """The most pressing entry on the walk that is about none of these comments; from now on it is this person's.

    Where a colleague asks at the same moment, one of the two gets the claim, and the other one the next entry.
    """
    for _ in range(MAX_ATTEMPTS):
        entry = queue.find_next(
            runtime,
            user.caller,
            kind=position.kind,
            cursor=position.behind,
            queue_filter=position.filters.queue_filter(runtime.clock()),
            leave_out=leave_out,
        )
        if entry is None or claims.claim_comment(runtime, user.caller, comment_id=entry.comment_id) is None:
            return entry
    return None


def _address(path: str, position: QueuePosition, more: dict[str, str]) -> str:
    facts = {"kind": position.kind, **position.filters.as_query(), "behind": position.behind, "at": position.at, **more}
    query = urlencode({name: str(value) for name, value in facts.items() if value})
    return f"{path}?{query}" if query else path

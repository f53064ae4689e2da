"""A moderator's position in the queue. It is part of every address, so that two tabs can be at different positions.

After a decision the most urgent comment of the queue comes next. After a skip, only comments that come later in the
queue follow: `after` is the cursor of the last skipped comment.
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
from service.web.review.filters import CurrentFilters, Filters

MAX_CLAIM_ATTEMPTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePosition:
    """The part of the queue that a moderator reviews, and how far they have come.

    `kind` and `filters` select entries. The next entry comes after the cursor `after`. The comment on the screen has
    the cursor `at`.
    """

    kind: Kind | None = None
    filters: Filters = field(default_factory=Filters)
    after: str | None = None
    at: str | None = None

    @property
    def start(self) -> "QueuePosition":
        """The start of the same list."""
        return QueuePosition(kind=self.kind, filters=self.filters)

    @property
    def after_current(self) -> "QueuePosition":
        """The position after the comment on the screen, for skipping it."""
        return replace(self, after=self.at or self.after, at=None)

    def url(self, page: str, item: str = "", **parameters: object) -> str:
        """Return the address of a page, for instance `url("comments", comment_id)`, that keeps this position.

        Empty parameters are left out.
        """
        query = {
            "kind": self.kind,
            **self.filters.as_query(),
            "after": self.after,
            "at": self.at,
            **parameters,
        }
        encoded = urlencode({name: str(value) for name, value in query.items() if value})
        path = f"/{page}/{quote(item, safe='')}" if item else f"/{page}"
        return f"{path}?{encoded}" if encoded else path

    def entry_url(self, entry: QueueEntry, **parameters: object) -> str:
        """Return the address of an entry's comment, with the position at that entry."""
        return replace(self, at=queue.write_cursor(entry)).url("comments", entry.comment_id, **parameters)


def read_position(
    filters: CurrentFilters, kind: Kind | None = None, after: str | None = None, at: str | None = None
) -> QueuePosition:
    """Return the position in an address."""
    return QueuePosition(kind=kind, filters=filters, after=after, at=at)


CurrentPosition = Annotated[QueuePosition, Depends(read_position)]


def find_next(
    runtime: Runtime, user: SignedIn, position: QueuePosition, *, leave_out: Sequence[str] = ()
) -> QueueEntry | None:
    """Claim the most urgent entry after this position and return it, or None if there is none.

    `leave_out` are ids of comments to skip. If two people try to claim the same entry, one of them gets it. The other
    one tries the next entry.
    """
    for _ in range(MAX_CLAIM_ATTEMPTS):
        entry = queue.find_next(
            runtime,
            user.caller,
            kind=position.kind,
            cursor=position.after,
            queue_filter=position.filters.queue_filter(runtime.clock()),
            leave_out=leave_out,
        )
        # `claim_comment` returns a colleague's claim, or None if this user now has the claim.
        if entry is None or claims.claim_comment(runtime, user.caller, comment_id=entry.comment_id) is None:
            return entry
    return None

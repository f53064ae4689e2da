"""Surroundings: what a moderator sees around a comment: thread, near-copies, colleagues, the site's own words."""

from dataclasses import dataclass

from sqlalchemy import Connection

from models.simhash import MAX_DISTANCE, bands, hamming_distance
from service.domain.rights import Caller, Right
from service.moderation.comments.details import CommentDetails
from service.moderation.runtime import Runtime
from service.store.comments import near_duplicates, threads
from service.store.comments.threads import Neighbour
from service.store.policy import guidelines
from service.store.review import claims, escalations, queue
from service.store.review.claims import Claim
from service.store.review.escalations import Escalation, Procedure, Topic
from service.store.review.queue import QueueEntry

ANCESTORS = 6
DUPLICATES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Comments that can be decided together: `scope` names the group, `waiting` says how many of them wait."""

    scope: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedContext:
    """`thread` ends with what the comment answers; `claim` is a colleague's; `guidelines` are words by reason.

    `example_of` are the reasons whose guideline has this comment as an example.
    """

    entry: QueueEntry | None
    thread: tuple[Neighbour, ...]
    copies: tuple[Neighbour, ...]
    near_duplicate_count: int
    groups: tuple[Group, ...]
    claim: Claim | None
    escalations: tuple[Escalation, ...]
    steps: dict[Topic, Procedure]
    guidelines: dict[str, str]
    example_of: tuple[str, ...]


def read_surroundings(runtime: Runtime, caller: Caller, file: CommentDetails) -> RelatedContext:
    """Everything around a comment whose file has been read."""
    caller.require(Right.MODERATE)
    site, comment = caller.site, file.comment
    with runtime.database.reading() as connection:
        above = threads.list_ancestors(connection, site=site, parent_id=comment.parent_id, most=ANCESTORS)
        copies = find_near_duplicates(connection, site=site, comment_id=comment.id)
        claimed = claims.list_claims(connection, site=site, comment_ids=[comment.id], now=runtime.clock())
        claim = claimed.get(comment.id)
        written = guidelines.list_guidelines(connection, site=site)
        return RelatedContext(
            entry=queue.find_entry(connection, site=site, comment_id=comment.id),
            thread=tuple(threads.list_neighbours(connection, site=site, comment_ids=above)),
            copies=tuple(threads.list_neighbours(connection, site=site, comment_ids=copies[:DUPLICATES_SHOWN])),
            near_duplicate_count=len(copies),
            groups=_count_groups(connection, file, copies),
            claim=claim if claim and claim.user_id != caller.user_id else None,
            escalations=tuple(escalations.list_escalations(connection, site=site, comment_id=comment.id)),
            steps=escalations.list_steps(connection, site=site),
            guidelines={reason: each.text for reason, each in written.items() if each.text.strip()},
            example_of=tuple(guidelines.list_pins_of(connection, site=site, comment_id=comment.id)),
        )


def find_near_duplicates(connection: Connection, *, site: str, comment_id: str) -> list[str]:
    """The ids of other comments of the site that say nearly the same."""
    mark = threads.read_fingerprint(connection, site=site, comment_id=comment_id)
    if mark is None:
        return []
    found = near_duplicates.list_candidates(connection, site=site, bands=bands(mark), leave_out=comment_id)
    return sorted(other for other, its in found.items() if hamming_distance(mark, its) <= MAX_DISTANCE)


def find_thread(connection: Connection, *, site: str, comment_id: str, parent_id: str | None) -> list[str]:
    """The ids of the whole conversation that a comment is in."""
    above = threads.list_ancestors(connection, site=site, parent_id=parent_id, most=threads.MAX_RELATED)
    return threads.list_thread(connection, site=site, root=above[-1] if above else comment_id)


def _count_groups(connection: Connection, file: CommentDetails, copies: list[str]) -> tuple[Group, ...]:
    site, comment = file.comment.site, file.comment
    ids = find_thread(connection, site=site, comment_id=comment.id, parent_id=comment.parent_id)
    waiting = {
        "thread": queue.count_waiting(connection, site=site, comment_ids=ids),
        "copies": queue.count_waiting(connection, site=site, comment_ids=[comment.id, *copies]),
        "author": queue.count_waiting(connection, site=site, author_id=comment.author_id) if comment.author_id else 0,
    }
    return tuple(Group(scope=scope, waiting=count) for scope, count in waiting.items() if count > 1)

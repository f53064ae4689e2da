"""What a moderator sees next to a comment: its thread, near-duplicates, claims, escalations and guidelines."""

from dataclasses import dataclass

from sqlalchemy import Connection

from service.domain.rights import Caller, Right
from service.moderation.comments.details import CommentDetails
from service.moderation.comments.near_duplicates import find_near_duplicates
from service.moderation.runtime import Runtime
from service.store.comments import threads
from service.store.comments.threads import RelatedComment
from service.store.policy import guidelines
from service.store.review import claims, escalations, queue, queue_counts
from service.store.review.claims import Claim
from service.store.review.escalations import Escalation, Procedure, Topic
from service.store.review.queue import QueueEntry

MAX_ANCESTORS = 6
MAX_DUPLICATES_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeGroup:
    """Pending comments that can be decided together, such as those of a thread; `scope` is the kind of group."""

    scope: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedContext:
    """The context of a comment on its page.

    `thread` ends with the comment's parent. `claim` is that of another user. `guidelines` are texts by reason, and
    `example_of` the reasons that the comment is pinned to as an example.
    """

    entry: QueueEntry | None
    thread: tuple[RelatedComment, ...]
    near_duplicates: tuple[RelatedComment, ...]
    near_duplicate_count: int
    groups: tuple[BadgeGroup, ...]
    claim: Claim | None
    escalations: tuple[Escalation, ...]
    procedures: dict[Topic, Procedure]
    guidelines: dict[str, str]
    example_of: tuple[str, ...]


def read_related_context(runtime: Runtime, caller: Caller, details: CommentDetails) -> RelatedContext:
    """Return what is shown next to a comment."""
    caller.require(Right.MODERATE)
    site, comment = caller.site, details.comment
    with runtime.database.reading() as connection:
        ancestors = threads.list_ancestors(connection, site=site, parent_id=comment.parent_id, limit=MAX_ANCESTORS)
        similar = find_near_duplicates(connection, site=site, comment_id=comment.id)
        shown = similar[:MAX_DUPLICATES_SHOWN]
        claimed = claims.list_claims(connection, site=site, comment_ids=[comment.id], now=runtime.clock())
        claim = claimed.get(comment.id)
        texts = guidelines.list_guidelines(connection, site=site)
        return RelatedContext(
            entry=queue.find_entry(connection, site=site, comment_id=comment.id),
            thread=tuple(threads.list_related_comments(connection, site=site, comment_ids=ancestors)),
            near_duplicates=tuple(threads.list_related_comments(connection, site=site, comment_ids=shown)),
            near_duplicate_count=len(similar),
            groups=_count_groups(connection, details, similar),
            claim=claim if claim and claim.user_id != caller.user_id else None,
            escalations=tuple(escalations.list_escalations(connection, site=site, comment_id=comment.id)),
            procedures=escalations.list_procedures(connection, site=site),
            guidelines={reason: guideline.text for reason, guideline in texts.items() if guideline.text.strip()},
            example_of=tuple(guidelines.list_pinned_reasons(connection, site=site, comment_id=comment.id)),
        )


def find_thread(connection: Connection, *, site: str, comment_id: str, parent_id: str | None) -> list[str]:
    """Return the ids of the whole thread that a comment belongs to."""
    ancestors = threads.list_ancestors(connection, site=site, parent_id=parent_id, limit=threads.MAX_THREAD_COMMENTS)
    return threads.list_thread(connection, site=site, root=ancestors[-1] if ancestors else comment_id)


def _count_groups(connection: Connection, details: CommentDetails, similar: list[str]) -> tuple[BadgeGroup, ...]:
    site, comment = details.comment.site, details.comment
    thread = find_thread(connection, site=site, comment_id=comment.id, parent_id=comment.parent_id)
    waiting = {
        "thread": queue_counts.count_waiting(connection, site=site, comment_ids=thread),
        "near_duplicates": queue_counts.count_waiting(connection, site=site, comment_ids=[comment.id, *similar]),
        "author": queue_counts.count_waiting(connection, site=site, author_id=comment.author_id)
        if comment.author_id
        else 0,
    }
    return tuple(BadgeGroup(scope=scope, waiting=count) for scope, count in waiting.items() if count > 1)

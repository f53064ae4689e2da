"""Erasure: taking a comment's words out of every table that holds some, leaving rows that say that it was."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from service.store.comments.comments import State
from service.store.tables import (
    action_items,
    actions,
    appeals,
    claims,
    comments,
    escalations,
    external_ids,
    fingerprints,
    idempotency_keys,
    pinned_examples,
    queue,
    reports,
    revisions,
    scores,
    verdicts,
)

EXPIRING = (State.APPROVED, State.REJECTED)
"""What may be erased when its time is over: what is held is decided first."""


def erase_words(connection: Connection, *, site: str, comment_id: str, now: datetime) -> None:
    """Erases texts, embeddings, explanations, notes, statements and the author's id; decisions and figures stay."""
    here = {"site": site, "comment_id": comment_id}
    for table, emptied in (
        (revisions, {"text": "", "vector": None, "encoder": None}),
        (scores, {"explanation": {}}),
        (verdicts, {"note": ""}),
        (reports, {"note": ""}),
        (appeals, {"statement": ""}),
        (escalations, {"note": ""}),
    ):
        connection.execute(
            update(table).where(*(table.c[name] == value for name, value in here.items())).values(emptied)
        )
    for table in (claims, fingerprints, pinned_examples, queue):
        connection.execute(delete(table).where(*(table.c[name] == value for name, value in here.items())))
    # The hash of its words would still tell whether somebody wrote them.
    connection.execute(delete(external_ids).where(external_ids.c.site == site, external_ids.c.comment_id == comment_id))
    # What it takes to undo a decision names the author; an erased comment is not decided back.
    own_actions = select(actions.c.id).where(actions.c.site == site)
    of_comment = (action_items.c.comment_id == comment_id) & action_items.c.action_id.in_(own_actions)
    connection.execute(delete(action_items).where(of_comment))
    # Kept answers quote what people wrote, and they are only there for a retry within the day.
    connection.execute(
        delete(idempotency_keys).where(idempotency_keys.c.site == site, idempotency_keys.c.subject == comment_id)
    )
    # The hash has no key: of words that somebody guesses it would tell who wrote them, and under which article.
    nothing = {"author_id": None, "content_hash": "", "awaits_article": False}
    this = (comments.c.site == site) & (comments.c.id == comment_id)
    connection.execute(update(comments).where(this).values(state=str(State.ERASED), erased_at=now, **nothing))


def list_expired(connection: Connection, *, before: datetime, limit: int) -> list[tuple[str, str]]:
    """Site and id of at most `limit` decided comments received before this time, the oldest first."""
    query = (
        select(comments.c.site, comments.c.id)
        .where(comments.c.received_at < before, comments.c.state.in_(EXPIRING))
        .order_by(comments.c.received_at)
        .limit(limit)
    )
    return [(site, comment_id) for site, comment_id in connection.execute(query)]

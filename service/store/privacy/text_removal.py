"""Erasure: delete a comment's text from every table. The rows stay, so that decisions can still be counted."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from service.domain.states import CommentState
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

EXPIRING = (CommentState.APPROVED, CommentState.REJECTED)
"""States in which a comment is erased after the retention time. A held comment must be decided before."""


def erase_texts(connection: Connection, *, site: str, comment_id: str, now: datetime) -> None:
    """Erase texts, embeddings, explanations, notes, statements and the author's id. Decisions and scores stay."""
    for table, empty_values in (
        (revisions, {"text": "", "vector": None, "encoder": None}),
        (scores, {"explanation": {}}),
        (verdicts, {"note": ""}),
        (reports, {"note": ""}),
        (appeals, {"statement": ""}),
        (escalations, {"note": ""}),
    ):
        connection.execute(
            update(table).where(table.c.site == site, table.c.comment_id == comment_id).values(empty_values)
        )
    # `external_ids` is deleted because its hash of the text would confirm a guessed text.
    for table in (claims, external_ids, fingerprints, pinned_examples, queue):
        connection.execute(delete(table).where(table.c.site == site, table.c.comment_id == comment_id))
    # An action's item names the author, and an erased comment cannot be restored by an undo.
    actions_of_site = select(actions.c.id).where(actions.c.site == site)
    of_comment = (action_items.c.comment_id == comment_id) & action_items.c.action_id.in_(actions_of_site)
    connection.execute(delete(action_items).where(of_comment))
    # Stored responses quote texts. They are only needed for repeated requests within a day.
    connection.execute(
        delete(idempotency_keys).where(idempotency_keys.c.site == site, idempotency_keys.c.subject == comment_id)
    )
    # The content hash is not keyed, so it would confirm a guess of text, author and article.
    values = {"author_id": None, "content_hash": "", "awaits_article": False}
    is_comment = (comments.c.site == site) & (comments.c.id == comment_id)
    connection.execute(
        update(comments).where(is_comment).values(state=str(CommentState.ERASED), erased_at=now, **values)
    )


def list_expired(connection: Connection, *, before: datetime, limit: int) -> list[tuple[str, str]]:
    """Return the site and id of at most `limit` decided comments received before a time, oldest first."""
    query = (
        select(comments.c.site, comments.c.id)
        .where(comments.c.received_at < before, comments.c.state.in_(EXPIRING))
        .order_by(comments.c.received_at)
        .limit(limit)
    )
    return [(site, comment_id) for site, comment_id in connection.execute(query)]

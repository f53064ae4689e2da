"""Examples: verdicts with everything that a model may learn from them. Automatic decisions are never read here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, Subquery, Table, and_, func, select
from sqlalchemy.orm import aliased

from service.store.tables import articles, comments, revisions, scores, verdicts
from service.store.vectors import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One person's verdict on one wording, with where it came from and what the models had said.

    `received_at` is when the wording came in.
    `vector` and `scores` are the service's own, made by `model` (and `encoder`).
    """

    comment_id: str
    revision: int
    article_id: str
    article_title: str
    article_text: str
    text: str
    parent_text: str
    outcome: str
    reason: str | None
    source: str
    queue_kinds: list[str]
    sampling_probability: float
    decided_at: datetime
    received_at: datetime
    model: str
    language: str
    scores: dict[str, float | None]
    encoder: str | None
    vector: list[float] | None


def stream_examples(connection: Connection, *, site: str) -> Iterator[Example]:
    """The newest verdict on each wording that still has words, oldest verdict first."""
    for row in connection.execute(_select_examples(site)):
        vector = unpack(row.vector)
        yield Example(
            comment_id=row.comment_id,
            revision=row.revision,
            article_id=row.article_id,
            article_title=row.title or "",
            article_text=row.body or "",
            text=row.text,
            parent_text=row.parent_text or "",
            outcome=row.outcome,
            reason=row.reason,
            source=row.source,
            queue_kinds=row.queue_kinds,
            sampling_probability=row.sampling_probability,
            decided_at=row.decided_at,
            received_at=row.received_at,
            model=row.model,
            language=row.language,
            scores=row.scores,
            encoder=row.encoder,
            vector=vector.tolist() if vector is not None else None,
        )


def _select_examples(site: str) -> Select[Any]:
    newest = (
        select(func.max(verdicts.c.id))
        .where(verdicts.c.site == site)
        .group_by(verdicts.c.comment_id, verdicts.c.revision)
    )
    parent_words = _select_parents_words()
    judged = and_(revisions.c.revision == verdicts.c.revision, *_of_verdicts_comment(revisions))
    return (
        select(
            verdicts,
            comments.c.article_id,
            articles.c.title,
            articles.c.body,
            revisions.c.text,
            revisions.c.received_at,
            revisions.c.encoder,
            revisions.c.vector,
            scores.c.model,
            scores.c.language,
            scores.c.scores,
            parent_words.c.text.label("parent_text"),
        )
        .join(comments, and_(comments.c.site == verdicts.c.site, comments.c.id == verdicts.c.comment_id))
        .join(revisions, judged)
        .join(scores, scores.c.id == _newest_scores())
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .outerjoin(
            parent_words,
            and_(parent_words.c.site == comments.c.site, parent_words.c.comment_id == comments.c.parent_id),
        )
        .where(verdicts.c.id.in_(newest), comments.c.erased_at.is_(None))
        .order_by(verdicts.c.decided_at, verdicts.c.id)
    )


def _newest_scores() -> ScalarSelect[int]:
    """The last scores of the wording that a verdict is about."""
    is_same_text = (scores.c.revision == verdicts.c.revision, *_of_verdicts_comment(scores))
    return select(func.max(scores.c.id)).where(*is_same_text).correlate(verdicts).scalar_subquery()


def _select_parents_words() -> Subquery:
    """The current words of every comment, for those that are somebody's parent."""
    parents, words = aliased(comments), aliased(revisions)
    current = and_(
        words.c.site == parents.c.site, words.c.comment_id == parents.c.id, words.c.revision == parents.c.revision
    )
    return select(words.c.site, words.c.comment_id, words.c.text).join(parents, current).subquery()


def _of_verdicts_comment(table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (table.c.site == verdicts.c.site, table.c.comment_id == verdicts.c.comment_id)

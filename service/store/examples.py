"""Examples: verdicts with everything that a model may learn from them. Automatic decisions are never read here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select
from sqlalchemy.orm import aliased

from service.store.tables import articles, comments, revisions, scores, verdicts
from service.store.vectors import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One person's verdict on one wording, with where it came from and what the models had said.

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
    prompted_by: list[str]
    sampling_probability: float
    decided_at: datetime
    model: str
    language: str
    scores: dict[str, float | None]
    encoder: str | None
    vector: list[float] | None


def stream_examples(connection: Connection, *, site: str) -> Iterator[Example]:
    """The newest verdict on each wording that still has words, oldest verdict first."""
    newest = (
        select(func.max(verdicts.c.id))
        .where(verdicts.c.site == site)
        .group_by(verdicts.c.comment_id, verdicts.c.revision)
    )
    # The scores of the same wording, the last ones before the verdict being what stood beside it.
    scored = (
        select(func.max(scores.c.id))
        .where(
            scores.c.site == verdicts.c.site,
            scores.c.comment_id == verdicts.c.comment_id,
            scores.c.revision == verdicts.c.revision,
        )
        .correlate(verdicts)
        .scalar_subquery()
    )
    parents, parent_words = aliased(comments), aliased(revisions)
    query = (
        select(
            verdicts,
            comments.c.article_id,
            articles.c.title,
            articles.c.body,
            revisions.c.text,
            revisions.c.encoder,
            revisions.c.vector,
            scores.c.model,
            scores.c.language,
            scores.c.scores,
            parent_words.c.text.label("parent_text"),
        )
        .join(comments, and_(comments.c.site == verdicts.c.site, comments.c.id == verdicts.c.comment_id))
        .join(
            revisions,
            and_(
                revisions.c.site == verdicts.c.site,
                revisions.c.comment_id == verdicts.c.comment_id,
                revisions.c.revision == verdicts.c.revision,
            ),
        )
        .join(scores, scores.c.id == scored)
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .outerjoin(parents, and_(parents.c.site == comments.c.site, parents.c.id == comments.c.parent_id))
        .outerjoin(
            parent_words,
            and_(
                parent_words.c.site == parents.c.site,
                parent_words.c.comment_id == parents.c.id,
                parent_words.c.revision == parents.c.revision,
            ),
        )
        .where(verdicts.c.site == site, verdicts.c.id.in_(newest), comments.c.erased_at.is_(None))
        .order_by(verdicts.c.decided_at, verdicts.c.id)
    )
    for row in connection.execute(query):
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
            prompted_by=row.prompted_by,
            sampling_probability=row.sampling_probability,
            decided_at=row.decided_at,
            model=row.model,
            language=row.language,
            scores=row.scores,
            encoder=row.encoder,
            vector=vector.tolist() if vector is not None else None,
        )

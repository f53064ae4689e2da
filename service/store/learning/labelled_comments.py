"""Labelled comments: verdicts with everything that a site model can be trained on.

Automatic decisions are never read here, so that a model is never trained on its own decisions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, Subquery, and_, func, select
from sqlalchemy.orm import aliased

from service.store.joins import article_of, comment_of, revision_of
from service.store.tables import articles, comments, revisions, scores, verdicts
from service.store.vectors import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledComment:
    """A verdict on one revision, with its context and the scores that the service had stored.

    `received_at` is the time of the revision. `scores` are those of `model`, and `vector` is the embedding by
    `encoder`.
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


def stream_labelled_comments(connection: Connection, *, site: str) -> Iterator[LabelledComment]:
    """Yield the newest verdict on each revision, the oldest verdict first, without erased comments."""
    for row in connection.execute(_select_newest_verdicts(site)):
        vector = unpack(row.vector)
        yield LabelledComment(
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


def _select_newest_verdicts(site: str) -> Select[Any]:
    newest = (
        select(func.max(verdicts.c.id))
        .where(verdicts.c.site == site)
        .group_by(verdicts.c.comment_id, verdicts.c.revision)
    )
    parent_texts = _select_current_texts()
    parent_text_of = and_(parent_texts.c.site == comments.c.site, parent_texts.c.comment_id == comments.c.parent_id)
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
            parent_texts.c.text.label("parent_text"),
        )
        .join(comments, comment_of(verdicts))
        .join(revisions, revision_of(verdicts))
        .join(scores, scores.c.id == _select_newest_scores())
        .outerjoin(articles, article_of(comments))
        .outerjoin(parent_texts, parent_text_of)
        .where(verdicts.c.id.in_(newest), comments.c.erased_at.is_(None))
        .order_by(verdicts.c.decided_at, verdicts.c.id)
    )


def _select_newest_scores() -> ScalarSelect[int]:
    """Select the id of the newest scores of the revision that a verdict is about."""
    of_verdict = (
        scores.c.site == verdicts.c.site,
        scores.c.comment_id == verdicts.c.comment_id,
        scores.c.revision == verdicts.c.revision,
    )
    return select(func.max(scores.c.id)).where(*of_verdict).correlate(verdicts).scalar_subquery()


def _select_current_texts() -> Subquery:
    """Select the current text of every comment, to join it to the replies."""
    parents, texts = aliased(comments), aliased(revisions)
    is_current = and_(
        texts.c.site == parents.c.site, texts.c.comment_id == parents.c.id, texts.c.revision == parents.c.revision
    )
    return select(texts.c.site, texts.c.comment_id, texts.c.text).join(parents, is_current).subquery()

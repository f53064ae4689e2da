"""Labelled comments: the training data of a site model. A label is the outcome of a verdict, a person's decision.

Automatic decisions are never read here, so that a model is never trained on its own output.
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
    """One training row: a verdict with the text that it is about, the text's context and its stored scores.

    `revision` numbers the versions of the comment's text; `received_at` is when this version arrived. `outcome` is
    `approve` or `reject`. `source` is where the person decided, such as `desk` (the review pages) or `coral`.
    `queue_kinds` are the reasons why the comment was in the queue. `sampling_probability` is the probability with which
    it was selected for review; training weights the row by its inverse. `model` and `encoder` are the versions that
    computed `scores` and `vector`, the text's embedding.
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
    """Yield one row per revision with a verdict (its newest), in order of decision time, without erased comments."""
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
    newest_ids = (
        select(func.max(verdicts.c.id))
        .where(verdicts.c.site == site)
        .group_by(verdicts.c.comment_id, verdicts.c.revision)
    )
    parent_texts = _select_current_texts()
    is_parent_text = and_(parent_texts.c.site == comments.c.site, parent_texts.c.comment_id == comments.c.parent_id)
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
        # `comment_of`, `revision_of` and `article_of` return join conditions.
        .join(comments, comment_of(verdicts))
        .join(revisions, revision_of(verdicts))
        .join(scores, scores.c.id == _select_newest_scores())
        .outerjoin(articles, article_of(comments))
        .outerjoin(parent_texts, is_parent_text)
        .where(verdicts.c.id.in_(newest_ids), comments.c.erased_at.is_(None))
        .order_by(verdicts.c.decided_at, verdicts.c.id)
    )


def _select_newest_scores() -> ScalarSelect[int]:
    """Select the id of the newest scores of the text that a verdict is about.

    This is a correlated subquery: the database evaluates it for each row of `verdicts` in the outer query.
    """
    is_same_revision = (
        scores.c.site == verdicts.c.site,
        scores.c.comment_id == verdicts.c.comment_id,
        scores.c.revision == verdicts.c.revision,
    )
    return select(func.max(scores.c.id)).where(*is_same_revision).correlate(verdicts).scalar_subquery()


def _select_current_texts() -> Subquery:
    """Select the current text of every comment, to join it to replies as the text of their parent."""
    # Aliases, because the outer query already reads both tables for the reply itself.
    parents, texts = aliased(comments), aliased(revisions)
    is_current = and_(
        texts.c.site == parents.c.site, texts.c.comment_id == parents.c.id, texts.c.revision == parents.c.revision
    )
    return select(texts.c.site, texts.c.comment_id, texts.c.text).join(parents, is_current).subquery()

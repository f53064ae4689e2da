"""Queries for the score map, a page that shows the comments on an article or of a day as points along one score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Select, and_, cast, func, select

from service.domain.states import CommentState
from service.store.comment_texts import CommentText
from service.store.joins import article_of, current_revision
from service.store.tables import articles, comments, revisions, scores


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSelection:
    """Which comments to show: those on one article, or those received from `since` (inclusive) to `until`."""

    article_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Comments on the map: three sequences with one element per comment, in no order. An unknown score is None."""

    ids: Sequence[str]
    scores: Sequence[float | None]
    states: Sequence[CommentState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One comment with its text and score."""

    comment: CommentText
    score: float
    state: CommentState


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyArticle:
    """An article with recent comments. The title is None if the CMS has not sent the article."""

    id: str
    title: str | None
    comments: int


def list_points(connection: Connection, *, site: str, selection: PointSelection, score: str, limit: int) -> Points:
    """Return at most `limit` comments of the selection, without erased ones."""
    rows = connection.execute(_select(site, selection, score).limit(limit)).all()
    return Points(
        ids=[row[0] for row in rows],
        scores=[row[1] for row in rows],
        states=[CommentState(row[2]) for row in rows],
    )


def list_range(
    connection: Connection, *, site: str, selection: PointSelection, score: str, low: float, high: float, limit: int
) -> list[Point]:
    """Return at most `limit` comments with a score from `low` to `high` (inclusive), newest first, with their texts."""
    value = _score_value(score)
    query = (
        _select(site, selection, score)
        .add_columns(revisions.c.text, articles.c.title, comments.c.received_at)
        .join(revisions, current_revision())
        .outerjoin(articles, article_of(comments))
        .where(value >= low, value <= high)
        .order_by(comments.c.received_at.desc(), comments.c.id.desc())
        .limit(limit)
    )
    return [
        Point(
            comment=CommentText(comment_id=row[0], text=row[3], article_title=row[4], received_at=row[5]),
            score=row[1],
            state=CommentState(row[2]),
        )
        for row in connection.execute(query)
    ]


def list_busy_articles(connection: Connection, *, site: str, since: datetime, limit: int) -> list[BusyArticle]:
    """Return the articles with the most comments received since a time, busiest first."""
    # Count before the join, so that only the titles of these articles are read.
    busy = (
        select(comments.c.article_id, func.count().label("comments"))
        .where(comments.c.site == site, comments.c.received_at >= since, comments.c.erased_at.is_(None))
        .group_by(comments.c.article_id)
        .order_by(func.count().desc(), comments.c.article_id)
        .limit(limit)
        .subquery()
    )
    query = (
        select(busy.c.article_id, articles.c.title, busy.c.comments)
        .outerjoin(articles, and_(articles.c.site == site, articles.c.id == busy.c.article_id))
        .order_by(busy.c.comments.desc(), busy.c.article_id)
    )
    return [BusyArticle(id=row[0], title=row[1], comments=row[2]) for row in connection.execute(query)]


def _select(site: str, selection: PointSelection, score: str) -> Select[Any]:
    """Select id, value of the score and state of each comment."""
    # A correlated subquery: for each comment, the id of its newest scores.
    newest_id = (
        select(func.max(scores.c.id))
        .where(scores.c.site == comments.c.site, scores.c.comment_id == comments.c.id)
        .correlate(comments)
        .scalar_subquery()
    )
    return (
        select(comments.c.id, _score_value(score), comments.c.state)
        .join(scores, scores.c.id == newest_id)
        .where(comments.c.site == site, comments.c.erased_at.is_(None), *_conditions(selection))
    )


def _conditions(selection: PointSelection) -> list[ColumnElement[bool]]:
    conditions = []
    if selection.article_id is not None:
        conditions.append(comments.c.article_id == selection.article_id)
    if selection.since is not None:
        conditions.append(comments.c.received_at >= selection.since)
    if selection.until is not None:
        conditions.append(comments.c.received_at < selection.until)
    return conditions


def _score_value(score: str) -> ColumnElement[float | None]:
    # The JSON value as text, then as a number: a JSON null becomes NULL.
    return cast(scores.c.scores[score].as_string(), Float)

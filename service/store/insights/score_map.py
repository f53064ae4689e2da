"""Dots: where an article's or a day's comments lie along one score, as three columns; and those in a range."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Select, and_, cast, func, select

from service.store.comments.comments import State
from service.store.policy.decision_history import RevisionText
from service.store.tables import articles, comments, revisions, scores


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSelection:
    """Which comments are on the map: those of an article, or those received from `since` until before `until`."""

    article_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """One entry a comment in each column, in no order; unknown scores are None."""

    ids: Sequence[str]
    scores: Sequence[float | None]
    states: Sequence[State]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One comment of a range, with its words."""

    wording: RevisionText
    score: float
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyArticle:
    """An article that has had comments lately; one that the CMS never sent has no title."""

    id: str
    title: str | None
    comments: int


def list_points(connection: Connection, *, site: str, selection: PointSelection, score: str, limit: int) -> Points:
    """Up to `limit` comments of a place; erased ones are no longer on any map."""
    rows = connection.execute(_select(site, selection, score).limit(limit)).all()
    return Points(ids=[row[0] for row in rows], scores=[row[1] for row in rows], states=[State(row[2]) for row in rows])


def list_range(
    connection: Connection, *, site: str, selection: PointSelection, score: str, low: float, high: float, limit: int
) -> list[Point]:
    """The comments whose score lies from `low` to `high`, both included, newest first."""
    value = _value(score)
    current = and_(
        revisions.c.site == comments.c.site,
        revisions.c.comment_id == comments.c.id,
        revisions.c.revision == comments.c.revision,
    )
    query = (
        _select(site, selection, score)
        .add_columns(revisions.c.text, articles.c.title, comments.c.received_at)
        .join(revisions, current)
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .where(value >= low, value <= high)
        .order_by(comments.c.received_at.desc(), comments.c.id.desc())
        .limit(limit)
    )
    return [
        Point(
            wording=RevisionText(comment_id=row[0], text=row[3], article_title=row[4], received_at=row[5]),
            score=row[1],
            state=State(row[2]),
        )
        for row in connection.execute(query)
    ]


def list_busy_articles(connection: Connection, *, site: str, since: datetime, limit: int) -> list[BusyArticle]:
    """The articles with most comments since then."""
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
    newest = (
        select(func.max(scores.c.id))
        .where(scores.c.site == comments.c.site, scores.c.comment_id == comments.c.id)
        .correlate(comments)
        .scalar_subquery()
    )
    return (
        select(comments.c.id, _value(score), comments.c.state)
        .join(scores, scores.c.id == newest)
        .where(comments.c.site == site, comments.c.erased_at.is_(None), *_within(selection))
    )


def _within(selection: PointSelection) -> list[ColumnElement[bool]]:
    conditions = []
    if selection.article_id is not None:
        conditions.append(comments.c.article_id == selection.article_id)
    if selection.since is not None:
        conditions.append(comments.c.received_at >= selection.since)
    if selection.until is not None:
        conditions.append(comments.c.received_at < selection.until)
    return conditions


def _value(score: str) -> ColumnElement[float | None]:
    return cast(scores.c.scores[score].as_string(), Float)

"""Second reviews: a sampled comment is decided again by another person, who does not see the first verdict.

They measure how well people agree. No model is trained on them, and they change no comment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from service.store.joins import article_of, comment_of, revision_of
from service.store.tables import articles, comments, revisions, second_reviews, verdicts
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A verdict that can be sampled for a second review."""

    site: str
    verdict_id: int
    comment_id: str
    revision: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReview:
    """What the second person sees: the text that the first person has decided on, without the first verdict."""

    id: int
    comment_id: str
    text: str
    article_title: str | None
    parent_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPair:
    """The two outcomes, and the reasons for a rejection, that two people gave for the same text."""

    first: str
    first_reason: str | None
    second: str
    second_reason: str | None


def list_candidates(connection: Connection, *, since: datetime, until: datetime) -> list[Candidate]:
    """Return the verdicts of all sites that users gave on the review pages in a period, without erased comments."""
    query = (
        select(verdicts.c.site, verdicts.c.id, verdicts.c.comment_id, verdicts.c.revision, verdicts.c.by)
        .join(comments, comment_of(verdicts))
        .where(
            verdicts.c.decided_at >= since,
            verdicts.c.decided_at < until,
            verdicts.c.source == "desk",  # the review pages
            verdicts.c.by.startswith("user:"),
            comments.c.erased_at.is_(None),
        )
    )
    return [
        Candidate(site=row.site, verdict_id=row.id, comment_id=row.comment_id, revision=row.revision, by=row.by)
        for row in connection.execute(query)
    ]


def list_requested(connection: Connection, *, verdict_ids: Sequence[int]) -> set[int]:
    """Return the ids of those verdicts that have a second review, open or decided."""
    query = select(second_reviews.c.verdict_id).where(second_reviews.c.verdict_id.in_(verdict_ids))
    return set(connection.execute(query).scalars())


def request(connection: Connection, candidate: Candidate, *, probability: float, now: datetime) -> bool:
    """Request a second review. Return False if the verdict has one already."""
    values = {
        "site": candidate.site,
        "comment_id": candidate.comment_id,
        "revision": candidate.revision,
        "verdict_id": candidate.verdict_id,
        "first_by": candidate.by,
        "sampling_probability": probability,
        "requested_at": now,
    }
    return insert_new(connection, second_reviews, values)


def find_next(connection: Connection, *, site: str, user: str, since: datetime, after: int) -> SecondReview | None:
    """Return the oldest open second review for this user with an id above `after`: of another user's verdict."""
    columns = (second_reviews.c.id, comments.c.id, revisions.c.text, articles.c.title, comments.c.parent_id)
    query = (
        _select_open(select(*columns), site=site, user=user, since=since)
        .join(revisions, revision_of(second_reviews))
        .outerjoin(articles, article_of(comments))
        .where(second_reviews.c.id > after)
        .order_by(second_reviews.c.id)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return SecondReview(id=row[0], comment_id=row[1], text=row[2], article_title=row[3], parent_id=row[4])


def count_open(connection: Connection, *, site: str, user: str, since: datetime) -> int:
    """Count the open second reviews for this user: those of other users' verdicts."""
    query = _select_open(select(func.count()).select_from(second_reviews), site=site, user=user, since=since)
    return int(connection.execute(query).scalar_one())


def decide(
    connection: Connection, *, site: str, number: int, outcome: str, reason: str | None, by: str, now: datetime
) -> bool:
    """Store the outcome of the second review with the id `number`. Return False if it is not open for the user `by`."""
    is_open = (
        second_reviews.c.site == site,
        second_reviews.c.id == number,
        second_reviews.c.decided_at.is_(None),
        second_reviews.c.first_by != by,
    )
    statement = update(second_reviews).where(*is_open).values(outcome=outcome, reason=reason, by=by, decided_at=now)
    return connection.execute(statement).rowcount == 1


def list_pairs(connection: Connection, *, site: str, since: datetime) -> list[ReviewPair]:
    """Return both outcomes of each second review that was decided since a time."""
    query = (
        select(verdicts.c.outcome, verdicts.c.reason, second_reviews.c.outcome, second_reviews.c.reason)
        .join(verdicts, verdicts.c.id == second_reviews.c.verdict_id)
        .where(second_reviews.c.site == site, second_reviews.c.decided_at >= since)
        .order_by(second_reviews.c.id)
    )
    return [
        ReviewPair(first=row[0], first_reason=row[1], second=row[2], second_reason=row[3])
        for row in connection.execute(query)
    ]


def _select_open(query: Select[Any], *, site: str, user: str, since: datetime) -> Select[Any]:
    return query.join(comments, comment_of(second_reviews)).where(
        second_reviews.c.site == site,
        second_reviews.c.requested_at >= since,
        second_reviews.c.decided_at.is_(None),
        second_reviews.c.first_by != user,
        comments.c.erased_at.is_(None),
    )

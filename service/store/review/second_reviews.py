"""Second reviews: decided comments put before another person, blind. They are no verdicts and never become labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, update

from service.store.tables import articles, comments, revisions, second_reviews, verdicts
from service.store.upsert import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A verdict that may be drawn for a second review."""

    site: str
    verdict_id: int
    comment_id: str
    revision: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReview:
    """What the second person sees: the wording that the first one saw, and nothing of what they said."""

    id: int
    comment_id: str
    text: str
    article_title: str | None
    parent_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The two words on one wording."""

    first: str
    first_reason: str | None
    second: str
    second_reason: str | None


def list_candidates(connection: Connection, *, since: datetime, until: datetime) -> list[Candidate]:
    """Verdicts that people gave on the pages in this time, on wordings that still have words; of all sites."""
    query = (
        select(verdicts.c.site, verdicts.c.id, verdicts.c.comment_id, verdicts.c.revision, verdicts.c.by)
        .join(comments, and_(comments.c.site == verdicts.c.site, comments.c.id == verdicts.c.comment_id))
        .where(
            verdicts.c.decided_at >= since,
            verdicts.c.decided_at < until,
            verdicts.c.source == "page",
            verdicts.c.by.startswith("user:"),
            comments.c.erased_at.is_(None),
        )
    )
    return [
        Candidate(site=row.site, verdict_id=row.id, comment_id=row.comment_id, revision=row.revision, by=row.by)
        for row in connection.execute(query)
    ]


def list_known(connection: Connection, *, verdict_ids: Sequence[int]) -> set[int]:
    """Which of these verdicts have been drawn already."""
    query = select(second_reviews.c.verdict_id).where(second_reviews.c.verdict_id.in_(verdict_ids))
    return set(connection.execute(query).scalars())


def ask(connection: Connection, candidate: Candidate, *, probability: float, now: datetime) -> bool:
    """Puts a decided comment before a second person; False where that was done already."""
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
    """The oldest open one behind number `after` that somebody else than this person decided first."""
    judged = and_(
        revisions.c.site == second_reviews.c.site,
        revisions.c.comment_id == second_reviews.c.comment_id,
        revisions.c.revision == second_reviews.c.revision,
    )
    query = (
        _open(select(second_reviews.c.id, comments.c.id, revisions.c.text, articles.c.title, comments.c.parent_id),
              site=site, user=user, since=since)
        .join(revisions, judged)
        .outerjoin(articles, and_(articles.c.site == comments.c.site, articles.c.id == comments.c.article_id))
        .where(second_reviews.c.id > after)
        .order_by(second_reviews.c.id)
        .limit(1)
    )  # fmt: skip
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return SecondReview(id=row[0], comment_id=row[1], text=row[2], article_title=row[3], parent_id=row[4])


def count_open(connection: Connection, *, site: str, user: str, since: datetime) -> int:
    """How many wait for this person."""
    query = _open(select(func.count()).select_from(second_reviews), site=site, user=user, since=since)
    return int(connection.execute(query).scalar_one())


def decide(
    connection: Connection, *, site: str, number: int, outcome: str, reason: str | None, by: str, now: datetime
) -> bool:
    """Writes the second word down; False where there is one, or the first person would give it."""
    this = (
        second_reviews.c.site == site,
        second_reviews.c.id == number,
        second_reviews.c.decided_at.is_(None),
        second_reviews.c.first_by != by,
    )
    said = update(second_reviews).where(*this).values(outcome=outcome, reason=reason, by=by, decided_at=now)
    return connection.execute(said).rowcount == 1


def list_pairs(connection: Connection, *, site: str, since: datetime) -> list[Pair]:
    """Both words of the second reviews decided since then."""
    query = (
        select(verdicts.c.outcome, verdicts.c.reason, second_reviews.c.outcome, second_reviews.c.reason)
        .join(verdicts, verdicts.c.id == second_reviews.c.verdict_id)
        .where(second_reviews.c.site == site, second_reviews.c.decided_at >= since)
        .order_by(second_reviews.c.id)
    )
    return [
        Pair(first=row[0], first_reason=row[1], second=row[2], second_reason=row[3])
        for row in connection.execute(query)
    ]


def _open(query: Select[Any], *, site: str, user: str, since: datetime) -> Select[Any]:
    return query.join(
        comments, and_(comments.c.site == second_reviews.c.site, comments.c.id == second_reviews.c.comment_id)
    ).where(
        second_reviews.c.site == site,
        second_reviews.c.requested_at >= since,
        second_reviews.c.decided_at.is_(None),
        second_reviews.c.first_by != user,
        comments.c.erased_at.is_(None),
    )

"""The map: where an article's or a day's comments lie along a score, and where this site's threshold falls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.comments.comments import State
from service.store.insights import score_map
from service.store.insights.score_map import BusyArticle, Point, Points, PointSelection
from service.store.policy import policies

MAX_POINTS = 50_000
SHOWN = 100
BUSY_DAYS = timedelta(days=7)
BUSY_ARTICLES = 50
BANDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of the score, from `low` to before `high` (the last one includes 1), and what lies there."""

    low: float
    high: float
    approved: int
    held: int
    rejected: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.approved + self.held + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map as a table: the bands, how many comments have no such score, and the threshold in force."""

    bands: tuple[Band, ...]
    unknown: int
    total: int
    threshold: float | None


def place_article(article_id: str) -> PointSelection:
    """The comments of an article."""
    return PointSelection(article_id=article_id)


def place_day(day: date) -> PointSelection:
    """The comments received on a day, by UTC."""
    since = datetime.combine(day, time.min, UTC)
    return PointSelection(since=since, until=since + timedelta(days=1))


def read_points(runtime: Runtime, caller: Caller, *, selection: PointSelection, score: str) -> Points:
    """The newest MAX_POINTS comments of a place."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return score_map.list_points(connection, site=caller.site, selection=selection, score=score, limit=MAX_POINTS)


def read_map(runtime: Runtime, caller: Caller, *, selection: PointSelection, score: str) -> Map:
    """The same as a table."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        found = score_map.list_points(connection, site=caller.site, selection=selection, score=score, limit=MAX_POINTS)
        policy = policies.read_policy(connection, site=caller.site)
    thresholds = policy.with_defaults(runtime.scorers.base.recommended_thresholds).thresholds
    return Map(
        bands=_count(found),
        unknown=sum(value is None for value in found.scores),
        total=len(found.ids),
        threshold=thresholds.get(score),
    )


def read_range(
    runtime: Runtime, caller: Caller, *, selection: PointSelection, score: str, low: float, high: float
) -> list[Point]:
    """The newest SHOWN comments of a stretch of the score, both ends included."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return score_map.list_range(
            connection, site=caller.site, selection=selection, score=score, low=low, high=high, limit=SHOWN
        )


def list_busy_articles(runtime: Runtime, caller: Caller) -> Sequence[BusyArticle]:
    """The articles that had most comments in the last week."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        since = runtime.clock() - BUSY_DAYS
        return score_map.list_busy_articles(connection, site=caller.site, since=since, limit=BUSY_ARTICLES)


def _count(found: Points) -> tuple[Band, ...]:
    counts = [dict.fromkeys((State.APPROVED, State.HELD, State.REJECTED), 0) for _ in range(BANDS)]
    for value, state in zip(found.scores, found.states, strict=True):
        if value is not None:
            counts[min(int(value * BANDS), BANDS - 1)][state] += 1
    return tuple(
        Band(
            low=number / BANDS,
            high=(number + 1) / BANDS,
            approved=each[State.APPROVED],
            held=each[State.HELD],
            rejected=each[State.REJECTED],
        )
        for number, each in enumerate(counts)
    )

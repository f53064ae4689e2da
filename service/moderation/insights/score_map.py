"""The score map: the comments on an article or of a day along a score, with the threshold of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.moderation.runtime import Runtime
from service.store.insights import score_map
from service.store.insights.score_map import BusyArticle, Point, Points, PointSelection
from service.store.policy import policies

MAX_POINTS = 50_000
MAX_SHOWN = 100
BUSY_PERIOD = timedelta(days=7)
MAX_BUSY_ARTICLES = 50
BIN_COUNT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreBin:
    """The comments with a score from `low` to below `high` (the last bin includes 1), counted by state."""

    low: float
    high: float
    approved: int
    held: int
    rejected: int

    @property
    def total(self) -> int:
        """The number of comments in the bin."""
        return self.approved + self.held + self.rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreHistogram:
    """A score map as a table, with the number of comments whose score is unknown, and the threshold in force."""

    bins: tuple[ScoreBin, ...]
    unknown: int
    total: int
    threshold: float | None


def select_article(article_id: str) -> PointSelection:
    """Select the comments on an article."""
    return PointSelection(article_id=article_id)


def select_day(day: date) -> PointSelection:
    """Select the comments received on a day, by UTC."""
    since = datetime.combine(day, time.min, UTC)
    return PointSelection(since=since, until=since + timedelta(days=1))


def read_points(runtime: Runtime, caller: Caller, *, selection: PointSelection, score: str) -> Points:
    """Return at most MAX_POINTS comments of the selection."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return score_map.list_points(connection, site=caller.site, selection=selection, score=score, limit=MAX_POINTS)


def read_histogram(runtime: Runtime, caller: Caller, *, selection: PointSelection, score: str) -> ScoreHistogram:
    """Return the same comments as a table."""
    points = read_points(runtime, caller, selection=selection, score=score)
    with runtime.database.reading() as connection:
        policy = policies.read_policy(connection, site=caller.site)
    thresholds = policy.with_defaults(runtime.scorers.base.recommended_thresholds).thresholds
    return ScoreHistogram(
        bins=_count_by_bin(points),
        unknown=sum(value is None for value in points.scores),
        total=len(points.ids),
        threshold=thresholds.get(score),
    )


def read_range(
    runtime: Runtime, caller: Caller, *, selection: PointSelection, score: str, low: float, high: float
) -> list[Point]:
    """Return the newest MAX_SHOWN comments with a score from `low` to `high`, both included."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return score_map.list_range(
            connection, site=caller.site, selection=selection, score=score, low=low, high=high, limit=MAX_SHOWN
        )


def list_busy_articles(runtime: Runtime, caller: Caller) -> Sequence[BusyArticle]:
    """Return the articles with the most comments in the last week."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        since = runtime.clock() - BUSY_PERIOD
        return score_map.list_busy_articles(connection, site=caller.site, since=since, limit=MAX_BUSY_ARTICLES)


def _count_by_bin(points: Points) -> tuple[ScoreBin, ...]:
    states = (CommentState.APPROVED, CommentState.HELD, CommentState.REJECTED)
    counts = [dict.fromkeys(states, 0) for _ in range(BIN_COUNT)]
    for value, state in zip(points.scores, points.states, strict=True):
        if value is not None:
            # The last bin includes 1.
            number = min(int(value * BIN_COUNT), BIN_COUNT - 1)
            counts[number][state] += 1
    return tuple(
        ScoreBin(
            low=number / BIN_COUNT,
            high=(number + 1) / BIN_COUNT,
            approved=count[CommentState.APPROVED],
            held=count[CommentState.HELD],
            rejected=count[CommentState.REJECTED],
        )
        for number, count in enumerate(counts)
    )

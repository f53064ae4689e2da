"""Priority in the queue: a sum of parts that can be shown to the moderator."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from service.domain.policy.thresholds import HELD_WHEN_BELOW

DANGER = 10.0
APPEAL = 3.0
AGE_PER_HOUR = 0.5 / 24
"""Half a point a day, so that no comment waits forever behind more urgent ones."""

MAX_REACH = 0.5
REACH_CAP_COUNT = 1_000
"""An article with this many comments gets MAX_REACH."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """The points of each part. Age is not included, because it grows; `sort_key` takes it into account.

    `danger`: 10 for a threat or a writer in danger. `harm`: the largest score that indicates harm, 0 to 1.
    `uncertainty`: the binary entropy of toxicity in bits, 0 to 1, as in uncertainty sampling. `reach`: up to 0.5 for an
    article with many comments. `complaint`: 1 to 2 for readers' reports, 3 for an author's appeal.
    """

    danger: float = 0.0
    harm: float = 0.0
    uncertainty: float = 0.0
    reach: float = 0.0
    complaint: float = 0.0

    @property
    def total(self) -> float:
        """The sum of all parts."""
        return float(sum(asdict(self).values()))

    def as_dict(self) -> dict[str, float]:
        """Return the parts that are not zero, as they are stored."""
        return {name: round(value, 3) for name, value in asdict(self).items() if value}

    def sort_key(self, entered_at: datetime) -> float:
        """Return the key by which the queue is sorted, smallest first.

        Waiting adds the same number of points to every comment per hour, so that the order never changes and the key
        can be stored.
        """
        return entered_at.timestamp() / 3_600 * AGE_PER_HOUR - self.total


def priority_of_scores(scores: Mapping[str, float | None], *, urgent: bool, article_comments: int = 0) -> Priority:
    """Return the priority of a held comment; `article_comments` is the number of other comments on its article."""
    toxicity = scores.get("toxicity")
    harmful = [value for name, value in scores.items() if value is not None and name not in HELD_WHEN_BELOW]
    return Priority(
        danger=DANGER if urgent else 0.0,
        # If all are unknown, as in an unsupported language, the comment ranks in the middle.
        harm=max(harmful, default=0.5),
        uncertainty=1.0 if toxicity is None else _entropy(toxicity),
        reach=MAX_REACH * min(1.0, math.log1p(article_comments) / math.log1p(REACH_CAP_COUNT)),
    )


def priority_of_reports(count: int) -> Priority:
    """Return the priority of a published comment with this many reports.

    Each report adds less than the one before, so that a campaign of ten does not outrank a threat.
    """
    return Priority(complaint=2 - 1 / count)


def priority_of_appeal() -> Priority:
    """Return the priority of a comment whose author has appealed."""
    return Priority(complaint=APPEAL)


def waiting_points(entered_at: datetime, now: datetime) -> float:
    """Return the points that the time in the queue adds up to now."""
    return max(0.0, (now - entered_at).total_seconds() / 3_600 * AGE_PER_HOUR)


def _entropy(p: float) -> float:
    """Return the binary entropy of a probability in bits. It is 1 at 0.5, and 0 at 0 and 1."""
    return 0.0 if p in {0.0, 1.0} else -(p * math.log2(p) + (1 - p) * math.log2(1 - p))

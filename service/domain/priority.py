"""Priority: how pressing it is that a person looks, and the reasons in parts that can be shown to that person."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from service.domain.policy.rules import HELD_WHEN_BELOW

DANGER = 10.0
APPEAL = 3.0
AGE_PER_HOUR = 0.5 / 24
"""Half a point a day: what nobody ever finds pressing is looked at in the end."""

MAX_REACH = 0.5
REACH_CAP_COUNT = 1_000
"""Comments under one article from which its reach counts in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """Points, each part on its own; age is not among them because it grows.

    `danger` is 10 for a threat or a writer in danger, `harm` the largest of the scores that speak of harm (0 to 1),
    `uncertainty` the binary entropy of toxicity in bits (0 to 1), `reach` up to 0.5 for an article that many comment
    on, `complaint` what readers' reports (1 to 2) or an author's appeal (3) add.
    """

    danger: float = 0.0
    harm: float = 0.0
    uncertainty: float = 0.0
    reach: float = 0.0
    complaint: float = 0.0

    @property
    def total(self) -> float:
        """The sum of the parts."""
        return float(sum(asdict(self).values()))

    def as_facts(self) -> dict[str, float]:
        """What is stored: the parts that are there."""
        return {name: round(value, 3) for name, value in asdict(self).items() if value}

    def sort_key(self, entered_at: datetime) -> float:
        """Where it stands among others, smallest first: as every hour adds the same to all, the order never changes."""
        return entered_at.timestamp() / 3_600 * AGE_PER_HOUR - self.total


def weigh_scores(scores: Mapping[str, float | None], *, urgent: bool, neighbours: int = 0) -> Priority:
    """The priority of a comment that the machine has held; `neighbours` are the other comments on its article."""
    toxicity = scores.get("toxicity")
    return Priority(
        danger=DANGER if urgent else 0.0,
        harm=max(
            (value for name, value in scores.items() if value is not None and name not in HELD_WHEN_BELOW), default=0.5
        ),
        uncertainty=1.0 if toxicity is None else _entropy(toxicity),
        reach=MAX_REACH * min(1.0, math.log1p(neighbours) / math.log1p(REACH_CAP_COUNT)),
    )


def weigh_reports(count: int) -> Priority:
    """The priority of a comment that stands and was reported: each reader adds less than the one before.

    So a campaign of ten does not outrank a threat.
    """
    return Priority(complaint=2 - 1 / count)


def weigh_appeal() -> Priority:
    """The priority of a comment whose author waits for an answer."""
    return Priority(complaint=APPEAL)


def waiting_points(entered_at: datetime, now: datetime) -> float:
    """What waiting adds by now."""
    return max(0.0, (now - entered_at).total_seconds() / 3_600 * AGE_PER_HOUR)


def _entropy(p: float) -> float:
    return 0.0 if p in {0.0, 1.0} else -(p * math.log2(p) + (1 - p) * math.log2(1 - p))

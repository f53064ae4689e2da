"""Readings: scores, thresholds and times as a moderator reads them. Their words are in the templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.calibration_bins import ReliabilityBin
from models.comment import SCORES
from service.domain.policy.rules import HELD_WHEN_BELOW

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """One score: its value, or why it is unknown, the threshold of this site's policy for it, and its card's band."""

    name: str
    value: float | None
    abstention: str | None
    threshold: float | None
    band: ReliabilityBin | None

    @property
    def from_below(self) -> bool:
        """Whether low values are the ones that hold."""
        return self.name in HELD_WHEN_BELOW

    @property
    def is_held(self) -> bool:
        """Whether the score alone would hold the comment."""
        if self.value is None or self.threshold is None:
            return False
        return self.value <= self.threshold if self.from_below else self.value >= self.threshold


def read_scores(
    scores: Mapping[str, float | None],
    abstentions: Mapping[str, str],
    thresholds: Mapping[str, float | None],
    bands: Mapping[str, ReliabilityBin] | None = None,
) -> list[ScoreView]:
    """Every score in the kernel's order, then the site's own."""
    names = [*SCORES, *(name for name in scores if name not in SCORES)]
    return [
        ScoreView(
            name=name,
            value=scores.get(name),
            abstention=abstentions.get(name),
            threshold=thresholds.get(name),
            band=(bands or {}).get(name),
        )
        for name in names
    ]


def age(then: datetime, now: datetime) -> tuple[int, str]:
    """How long ago: a whole number of `minute`, `hour` or `day`, rounded down; a clock ahead of ours is 0."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < HOUR:
        return seconds // MINUTE, "minute"
    if seconds < 2 * DAY:
        return seconds // HOUR, "hour"
    return seconds // DAY, "day"

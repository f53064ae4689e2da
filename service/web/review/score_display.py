"""Scores as the comment's page shows them: value, threshold, and the measured reliability of such values."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.calibration_bins import ReliabilityBin
from models.comment import SCORES
from service.domain.policy.thresholds import HELD_WHEN_BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """One score as a row of the table.

    `abstention` is the reason why the score has no value. `bin` says how reliable such values were in the evaluation
    of the release (the folder of fitted models).
    """

    name: str
    value: float | None
    abstention: str | None
    threshold: float | None
    bin: ReliabilityBin | None

    @property
    def held_when_below(self) -> bool:
        """Whether low values hold a comment."""
        return self.name in HELD_WHEN_BELOW

    @property
    def is_held(self) -> bool:
        """Whether this score alone would hold the comment."""
        if self.value is None or self.threshold is None:
            return False
        return self.value <= self.threshold if self.held_when_below else self.value >= self.threshold


def view_scores(
    scores: Mapping[str, float | None],
    abstentions: Mapping[str, str],
    thresholds: Mapping[str, float | None],
    bins: Mapping[str, ReliabilityBin] | None = None,
) -> list[ScoreView]:
    """Return the scores of the base release in their usual order, then those of the site model."""
    names = [*SCORES, *(name for name in scores if name not in SCORES)]
    return [
        ScoreView(
            name=name,
            value=scores.get(name),
            abstention=abstentions.get(name),
            threshold=thresholds.get(name),
            bin=(bins or {}).get(name),
        )
        for name in names
    ]

"""Reliability of a score: the share of comments with a similar score that had the positive label in the evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MIN_ROWS = 20
"""A bin with fewer rows is not reported, because its share is too uncertain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """One bin of a reliability diagram. It has the scores from `start` to `stop`, without `stop` itself unless it is 1.

    The evaluation had `rows` comments with such a score. The share `observed` of them had the positive label: for
    toxicity, they were toxic. `low` and `high` are the limits of its 95 % confidence interval.
    """

    start: float
    stop: float
    rows: int
    observed: float
    low: float
    high: float


def find_bins(metrics: Mapping[str, Any], scores: Mapping[str, float | None]) -> dict[str, ReliabilityBin]:
    """Return the bin that each score falls into. `metrics` are those of a release's card.

    Unknown scores, scores without measurements, and scores in bins with too few rows are left out.
    """
    reliability: Mapping[str, Any] = metrics.get("reliability", {})
    bins = {name: _find_bin(diagram["bins"], scores.get(name)) for name, diagram in reliability.items()}
    return {name: score_bin for name, score_bin in bins.items() if score_bin is not None}


def _find_bin(bins: list[Mapping[str, Any]], score: float | None) -> ReliabilityBin | None:
    if score is None:
        return None
    for fields in bins:
        # A score of 1 is not below any `stop`, but belongs to the last bin.
        if score < fields["stop"] or fields is bins[-1]:
            return ReliabilityBin(**fields) if fields["rows"] >= MIN_ROWS else None
    return None

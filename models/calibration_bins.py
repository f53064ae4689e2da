"""Reliability of a score: how often it was right for comments of a similar score, as measured for the release."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MIN_ROWS = 20
"""Rows below which a bin is not reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """One bin of a reliability diagram: scores from `start` up to, and without, `stop`; the last bin includes 1.

    Of `rows` evaluation comments with such a score, the share `observed` had the positive label (for toxicity: were
    toxic). `low` and `high` bound its 95 % interval.
    """

    start: float
    stop: float
    rows: int
    observed: float
    low: float
    high: float


def find_bins(metrics: Mapping[str, Any], scores: Mapping[str, float | None]) -> dict[str, ReliabilityBin]:
    """Return the bin of each score, out of the metrics of a release's card.

    Scores that are unknown, were not measured, or fall into a bin with too few rows are left out.
    """
    measured: Mapping[str, Any] = metrics.get("reliability", {})
    bins = {name: _find_bin(details["bins"], scores.get(name)) for name, details in measured.items()}
    return {name: score_bin for name, score_bin in bins.items() if score_bin is not None}


def _find_bin(bins: list[Mapping[str, Any]], score: float | None) -> ReliabilityBin | None:
    if score is None:
        return None
    details = next((details for details in bins if score < details["stop"] or details is bins[-1]), None)
    return ReliabilityBin(**details) if details is not None and details["rows"] >= MIN_ROWS else None

"""How far a score can be taken at its word: what was observed where a release gave such a score; measures nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MIN_ROWS = 20
"""Rows below which a band says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Of `rows` comments with a score from `start` up to `stop`, the share `observed` was what the score looks for.

    `low` and `high` are the ends of its 95 % interval. The band that ends at 1 includes it.
    """

    start: float
    stop: float
    rows: int
    observed: float
    low: float
    high: float


def find_bins(metrics: Mapping[str, Any], scores: Mapping[str, float | None]) -> dict[str, ReliabilityBin]:
    """Answer the band of each score that the release's card has measured; the others are left out."""
    found = {name: _find_bin(facts["bins"], scores.get(name)) for name, facts in _measured(metrics).items()}
    return {name: band for name, band in found.items() if band is not None}


def _measured(metrics: Mapping[str, Any]) -> Mapping[str, Any]:
    measured: Mapping[str, Any] = metrics.get("reliability", {})
    return measured


def _find_bin(bins: list[Mapping[str, Any]], value: float | None) -> ReliabilityBin | None:
    if value is None:
        return None
    facts = next((each for each in bins if value < each["stop"] or each is bins[-1]), None)
    return ReliabilityBin(**facts) if facts is not None and facts["rows"] >= MIN_ROWS else None

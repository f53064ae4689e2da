"""Measures how often toxicity is right, by score: the calibration bins on a release's card, out of fold."""

from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.calibration_bins import ReliabilityBin
from training.statistics.metrics import wilson_interval
from training.toxicity.fit import FittedToxicity

Floats = NDArray[np.float64]

SET = "wikipedia_talk"
"""The corpus that toxicity is calibrated on."""

EDGES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
"""The edges of the bins. Bins are narrow where most comments are, and else wide enough for a useful interval."""


def measure_reliability(toxicity: FittedToxicity) -> dict[str, Any]:
    """Return toxicity's bins on the rows of SET at their natural rate, as JSON for the card's metric `reliability`.

    The slope and the offset of the calibration were fitted on these rows. Attributes have no bins, because none has
    enough labels at a natural rate.
    """
    natural = (
        np.array([example.natural and example.source == SET for example in toxicity.training_set]) & toxicity.held_out
    )
    labels = np.array([example.labels[0] for example in toxicity.training_set])[natural]
    bins = make_bins(expit(toxicity.out_of_fold[natural, 0]), labels)
    return {"toxicity": {"set": SET, "rate": round(float(labels.mean()), 4), "bins": [asdict(part) for part in bins]}}


def make_bins(scores: Floats, labels: Floats) -> list[ReliabilityBin]:
    """Return a bin between each two neighbours in EDGES, with Wilson's (1927) interval, or 0 to 1 if it is empty."""
    # Inner edges only, so that the first and the last bin take everything at the ends.
    bin_of_row = np.digitize(scores, EDGES[1:-1])
    return [_make_bin(start, stop, labels[bin_of_row == index]) for index, (start, stop) in enumerate(pairwise(EDGES))]


def _make_bin(start: float, stop: float, labels: Floats) -> ReliabilityBin:
    low, high = wilson_interval(labels) if len(labels) else (0.0, 1.0)
    observed = float(labels.mean()) if len(labels) else 0.0
    return ReliabilityBin(
        start=start,
        stop=stop,
        rows=len(labels),
        observed=round(observed, 4),
        low=round(low, 4),
        high=round(high, 4),
    )

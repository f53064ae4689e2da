"""How far toxicity can be taken at its word, as a release's card states it; measured on rows that no part has seen."""

from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.reliability import Band
from training.measures import wilson
from training.toxicity import FittedToxicity

Floats = NDArray[np.float64]

SET = "wikipedia_talk"
"""The corpus that toxicity is calibrated on."""

EDGES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
"""Narrow where most comments lie, and wide enough elsewhere for an interval that says something."""


def measure_reliability(toxicity: FittedToxicity) -> dict[str, Any]:
    """Answer the bands of toxicity, at the natural rate of SET.

    Two numbers of the calibration were fitted on these rows; no attribute has labels enough at a natural rate.
    """
    natural = np.array([lesson.natural and lesson.source == SET for lesson in toxicity.lessons]) & toxicity.unseen
    labels = np.array([lesson.labels[0] for lesson in toxicity.lessons])[natural]
    bands = make_bands(expit(toxicity.out_of_fold[natural, 0]), labels)
    return {
        "toxicity": {
            "set": SET,
            "rate": round(float(labels.mean()), 4),
            "bins": [asdict(band) for band in bands],
        }
    }


def make_bands(scores: Floats, labels: Floats) -> list[Band]:
    """Answer a band for each two of EDGES, with Wilson's (1927) interval; one without rows says from 0 to 1."""
    places = np.digitize(scores, EDGES[1:-1])
    return [_make_band(start, stop, labels[places == place]) for place, (start, stop) in enumerate(pairwise(EDGES))]


def _make_band(start: float, stop: float, labels: Floats) -> Band:
    low, high = wilson(labels) if len(labels) else (0.0, 1.0)
    share = float(labels.mean()) if len(labels) else 0.0
    figures = {"observed": share, "low": low, "high": high}
    return Band(start=start, stop=stop, rows=len(labels), **{name: round(value, 4) for name, value in figures.items()})

"""How far toxicity can be taken at its word, as a release's card states it; measured on rows that no part has seen."""

from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from models.calibration_bins import ReliabilityBin
from models.card import Card, read_card, write_card
from models.release import open_release
from training.corpora.registry import Corpora
from training.evaluation.metrics import wilson
from training.evaluation.scoring import score_texts
from training.toxicity.fit import FittedToxicity

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
    return _state(expit(toxicity.out_of_fold[natural, 0]), labels)


def state_reliability(folder: Path, corpora: Corpora, *, jobs: int = 1) -> Card:
    """Measure the same of a release that was fitted before cards said it, and answer its card, written anew.

    On the held-out rows of SET at its natural rate, of which no part of a release has seen any. Raises ReleaseRefused.
    """
    rows = [row for row in corpora.held_out(SET) if row["natural_rate_block"] == "1"]
    said = score_texts(open_release(folder).toxicity, [row["text"] for row in rows], jobs=jobs)[:, 0]
    stated = _state(said, np.array([float(row["toxic"]) for row in rows]))
    card = read_card(folder)
    return write_card(folder, replace(card, metrics={**card.metrics, "reliability": stated}))


def _state(scores: Floats, labels: Floats) -> dict[str, Any]:
    bins = [asdict(band) for band in make_bands(scores, labels)]
    return {"toxicity": {"set": SET, "rate": round(float(labels.mean()), 4), "bins": bins}}


def make_bands(scores: Floats, labels: Floats) -> list[ReliabilityBin]:
    """Answer a band for each two of EDGES, with Wilson's (1927) interval; one without rows says from 0 to 1."""
    places = np.digitize(scores, EDGES[1:-1])
    return [_make_band(start, stop, labels[places == place]) for place, (start, stop) in enumerate(pairwise(EDGES))]


def _make_band(start: float, stop: float, labels: Floats) -> ReliabilityBin:
    low, high = wilson(labels) if len(labels) else (0.0, 1.0)
    share = float(labels.mean()) if len(labels) else 0.0
    figures = {"observed": share, "low": low, "high": high}
    return ReliabilityBin(
        start=start, stop=stop, rows=len(labels), **{name: round(value, 4) for name, value in figures.items()}
    )

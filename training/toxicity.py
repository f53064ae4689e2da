"""Fitting toxicity: folds, heads, and the base rate at which it is calibrated; knows neither release nor report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from joblib import Memory, Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.toxicity import TARGETS, LogisticHeads, build_toxicity
from training.calibration import fit_platt, weights_at_rate
from training.corpora import Corpora
from training.lessons import WEIGHTS, Lesson, list_entries, read_lessons

Floats = NDArray[np.float64]

STRENGTH = 2.0
"""The inverse of the penalty; chosen, as the weights are, on held-out rows of the training corpora."""

FOLDS = 5
_CALIBRATION_SOURCE = "wikipedia_talk"


@dataclass(frozen=True, slots=True)
class FittedToxicity:
    """A calibrated pipeline, what it was fitted on, and log-odds of each lesson by a model that had not seen it.

    `out_of_fold` is (lessons, targets), calibrated; `base_rates` are the shares that probabilities are stated at.
    """

    pipeline: Pipeline
    lessons: list[Lesson]
    out_of_fold: Floats
    base_rates: Mapping[str, float]


def fit_toxicity(corpora: Corpora, *, memory: Memory, jobs: int = 1, strength: float = STRENGTH) -> FittedToxicity:
    """Fit on every lesson, calibrate on those of one corpus at its natural rate as seen by models without them.

    Deterministic: folds follow from the texts' keys, and the solver has no randomness.
    """
    lessons = read_lessons(corpora)
    pipeline = build_toxicity(list_entries(corpora), strength=strength, jobs=jobs)
    features = memory.cache(_fit_features)(pipeline[:-1], [lesson.text for lesson in lessons])
    labels = np.array([lesson.labels for lesson in lessons])
    weights = np.array([WEIGHTS[lesson.source] for lesson in lessons])
    fitted_steps, rows = features
    heads = clone(pipeline[-1]).fit(rows, labels, sample_weight=weights)
    unseen = _log_odds_out_of_fold(heads, rows, labels, weights, lessons, jobs=jobs)
    slopes, offsets, rates = _calibrate(unseen, labels, lessons)
    heads.rescale(slopes, offsets)
    heads.jobs = 1
    whole = Pipeline([*fitted_steps.steps, ("heads", heads)])
    return FittedToxicity(whole, lessons, unseen * slopes + offsets, rates)


def _fit_features(steps: Pipeline, texts: list[str]) -> tuple[Pipeline, sp.csr_matrix]:
    rows = steps.fit_transform(texts)
    return steps, rows


def _log_odds_out_of_fold(
    heads: LogisticHeads, rows: sp.csr_matrix, labels: Floats, weights: Floats, lessons: list[Lesson], *, jobs: int
) -> Floats:
    """Answer log-odds of each lesson by heads that were fitted without its fold, shape (lessons, targets)."""
    folds = np.array([int(lesson.key, 16) % FOLDS for lesson in lessons])
    single = clone(heads).set_params(jobs=1)
    parts = Parallel(n_jobs=jobs)(
        delayed(_fit_fold)(single, rows, labels, weights, folds == fold) for fold in range(FOLDS)
    )
    unseen = np.empty(labels.shape)
    for fold, part in enumerate(parts):
        unseen[folds == fold] = part
    return unseen


def _fit_fold(heads: LogisticHeads, rows: sp.csr_matrix, labels: Floats, weights: Floats, out: Any) -> Floats:
    fitted = clone(heads).fit(rows[~out], labels[~out], sample_weight=weights[~out])
    log_odds: Floats = fitted.decision_function(rows[out])
    return log_odds


def _calibrate(log_odds: Floats, labels: Floats, lessons: list[Lesson]) -> tuple[Floats, Floats, Mapping[str, float]]:
    """Answer slope, offset and base rate for each target.

    Toxicity is calibrated on the rows at their natural rate. Attributes are known on too few of those, so they take
    every row of the corpus where they are known, weighted to the same rate of toxic ones.
    """
    source = np.array([lesson.source == _CALIBRATION_SOURCE for lesson in lessons])
    natural = source & np.array([lesson.natural for lesson in lessons])
    rate = float(labels[natural, 0].mean())
    asked = source & np.array([bool(lesson.asked) for lesson in lessons])
    slopes, offsets, rates = [], [], {}
    for column, name in enumerate(TARGETS):
        chosen = natural if column == 0 else asked
        weight = np.ones(chosen.sum()) if column == 0 else weights_at_rate(labels[chosen, 0], rate=rate)
        slope, offset = fit_platt(log_odds[chosen, column], labels[chosen, column], weight)
        slopes.append(slope)
        offsets.append(offset)
        rates[name] = float(np.average(labels[chosen, column], weights=weight))
    return np.array(slopes), np.array(offsets), rates

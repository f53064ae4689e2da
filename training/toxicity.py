"""Fitting toxicity: folds, heads, and the base rate at which it is calibrated; knows neither release nor report."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from joblib import Memory, Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.toxicity import TARGETS, LogisticHeads, build_toxicity
from training.calibration import fit_platt, weights_at_rate
from training.corpora import Corpora
from training.lessons import Lesson, list_entries, read_lessons

Floats = NDArray[np.float64]
Folds = NDArray[np.int_]
Rows = NDArray[np.bool_]

STRENGTH = 4.0
"""The inverse of the penalty; chosen, as the weights are, on held-out rows of the training corpora."""

FOLDS = 3
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

    Deterministic: folds follow from the texts' keys, and the solver has no randomness. Some five minutes on two
    cores; seconds where `memory` has the same lessons.
    """
    lessons = read_lessons(corpora)
    labels = np.array([lesson.labels for lesson in lessons])
    weights = np.array([lesson.weight for lesson in lessons])
    folds = np.array([int(lesson.key, 16) % FOLDS for lesson in lessons])
    unfitted = build_toxicity(list_entries(corpora), strength=strength)
    fit = memory.cache(_fit, ignore=["jobs"])
    pipeline, unseen = fit(unfitted, [lesson.text for lesson in lessons], labels, weights, folds, jobs=jobs)
    slopes, offsets, rates = _calibrate(unseen, labels, lessons)
    pipeline["heads"].rescale(slopes, offsets)
    return FittedToxicity(pipeline, lessons, unseen * slopes + offsets, rates)


def _fit(
    pipeline: Pipeline, texts: list[str], labels: Floats, weights: Floats, folds: Folds, *, jobs: int
) -> tuple[Pipeline, Floats]:
    """Answer the fitted pipeline, and log-odds of each text by heads fitted without its fold, (texts, targets)."""
    rows = pipeline[:-1].fit_transform(texts)
    heads: LogisticHeads = pipeline[-1]
    everything = np.ones(len(texts), dtype=bool)
    parts = [everything, *(folds != fold for fold in range(FOLDS))]
    whole, *without = Parallel(n_jobs=jobs)(delayed(_fit_heads)(heads, rows, labels, weights, part) for part in parts)
    unseen = np.empty(labels.shape)
    for fold, fitted in enumerate(without):
        unseen[folds == fold] = fitted.decision_function(rows[folds == fold])
    return Pipeline([*pipeline[:-1].steps, ("heads", whole)]), unseen


def _fit_heads(heads: LogisticHeads, rows: sp.csr_matrix, labels: Floats, weights: Floats, part: Rows) -> LogisticHeads:
    fitted: LogisticHeads = clone(heads).fit(rows[part], labels[part], sample_weight=weights[part])
    return fitted


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

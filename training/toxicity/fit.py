"""Fitting toxicity: folds, heads, and the base rate at which it is calibrated; knows neither release nor report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from joblib import Memory, Parallel, delayed
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.encoder import Encoder
from models.toxicity.pipeline import TARGETS, LogisticHeads, ToxicityEmbedding, add_encoder, build_ngram_pipeline
from training.augmentation.reweighting import reweigh
from training.corpora.provenance import digest_code
from training.corpora.registry import Corpora
from training.encoder.dataset import is_reserved
from training.toxicity import stacking
from training.toxicity.calibration import fit_platt, weights_at_rate
from training.toxicity.training_set import Lesson, list_entries, read_lessons

Floats = NDArray[np.float64]
Folds = NDArray[np.int_]
Rows = NDArray[np.bool_]

STRENGTH = 4.0
"""The inverse of the penalty; chosen, as the weights are, on held-out rows of the training corpora."""

FOLDS = 3
_CALIBRATION_SOURCE = "wikipedia_talk"


@dataclass(frozen=True, slots=True)
class FittedToxicity:
    """A calibrated pipeline, what it was fitted on, and what a model says of lessons that it had not seen.

    `unseen` tells which lessons those are: the fifth that the encoder was not tuned on, each scored by heads fitted
    without it. `out_of_fold` holds their log-odds, (lessons, targets), calibrated, and NaN for the rest; `base_rates`
    are the shares that probabilities are stated at.
    """

    pipeline: Pipeline
    lessons: list[Lesson]
    unseen: Rows
    out_of_fold: Floats
    base_rates: Mapping[str, float]


def fit_toxicity(corpora: Corpora, encoder: Encoder, *, memory: Memory, jobs: int = 1) -> FittedToxicity:
    """Fit the wording on every lesson, weigh it against the encoder's tone on those that the encoder never saw, and
    calibrate on those of one corpus at its natural rate, as seen by models without them.

    Groups' names are weighed out of what is fitted, and not out of what it is calibrated on.

    Deterministic: folds follow from the texts' keys, and the solver has no randomness. Some ten minutes on two
    cores; seconds where `memory` has the same lessons, read by the same code.
    """
    lessons = read_lessons(corpora)
    labels = np.array([lesson.labels for lesson in lessons])
    said = [lesson.text for lesson in lessons]
    weights = reweigh(said, labels[:, 0] == 1, np.array([lesson.weight for lesson in lessons]))
    folds = np.array([int(lesson.key, 16) % FOLDS for lesson in lessons])
    unfitted = build_ngram_pipeline(list_entries(corpora), C=STRENGTH)
    code = digest_code(__file__)
    fit = memory.cache(_fit, ignore=["jobs"])
    wording, wording_unseen = fit(unfitted, said, labels, weights, folds, code, jobs=jobs)
    unseen = np.array([is_reserved(lesson.key) for lesson in lessons])
    texts = [lesson.text for lesson, is_unseen in zip(lessons, unseen, strict=True) if is_unseen]
    toxicity_states = memory.cache(_listen, ignore=["encoder"])(texts, (encoder.identity, code), encoder)
    known = (wording_unseen[unseen], toxicity_states, labels[unseen], weights[unseen])
    heads = stacking.balance(*known).join(wording["heads"])
    out_of_fold = np.full(labels.shape, np.nan)
    out_of_fold[unseen] = stacking.balance_unseen(*known, _stacking_folds(lessons)[unseen])
    slopes, offsets, rates = _calibrate(out_of_fold, labels, lessons)
    heads.rescale(slopes, offsets)
    pipeline = add_encoder(wording, heads, encoder)
    return FittedToxicity(pipeline, lessons, unseen, out_of_fold * slopes + offsets, rates)


def _listen(texts: Sequence[str], _identity: tuple[str, str], encoder: Encoder) -> Floats:
    toxicity_states: Floats = ToxicityEmbedding(encoder).transform(texts).astype(np.float64)
    return toxicity_states


def _stacking_folds(lessons: Sequence[Lesson]) -> Folds:
    """Folds that are independent of the wording's, and of what is reserved."""
    return np.array([int(lesson.key, 16) // 1_000 % stacking.FOLDS for lesson in lessons])


def _fit(
    pipeline: Pipeline, texts: list[str], labels: Floats, weights: Floats, folds: Folds, _code: str, *, jobs: int
) -> tuple[Pipeline, Floats]:
    """Answer the fitted pipeline, and log-odds of each text by heads fitted without its fold, (texts, targets).

    `_code` is for the memory alone: the same texts are other lessons when they are read otherwise.
    """
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
    source = np.array([lesson.source == _CALIBRATION_SOURCE for lesson in lessons]) & ~np.isnan(log_odds[:, 0])
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

"""Fit toxicity: n-gram heads, a stack that combines them with the encoder's toxicity embedding, and a calibration."""

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
from training.augmentation.reweighting import reweight
from training.corpora.examples import in_held_out_fold
from training.corpora.licensed_corpora import Corpora
from training.corpora.provenance import digest_code
from training.toxicity import stacking
from training.toxicity.calibration import base_rate_weights, fit_platt
from training.toxicity.stacking import fit_stack, fit_stack_out_of_fold
from training.toxicity.training_set import LabelledText, list_lexicon_entries, read_training_set

Floats = NDArray[np.float64]
Folds = NDArray[np.int_]
Rows = NDArray[np.bool_]

INVERSE_PENALTY = 4.0
"""The `C` of scikit-learn, for the n-gram heads. It was chosen on held-out rows of the corpora, like the weights."""

FOLDS = 3
"""Folds of the n-gram heads: their out-of-fold log-odds come from fits without one of these."""

_CALIBRATION_SOURCE = "wikipedia_talk"


@dataclass(frozen=True, slots=True)
class FittedToxicity:
    """A calibrated pipeline with its training set and out-of-fold scores.

    `held_out` (rows,) marks the rows of the training set that the encoder was not fine-tuned on. `out_of_fold`
    (rows, targets) has their calibrated log-odds from heads that were fitted without them, and NaN for all other rows.
    `base_rates` are the shares of positive rows for which each target's probabilities are calibrated.
    """

    pipeline: Pipeline
    training_set: list[LabelledText]
    held_out: Rows
    out_of_fold: Floats
    base_rates: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The training set as arrays: texts and weights (rows,), labels (rows, targets)."""

    texts: list[str]
    labels: Floats
    weights: Floats

    @classmethod
    def of(cls, rows: Sequence[LabelledText]) -> "_Arrays":
        """Collect the arrays. Weights are balanced, so that the name of a group does not predict toxicity."""
        texts, labels = [row.text for row in rows], np.array([row.labels for row in rows])
        weights = np.array([row.weight for row in rows])
        is_toxic = labels[:, 0] == 1
        return cls(texts, labels, reweight(texts, is_toxic, weights))


def fit_toxicity(corpora: Corpora, encoder: Encoder, *, memory: Memory, jobs: int = 1) -> FittedToxicity:
    """Fit toxicity in three stages.

    The n-gram heads are fitted on the whole training set. The stack is fitted on the fold that the encoder was not
    fine-tuned on, with log-odds of n-gram heads that were fitted without these rows. The calibration is fitted on rows
    of one corpus at its natural rate, with log-odds of stacks that were fitted without them. Only the calibration uses
    weights that are not balanced by the names of groups.

    Deterministic: folds follow from the texts' keys, and the solver has no randomness. It takes some ten minutes on two
    cores, and seconds if `memory` has results for the same rows and the same code.
    """
    training_set = read_training_set(corpora)
    arrays = _Arrays.of(training_set)
    held_out = np.array([in_held_out_fold(row.key) for row in training_set])
    ngrams, ngram_log_odds = _fit_ngrams(corpora, training_set, arrays, memory=memory, jobs=jobs)
    embeddings = _embed(arrays.texts, held_out, encoder, memory=memory)
    stack_rows = (ngram_log_odds[held_out], embeddings, arrays.labels[held_out], arrays.weights[held_out])
    heads = fit_stack(*stack_rows).merge(ngrams["heads"])
    log_odds = np.full(arrays.labels.shape, np.nan)
    log_odds[held_out] = fit_stack_out_of_fold(*stack_rows, folds=_stacking_folds(training_set)[held_out])
    slopes, offsets, rates = _calibrate(log_odds, arrays.labels, training_set)
    heads.rescale(slopes, offsets)
    pipeline = add_encoder(ngrams, heads, encoder)
    return FittedToxicity(pipeline, training_set, held_out, log_odds * slopes + offsets, rates)


def _fit_ngrams(
    corpora: Corpora, training_set: Sequence[LabelledText], arrays: _Arrays, *, memory: Memory, jobs: int
) -> tuple[Pipeline, Floats]:
    """Fit the n-gram heads. Return the pipeline, and out-of-fold log-odds (rows, targets) of its training set."""
    folds = np.array([int(row.key, 16) % FOLDS for row in training_set])
    unfitted = build_ngram_pipeline(list_lexicon_entries(corpora), C=INVERSE_PENALTY)
    fit = memory.cache(_fit_heads_with_folds, ignore=["jobs"])
    fitted: tuple[Pipeline, Floats] = fit(
        unfitted, arrays.texts, arrays.labels, arrays.weights, folds, code_digest=digest_code(__file__), jobs=jobs
    )
    return fitted


def _embed(texts: Sequence[str], rows: Rows, encoder: Encoder, *, memory: Memory) -> Floats:
    """Return the toxicity embeddings of the chosen rows, (chosen rows, 384)."""
    embed = memory.cache(_cache_toxicity_embeddings, ignore=["encoder"])
    embeddings: Floats = embed(
        [text for text, is_chosen in zip(texts, rows, strict=True) if is_chosen],
        encoder,
        encoder_hash=encoder.files_hash,
        code_digest=digest_code(__file__),
    )
    return embeddings


# joblib caches the results of the next two functions by their arguments. Some arguments exist only for that key: joblib
# does not see changes to the code that reads a text (`code_digest`) or to the encoder's file (`encoder_hash`).


def _fit_heads_with_folds(
    pipeline: Pipeline,
    texts: list[str],
    labels: Floats,
    weights: Floats,
    folds: Folds,
    *,
    code_digest: str,  # noqa: ARG001 - part of the cache's key
    jobs: int,
) -> tuple[Pipeline, Floats]:
    """Return the fitted pipeline, and log-odds (rows, targets) from heads that were fitted without the row's fold."""
    # The features are fitted on all rows: they are counts of terms and need no labels.
    features = pipeline[:-1].fit_transform(texts)
    heads: LogisticHeads = pipeline[-1]
    everything = np.ones(len(texts), dtype=bool)
    # One fit on all rows, and one without each fold.
    parts = [everything, *(folds != fold for fold in range(FOLDS))]
    fits = (delayed(_fit_heads)(heads, features, labels, weights, part) for part in parts)
    final, *without_fold = Parallel(n_jobs=jobs)(fits)
    out_of_fold = np.empty(labels.shape)
    for fold, fitted in enumerate(without_fold):
        out_of_fold[folds == fold] = fitted.decision_function(features[folds == fold])
    return Pipeline([*pipeline[:-1].steps, ("heads", final)]), out_of_fold


def _cache_toxicity_embeddings(
    texts: Sequence[str],
    encoder: Encoder,
    *,
    encoder_hash: str,  # noqa: ARG001 - part of the cache's key
    code_digest: str,  # noqa: ARG001 - part of the cache's key
) -> Floats:
    embeddings: Floats = ToxicityEmbedding(encoder).transform(texts).astype(np.float64)
    return embeddings


def _fit_heads(
    heads: LogisticHeads, features: sp.csr_matrix, labels: Floats, weights: Floats, rows: Rows
) -> LogisticHeads:
    fitted: LogisticHeads = clone(heads).fit(features[rows], labels[rows], sample_weight=weights[rows])
    return fitted


def _stacking_folds(training_set: Sequence[LabelledText]) -> Folds:
    """Return folds (rows,) that are independent of the n-grams' folds and of the held-out fold."""
    # Those folds are remainders of the key, too. The division drops its last digits, so that these folds differ.
    return np.array([int(row.key, 16) // 1_000 % stacking.FOLDS for row in training_set])


def _calibrate(
    log_odds: Floats, labels: Floats, training_set: Sequence[LabelledText]
) -> tuple[Floats, Floats, Mapping[str, float]]:
    """Return the slope, the offset and the base rate of each target.

    Toxicity is calibrated on the rows at the natural rate. Too few of these have attributes. So attributes are
    calibrated on all rows of the corpus that have them, with weights that give the same rate of toxic rows.
    """
    # Log-odds are NaN outside the held-out fold.
    in_source = np.array([row.source == _CALIBRATION_SOURCE for row in training_set]) & ~np.isnan(log_odds[:, 0])
    natural = in_source & np.array([row.natural for row in training_set])
    with_attributes = in_source & np.array([row.has_attributes for row in training_set])
    rate = float(labels[natural, 0].mean())
    slopes, offsets, rates = [], [], {}
    # Column 0 is toxicity.
    for column, name in enumerate(TARGETS):
        rows = natural if column == 0 else with_attributes
        weights = np.ones(rows.sum()) if column == 0 else base_rate_weights(labels[rows, 0], rate=rate)
        slope, offset = fit_platt(log_odds[rows, column], labels[rows, column], weights)
        slopes.append(slope)
        offsets.append(offset)
        rates[name] = float(np.average(labels[rows, column], weights=weights))
    return np.array(slopes), np.array(offsets), rates

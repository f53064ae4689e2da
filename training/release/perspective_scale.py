"""Maps toxicity to Perspective's scale, and measures how well the map agrees with Perspective.

Newsrooms can then go on using their old thresholds. The map is equipercentile (Kolen and Brennan 2014): the share of
comments that reach .8 on the mapped scale is the share that reached .8 on Perspective's. A regression would predict
mean scores. The highest scores would then be far too low, and hardly any comment would reach an old threshold of .8.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import spearmanr

from models.perspective_scale import CLIP, PerspectiveScale
from training.statistics.bootstrap import (
    Estimate,
    PairedDifference,
    PairedScores,
    compare_auc,
    percentile_interval,
    resample,
)
from training.statistics.metrics import wilson_interval

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CORPUS = "wikipedia_context"
"""The corpus whose authors recorded Perspective's scores."""

OLD_THRESHOLDS = (0.7, 0.8, 0.9)
"""Thresholds on Perspective's scale that newsrooms use."""

METRICS = ("precision", "recall", "f1", "kappa")
FOLDS = 5
_QUANTILES = (*np.linspace(0.02, 0.94, 24), 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.996, 0.998, 0.999)
"""The shares of comments below the knots of the map. High shares are dense, because thresholds are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdAgreement:
    """How well the rows that reach an old threshold after mapping agree with those that reached it on Perspective.

    `flagged` is the number of rows that reach the threshold with their mapped score, `recorded` with Perspective's.
    """

    threshold: float
    flagged: int
    recorded: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    kappa: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleAgreement:
    """How well maps agree with Perspective on rows that they were not fitted on.

    `rank` is Spearman's correlation, `error` the mean absolute difference. `against` compares the AUC of both models
    for the corpus's own labels. It is None if these have only one class.
    """

    rows: int
    rank: Estimate
    error: float
    thresholds: tuple[ThresholdAgreement, ...]
    against: PairedDifference | None


def equipercentile_map(log_odds: Floats, perspective: Floats) -> PerspectiveScale:
    """Return the map from toxicity's log-odds to Perspective's scores, both for the same rows, shape (rows,)."""
    from_knots, to_knots = np.quantile(log_odds, _QUANTILES), np.quantile(perspective, _QUANTILES)
    end = float(logit(1 - CLIP))
    # The knots must rise from -end to end, so quantiles outside, and quantiles equal to the one before, are left out.
    is_rising = (np.diff(from_knots, prepend=-end) > 0) & (from_knots < end)
    knots = np.round([-end, *from_knots[is_rising], end], 4)
    # The first knot maps to 0, and the last one to 1.
    return PerspectiveScale(tuple(knots.tolist()), (0.0, *np.round(to_knots[is_rising], 4).tolist(), 1.0))


def measure_scale(
    log_odds: Floats, perspective: Floats, labels: Floats, *, keys: Sequence[str], seed: int
) -> ScaleAgreement:
    """Measure how well maps that were fitted on other rows agree with Perspective, with intervals over rows.

    `labels` are the corpus's own, 1 for toxic. `keys` are dedup keys, which decide the fold that a row is in.
    """
    scaled = _map_out_of_fold(log_odds, perspective, keys)
    resampled_rank = (_rank_correlation(log_odds[rows], perspective[rows]) for rows in resample(len(keys), seed=seed))
    low, high = percentile_interval(resampled_rank)
    pair = PairedScores(labels=labels, release=log_odds, baseline=perspective, groups=keys)
    return ScaleAgreement(
        rows=len(perspective),
        rank=Estimate(value=_rank_correlation(log_odds, perspective), low=low, high=high),
        error=float(np.abs(scaled - perspective).mean()),
        thresholds=tuple(measure_agreement(scaled, perspective, threshold, seed=seed) for threshold in OLD_THRESHOLDS),
        against=compare_auc(CORPUS, pair, seed=seed) if 0 < labels.sum() < len(labels) else None,
    )


def measure_agreement(scaled: Floats, perspective: Floats, threshold: float, *, seed: int) -> ThresholdAgreement:
    """Measure precision, recall, F1 and kappa (Cohen 1960) of the rows that reach a threshold, with intervals.

    If both scales agree on all rows that reach the threshold on either, or on none, no resample differs. Then the
    intervals follow from Wilson's (1927).
    """
    flagged, recorded = scaled >= threshold, perspective >= threshold
    # The four metrics share their resamples, which are counted once.
    table = _count(flagged, recorded)
    resampled = [_count(flagged[rows], recorded[rows]) for rows in resample(len(flagged), seed=seed)]
    estimates = {}
    for name in METRICS:
        low, high = percentile_interval(getattr(counts, name) for counts in resampled)
        estimates[name] = Estimate(value=getattr(table, name), low=low, high=high)
    # The agreements that each metric depends on. F1 and kappa both depend on the overlap of the two sets of rows.
    hits = {"precision": recorded[flagged], "recall": flagged[recorded]}
    hits |= dict.fromkeys(("f1", "kappa"), (flagged & recorded)[flagged | recorded])
    for name, agreed in hits.items():
        if agreed.all() or not agreed.any():
            low, high = wilson_interval(agreed.astype(float)) if len(agreed) else (0.0, 1.0)
            low, high = (table.metric_at_overlap(name, overlap) for overlap in (low, high))
            estimates[name] = Estimate(value=estimates[name].value, low=low, high=high)
    return ThresholdAgreement(threshold=threshold, flagged=table.flagged, recorded=table.recorded, **estimates)


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many of `rows` are flagged (reach a threshold when mapped), recorded (on Perspective's scale), and both."""

    rows: int
    flagged: int
    recorded: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.flagged if self.flagged else 0.0

    @property
    def recall(self) -> float:
        return self.both / self.recorded if self.recorded else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.both / max(1.0, float(self.flagged + self.recorded))

    @property
    def kappa(self) -> float:
        agreed = self.rows - self.flagged - self.recorded + 2 * self.both
        return (agreed / self.rows - self._chance) / (1 - self._chance) if self._chance < 1 else 0.0

    def metric_at_overlap(self, name: str, overlap: float) -> float:
        """Return the value of a metric if the share `overlap` of the rows that are flagged or recorded were both.

        The numbers of flagged and of recorded rows stay the same. F1 and kappa then rise with the overlap, which is
        Jaccard's index J: of f flagged and r recorded rows, (f + r) J / (1 + J) are both. Precision and recall are
        shares of rows, so they equal `overlap`.
        """
        if name == "f1":
            return 2 * overlap / (1 + overlap)
        if name == "kappa":
            disagreed = float(self.flagged + self.recorded) * (1 - overlap) / (1 + overlap) / self.rows
            return float((1 - disagreed - self._chance) / (1 - self._chance)) if self._chance < 1 else overlap
        return overlap

    @property
    def _chance(self) -> float:
        """The agreement that kappa expects by chance."""
        flagged, recorded = self.flagged / self.rows, self.recorded / self.rows
        return flagged * recorded + (1 - flagged) * (1 - recorded)


def _count(flagged: Flags, recorded: Flags) -> _Counts:
    return _Counts(len(flagged), int(flagged.sum()), int(recorded.sum()), int((flagged & recorded).sum()))


def _map_out_of_fold(log_odds: Floats, perspective: Floats, keys: Sequence[str]) -> Floats:
    # Map each fold by a scale that was fitted on the other folds. A text's key, a hash, decides its fold, on every
    # machine alike. Without the division these would be the folds of toxicity, which are remainders of the key itself.
    folds = np.array([int(key, 16) // 1_000 % FOLDS for key in keys])
    mapped = np.empty(len(perspective))
    for fold in np.unique(folds):
        inside = folds == fold
        scale = equipercentile_map(log_odds[~inside], perspective[~inside])
        mapped[inside] = np.interp(log_odds[inside], scale.log_odds, scale.scores)
    return mapped


def _rank_correlation(first: Floats, second: Floats) -> float:
    return float(spearmanr(first, second).statistic)

"""Fits our toxicity to Perspective's scale and measures the fit, each on rows that nothing was learned from.

The map is equipercentile (Kolen and Brennan 2014): as small a share of comments reaches .8 on the new scale as reached
.8 on Perspective's. The isotonic regression of Perspective's scores on ours is measured beside it and turned down: it
predicts a mean, which for the rarest comments is far under their score, so hardly anything would reach an old
threshold of .8.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import spearmanr
from sklearn.isotonic import IsotonicRegression

from models.perspective_scale import CLIP, PerspectiveScale
from training.evaluation.bootstrap import DRAWS
from training.evaluation.metrics import wilson
from training.evaluation.out_of_fold import CORPUS, Unseen
from training.evaluation.paired import Pair, compare_areas

Floats = NDArray[np.float64]
Facts = dict[str, Any]
Flags = NDArray[np.bool_]

OLD_THRESHOLDS = (0.7, 0.8, 0.9)
FOLDS = 5
_SHARES = (*np.linspace(0.02, 0.94, 24), 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.996, 0.998, 0.999)
"""Where the knots lie: shares of comments below; dense where thresholds are."""

_Fit = Callable[[Floats, Floats], Callable[[Floats], Floats]]


def fit_scale(unseen: Unseen, *, seed: int = 7) -> tuple[PerspectiveScale, Facts]:
    """Fit the scale on rows that neither encoder nor heads have seen, and answer it with figures out of fold.

    The figures are JSON, for the card's metrics under `perspective`.
    """
    figures = measure_scale(unseen.log_odds, unseen.recorded, unseen.labels, keys=unseen.keys, seed=seed)
    return equate(unseen.log_odds, unseen.recorded), figures


def equate(log_odds: Floats, recorded: Floats) -> PerspectiveScale:
    """Answer the equipercentile scale between two scores of the same rows, shape (rows,)."""
    ours, theirs = np.quantile(log_odds, _SHARES), np.quantile(recorded, _SHARES)
    ends = float(logit(1 - CLIP))
    inside = (np.diff(ours, prepend=-ends) > 0) & (ours < ends)
    knots = np.round([-ends, *ours[inside], ends], 4)
    return PerspectiveScale(tuple(knots.tolist()), (0.0, *np.round(theirs[inside], 4).tolist(), 1.0))


def measure_scale(log_odds: Floats, recorded: Floats, labels: Floats, *, keys: Sequence[str], seed: int) -> Facts:
    """Answer how well scales fitted on other rows agree with Perspective, with intervals drawn by row.

    `labels` are the corpus's own, so that both can be compared with those too. `keys` say which fold a row is in.
    """
    folds = np.array([int(name, 16) // 1_000 % FOLDS for name in keys])
    scaled = _map_unseen(_fit_equal, log_odds, recorded, folds)
    pair = Pair(labels=labels, ours=log_odds, theirs=recorded, groups=keys)
    return {
        "rows": len(recorded),
        "rank": _with_interval(_rank, log_odds, recorded, seed=seed),
        "error": float(np.abs(scaled - recorded).mean()),
        "thresholds": [_agree(scaled, recorded, least, seed=seed) for least in OLD_THRESHOLDS],
        "isotonic": [_count(_map_unseen(_fit_mean, log_odds, recorded, folds), recorded, at) for at in OLD_THRESHOLDS],
        "against": compare_areas(CORPUS, pair, seed=seed) if 0 < labels.sum() < len(labels) else None,
    }


def _map_unseen(fit: _Fit, log_odds: Floats, recorded: Floats, folds: NDArray[np.int_]) -> Floats:
    mapped = np.empty(len(recorded))
    for fold in np.unique(folds):
        inside = folds == fold
        mapped[inside] = fit(log_odds[~inside], recorded[~inside])(log_odds[inside])
    return mapped


def _fit_equal(log_odds: Floats, recorded: Floats) -> Callable[[Floats], Floats]:
    scale = equate(log_odds, recorded)
    return lambda asked: np.interp(asked, scale.log_odds, scale.scores)


def _fit_mean(log_odds: Floats, recorded: Floats) -> Callable[[Floats], Floats]:
    predict: Callable[[Floats], Floats] = IsotonicRegression(out_of_bounds="clip").fit(log_odds, recorded).predict
    return predict


def _agree(scaled: Floats, recorded: Floats, least: float, *, seed: int) -> Facts:
    """Answer precision, recall, F1 and kappa (Cohen 1960) of what reaches a threshold, each with its interval.

    Where both agree on all or on none of the rows that either has there, no resample can tell how few those are: then
    the intervals follow from Wilson's (1927).
    """
    found = {
        name: _with_interval(partial(_one_of, name, least), scaled, recorded, seed=seed)
        for name in ("precision", "recall", "f1", "kappa")
    }
    ours, theirs = scaled >= least, recorded >= least
    shares = {"precision": theirs[ours], "recall": ours[theirs]}
    shares |= dict.fromkeys(("f1", "kappa"), (ours & theirs)[ours | theirs])
    for name, hits in shares.items():
        if hits.all() or not hits.any():
            low, high = wilson(hits.astype(float)) if len(hits) else (0.0, 1.0)
            bounds = [_restate(name, share, ours, theirs) for share in (low, high)]
            found[name] |= dict(zip(("low", "high"), bounds, strict=True))
    return _count(scaled, recorded, least) | found


def _restate(name: str, share: float, ours: Flags, theirs: Flags) -> float:
    """Answer what a measure would be if of the rows that either has at a threshold such a share were both's.

    How many each has is taken as it is; then F1 and kappa rise with that share.
    """
    counts = float(ours.sum() + theirs.sum())
    if name == "f1":
        return 2 * share / (1 + share)
    if name == "kappa":
        chance = ours.mean() * theirs.mean() + (1 - ours.mean()) * (1 - theirs.mean())
        agreed = 1 - counts * (1 - share) / (1 + share) / len(ours)
        return float((agreed - chance) / (1 - chance)) if chance < 1 else share
    return share


def _one_of(name: str, least: float, scaled: Floats, recorded: Floats) -> float:
    return float(_count(scaled, recorded, least)[name])


def _count(scaled: Floats, recorded: Floats, least: float) -> Facts:
    ours, theirs = scaled >= least, recorded >= least
    both, count = float((ours & theirs).sum()), len(ours)
    chance = ours.mean() * theirs.mean() + (1 - ours.mean()) * (1 - theirs.mean())
    return {
        "threshold": least,
        "flagged": int(ours.sum()),
        "recorded": int(theirs.sum()),
        "precision": both / ours.sum() if ours.any() else 0.0,
        "recall": both / theirs.sum() if theirs.any() else 0.0,
        "f1": 2 * both / max(1.0, float(ours.sum() + theirs.sum())),
        "kappa": float((((ours == theirs).sum() / count) - chance) / (1 - chance)) if chance < 1 else 0.0,
    }


def _rank(ours: Floats, theirs: Floats) -> float:
    return float(spearmanr(ours, theirs).statistic)


def _with_interval(measure: Callable[[Floats, Floats], float], ours: Floats, theirs: Floats, *, seed: int) -> Facts:
    rng, drawn = np.random.default_rng(seed), []
    for _ in range(DRAWS):
        rows = rng.integers(len(ours), size=len(ours))
        drawn.append(measure(ours[rows], theirs[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {"value": float(measure(ours, theirs)), "low": float(low), "high": float(high)}

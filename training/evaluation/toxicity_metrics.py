"""What is said of one set's toxicity scores: areas, workloads, calibration, slices; it scores nothing itself."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from models.toxicity.pipeline import TARGETS
from training.evaluation.baselines import PERSPECTIVE, Peer
from training.evaluation.benchmarks import Benchmark
from training.evaluation.bootstrap import auc_row
from training.evaluation.metrics import (
    bin_above,
    brier_skill,
    calibration_bins,
    calibration_error,
    calibration_line,
    held_points,
    precision_points,
    recall_when_held,
    roc_points,
    share_below,
)
from training.evaluation.paired import Pair, compare_areas, compare_recalls, draw_weights, recall_row
from training.evaluation.risk_control import make_promises

Floats = NDArray[np.float64]
Facts = dict[str, Any]

WORKLOADS = (0.05, 0.1, 0.2)
MIN_SLICE_ROWS = 100
MIN_POSITIVES = 8
_LIKELY = 0.5
_RECALL_AT = 0.1
_LINES = 100
"""Resamples for the interval of a calibration line: each is a fit."""


def summarise(benchmark: Benchmark, said: Floats, *, threshold: float, seed: int) -> Facts:
    """Answer the area with its interval, workloads and curves."""
    labels = benchmark.labels[:, 0]
    row = auc_row(benchmark.name, "AUC", labels=labels.astype(int), scores=said, groups=benchmark.groups, seed=seed)
    held, missed = share_below(labels, said, threshold=threshold)
    return {
        **row,
        "positives": int(labels.sum()),
        "copies": benchmark.copies,
        "floor": benchmark.floor,
        "recall": [recall_when_held(labels, said, share=share) for share in WORKLOADS],
        "workloads": [
            recall_row(benchmark.name, labels, said, share=share, groups=benchmark.groups, seed=seed)
            for share in (WORKLOADS if benchmark.natural else ())
        ],
        "held": held,
        "missed": missed,
        "roc": asdict(roc_points(labels, said)),
        "precision": asdict(precision_points(labels, said)),
        "workload": asdict(held_points(said)),
    }


def compare(benchmark: Benchmark, said: Floats, peers: Sequence[Peer], *, seed: int) -> list[Facts]:
    """Answer how we fare against each peer, and Perspective's recorded scores where there are any, on the same rows."""
    labels = benchmark.labels[:, 0]
    theirs = [(peer.name, peer.score(benchmark.texts)) for peer in peers]
    if benchmark.recorded is not None:
        theirs.append((PERSPECTIVE, benchmark.recorded))
    rows: list[Facts] = []
    for name, scores in theirs:
        pair = Pair(labels=labels, ours=said, theirs=scores, groups=benchmark.groups)
        rows.append({**compare_areas(benchmark.name, pair, seed=seed), "peer": name})
        if benchmark.natural:
            rows.append({**compare_recalls(benchmark.name, pair, share=_RECALL_AT, seed=seed), "peer": name})
    return rows


def calibrate(benchmark: Benchmark, said: Floats, *, seed: int) -> Facts:
    """Answer how far stated probabilities hold on a set at its natural rate, and what could be promised on it."""
    labels = benchmark.labels[:, 0]
    table, above = calibration_bins(said, labels), bin_above(said, labels, least=_LIKELY)
    return {
        "set": benchmark.name,
        "rate": float(labels.mean()),
        "error": calibration_error(table),
        "bins": [asdict(part) for part in table],
        "line": _line(said, labels, benchmark.groups, seed=seed),
        "skill": brier_skill(said, labels),
        "above": above and asdict(above),
        "promises": [asdict(promise) for promise in make_promises(said, labels)],
    }


def measure_attributes(benchmark: Benchmark, scores: Floats, *, seed: int) -> list[Facts]:
    """Answer the area of each attribute that has labels enough; `scores` is (rows, targets)."""
    rows = []
    for column, name in enumerate(TARGETS[1:], start=1):
        known = ~np.isnan(benchmark.labels[:, column])
        labels = benchmark.labels[known, column].astype(int)
        if MIN_POSITIVES <= labels.sum() < len(labels):
            groups = [group for group, is_known in zip(benchmark.groups, known, strict=True) if is_known]
            row = auc_row(benchmark.name, name, labels=labels, scores=scores[known, column], groups=groups, seed=seed)
            rows.append({**row, "positives": int(labels.sum())})
    return rows


def slice_up(benchmark: Benchmark, said: Floats) -> list[Facts]:
    """Answer the area of each kind of rows that the set tells apart."""
    facts = _areas(benchmark.labels[:, 0], said, np.array(benchmark.slices))
    return [fact | {"set": benchmark.name} for fact in facts if fact["slice"]]


def slice_by_length(benchmark: Benchmark, said: Floats) -> list[Facts]:
    """Answer the area of short, middling and long rows."""
    words = np.array([len(text.split()) for text in benchmark.texts])
    names = np.select([words <= 10, words <= 40], ["up to 10 words", "11 to 40"], "over 40")  # noqa: PLR2004 - as named
    return [fact | {"set": benchmark.name} for fact in _areas(benchmark.labels[:, 0], said, names)]


def _line(said: Floats, labels: Floats, groups: Sequence[str], *, seed: int) -> Facts | None:
    if not MIN_POSITIVES <= labels.sum() < len(labels):
        return None
    slope, intercept = calibration_line(said, labels)
    drawn = [
        calibration_line(said, labels, weights)
        for weights in draw_weights(groups, seed=seed, draws=_LINES)
        if 0 < (weights * labels).sum() < weights.sum()
    ]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return {
        "slope": {"value": slope, "low": float(low[0]), "high": float(high[0])},
        "intercept": {"value": intercept, "low": float(low[1]), "high": float(high[1])},
    }


def _areas(labels: Floats, said: Floats, names: NDArray[np.str_]) -> list[Facts]:
    facts = []
    for name in np.unique(names):
        rows = names == name
        if rows.sum() >= MIN_SLICE_ROWS and MIN_POSITIVES <= labels[rows].sum() < rows.sum():
            auc = float(roc_auc_score(labels[rows], said[rows]))
            high = float(said[rows & (labels == 0)].mean())
            facts.append({"slice": str(name), "rows": int(rows.sum()), "auc": auc, "mean_of_negatives": high})
    return facts

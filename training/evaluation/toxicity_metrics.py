"""The metrics of toxicity on one set, given its scores: AUC, workloads, calibration, slices and comparisons."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from models.toxicity.pipeline import TARGETS
from training.evaluation.baselines import PERSPECTIVE, Baseline
from training.evaluation.benchmarks import Benchmark
from training.evaluation.results import (
    AttributeResult,
    CalibrationLine,
    CalibrationResult,
    Comparison,
    SetResult,
    SliceResult,
)
from training.evaluation.risk_control import make_promises
from training.statistics.bootstrap import (
    Estimate,
    PairedScores,
    auc_row,
    compare_auc,
    compare_recall,
    draw_cluster_weights,
    percentile_interval,
    recall_row,
)
from training.statistics.metrics import (
    brier_skill,
    calibration_above,
    calibration_bins,
    calibration_error,
    calibration_line,
    precision_recall_curve,
    recall_at_workload,
    roc_curve,
    workload_and_missed,
    workload_curve,
)

Floats = NDArray[np.float64]

WORKLOADS = (0.05, 0.1, 0.2)
"""Shares of comments held, at which recall is measured and reported."""

COMPARED_WORKLOAD = 0.1
MIN_SLICE_ROWS = 100
MIN_POSITIVES = 8
"""An AUC of a slice or of an attribute, and a calibration line, need so many toxic rows."""

LIKELY = 0.5
"""All rows with this probability or more form one bin, in which predicted and observed rates are compared."""

LINE_RESAMPLES = 100
"""Resamples for the interval of a calibration line. Fewer than elsewhere, because each is a fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkResults:
    """All results on one set. `calibration` is None if toxic rows are not at their natural rate."""

    toxicity: SetResult
    against: tuple[Comparison, ...]
    slices: tuple[SliceResult, ...]
    lengths: tuple[SliceResult, ...]
    attributes: tuple[AttributeResult, ...]
    calibration: CalibrationResult | None


def measure_benchmark(
    benchmark: Benchmark, scores: Floats, baselines: Sequence[Baseline], *, threshold: float, seed: int
) -> BenchmarkResults:
    """Measure a set, given its rows' scores of shape (rows, targets). Column 0 is toxicity."""
    toxicity = scores[:, 0]
    return BenchmarkResults(
        toxicity=measure_set(benchmark, toxicity, threshold=threshold, seed=seed),
        against=tuple(compare(benchmark, toxicity, baselines, seed=seed)),
        slices=tuple(measure_slices(benchmark, toxicity)),
        lengths=tuple(measure_lengths(benchmark, toxicity)),
        attributes=tuple(measure_attributes(benchmark, scores, seed=seed)),
        calibration=calibrate(benchmark, toxicity, seed=seed) if benchmark.natural else None,
    )


def measure_set(benchmark: Benchmark, toxicity: Floats, *, threshold: float, seed: int) -> SetResult:
    """Measure the AUC with its interval, workloads and curves."""
    labels, groups = benchmark.is_toxic, benchmark.groups
    auc = auc_row(benchmark.name, "AUC", labels=labels.astype(int), scores=toxicity, groups=groups, seed=seed)
    held, missed = workload_and_missed(labels, toxicity, threshold=threshold)
    return SetResult(
        **asdict(auc),
        positives=int(labels.sum()),
        duplicates=benchmark.duplicates,
        baseline_auc=benchmark.baseline_auc,
        recall=tuple(recall_at_workload(labels, toxicity, workload=workload) for workload in WORKLOADS),
        workloads=tuple(
            recall_row(benchmark.name, labels, toxicity, workload=workload, groups=groups, seed=seed)
            for workload in (WORKLOADS if benchmark.natural else ())
        ),
        held=held,
        missed=missed,
        roc=roc_curve(labels, toxicity),
        precision=precision_recall_curve(labels, toxicity),
        workload=workload_curve(toxicity),
    )


def compare(
    benchmark: Benchmark, toxicity: Floats, baselines: Sequence[Baseline], *, seed: int
) -> Iterator[Comparison]:
    """Compare with each baseline, and with Perspective's recorded scores if the set has them, on the same rows."""
    scores = [(baseline.name, baseline.score(benchmark.texts)) for baseline in baselines]
    if benchmark.perspective_scores is not None:
        scores.append((PERSPECTIVE, benchmark.perspective_scores))
    for name, values in scores:
        pair = PairedScores(labels=benchmark.is_toxic, release=toxicity, baseline=values, groups=benchmark.groups)
        yield Comparison(**asdict(compare_auc(benchmark.name, pair, seed=seed)), baseline=name)
        if benchmark.natural:
            recall = compare_recall(benchmark.name, pair, workload=COMPARED_WORKLOAD, seed=seed)
            yield Comparison(**asdict(recall), baseline=name)


def calibrate(benchmark: Benchmark, toxicity: Floats, *, seed: int) -> CalibrationResult:
    """Measure how well probabilities match observed rates on a set at its natural rate, and find its promises."""
    labels = benchmark.is_toxic
    bins = calibration_bins(toxicity, labels)
    return CalibrationResult(
        set=benchmark.name,
        rate=float(labels.mean()),
        error=calibration_error(bins),
        bins=tuple(bins),
        line=_fit_line(toxicity, labels, benchmark.groups, seed=seed),
        skill=brier_skill(toxicity, labels),
        above=calibration_above(toxicity, labels, minimum=LIKELY),
        promises=tuple(make_promises(toxicity, labels)),
    )


def measure_attributes(benchmark: Benchmark, scores: Floats, *, seed: int) -> Iterator[AttributeResult]:
    """Measure the AUC of each attribute that has enough labels; `scores` are (rows, targets)."""
    for column, name in enumerate(TARGETS[1:], start=1):
        is_known = ~np.isnan(benchmark.labels[:, column])
        labels = benchmark.labels[is_known, column].astype(int)
        if MIN_POSITIVES <= labels.sum() < len(labels):
            groups = [benchmark.groups[row] for row in np.flatnonzero(is_known).tolist()]
            values = scores[is_known, column]
            auc = auc_row(benchmark.name, name, labels=labels, scores=values, groups=groups, seed=seed)
            yield AttributeResult(**asdict(auc), positives=int(labels.sum()))


def measure_slices(benchmark: Benchmark, toxicity: Floats) -> Iterator[SliceResult]:
    """Measure the AUC of each kind of rows that the set distinguishes."""
    slices = _measure_parts(benchmark, toxicity, np.array(benchmark.slices))
    # Rows without a kind have the empty string, and form no slice.
    return (part for part in slices if part.slice)


def measure_lengths(benchmark: Benchmark, toxicity: Floats) -> Iterator[SliceResult]:
    """Measure the AUC of short, medium and long rows."""
    words = np.array([len(text.split()) for text in benchmark.texts])
    lengths = np.select([words <= 10, words <= 40], ["up to 10 words", "11 to 40"], "over 40")  # noqa: PLR2004  as named
    return _measure_parts(benchmark, toxicity, lengths)


def _fit_line(toxicity: Floats, labels: Floats, groups: Sequence[str], *, seed: int) -> CalibrationLine | None:
    if not MIN_POSITIVES <= labels.sum() < len(labels):
        return None
    slope, intercept = calibration_line(toxicity, labels)
    resamples = [
        calibration_line(toxicity, labels, weights)
        for weights in draw_cluster_weights(groups, seed=seed, resamples=LINE_RESAMPLES)
        # Without rows of both classes there is no line to fit.
        if 0 < (weights * labels).sum() < weights.sum()
    ]
    slopes, intercepts = zip(*resamples, strict=True)
    return CalibrationLine(slope=_estimate(slope, slopes), intercept=_estimate(intercept, intercepts))


def _estimate(value: float, resampled: Sequence[float]) -> Estimate:
    low, high = percentile_interval(resampled)
    return Estimate(value=value, low=low, high=high)


def _measure_parts(benchmark: Benchmark, toxicity: Floats, part_of_row: NDArray[np.str_]) -> Iterator[SliceResult]:
    labels = benchmark.is_toxic
    for name in np.unique(part_of_row):
        rows = part_of_row == name
        if rows.sum() >= MIN_SLICE_ROWS and MIN_POSITIVES <= labels[rows].sum() < rows.sum():
            yield SliceResult(
                set=benchmark.name,
                slice=str(name),
                rows=int(rows.sum()),
                auc=float(roc_auc_score(labels[rows], toxicity[rows])),
                mean_of_negatives=float(toxicity[rows & (labels == 0)].mean()),
            )

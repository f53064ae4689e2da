"""The report's charts, as SVG. They need matplotlib, which the service does not have."""

import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.evaluation.fairness import AUC_KINDS
from training.evaluation.results import CalibrationResult, Evaluation
from training.evaluation.toxicity_metrics import WORKLOADS
from training.report.targets import MAX_DIFFERENCE, MAX_FALSE_POSITIVES_ADDED, MIN_RECALL_KEPT
from training.statistics.bootstrap import Estimate
from training.statistics.metrics import Curve

_BAR_INCHES = 0.19
_COLOURS = 10
"""Matplotlib repeats its colours after so many curves. Later curves are dashed."""


def draw_charts(evaluation: Evaluation) -> dict[str, str]:
    """Return each chart as SVG, by its name. The name of a calibration chart ends with the name of its set."""
    sets = evaluation.toxicity
    charts = {
        "roc": _draw_curves({row.set: row.roc for row in sets}, "share of harmless held", "share of toxic held"),
        "precision": _draw_curves(
            {row.set: row.precision for row in sets}, "share of toxic held", "share of held that is toxic"
        ),
        "workload": _draw_curves({row.set: row.workload for row in sets}, "threshold", "share held"),
        "recall": _draw_groups(
            {row.set: row.recall for row in sets},
            [f"{workload:.0%} held" for workload in WORKLOADS],
            x="share of toxic comments among those held",
        ),
    }
    for result in evaluation.calibration:
        charts[f"calibration {result.set}"] = _draw_calibration(result)
    return charts | _draw_weaknesses(evaluation)


def _draw_weaknesses(evaluation: Evaluation) -> dict[str, str]:
    """Draw what obfuscations cost, and what naming a group does."""
    kept = {row.obfuscation: row.recall_kept for row in evaluation.obfuscations if row.recall_kept}
    added = {row.obfuscation: row.false_positives_added for row in evaluation.obfuscations if row.false_positives_added}
    terms = sorted(evaluation.identity_auc.terms, key=lambda row: -row.bpsn)
    charts = {
        "recall kept": _draw_bars(kept, x="recall kept", target=MIN_RECALL_KEPT),
        "false positives added": _draw_bars(added, x="false positives added", target=MAX_FALSE_POSITIVES_ADDED),
        "identity terms": _draw_groups(
            {row.term: [row.of_kind(kind) for kind in AUC_KINDS] for row in terms}, AUC_KINDS, x="AUC"
        ),
    }
    for name, rates in (("statements", evaluation.statements), ("mentions", evaluation.mentions)):
        rows = {row.metric: row for row in sorted(rates.terms, key=lambda row: row.value)}
        charts[name] = _draw_bars(rows, x="held, difference from the overall rate", target=MAX_DIFFERENCE)
    return charts


def _draw_bars(rows: Mapping[str, Estimate], *, x: str, target: float) -> str:
    """Draw each value as a bar with its interval, and a line at the target."""
    figure, axes = _empty(len(rows), x)
    # A percentile interval need not contain the value, and matplotlib refuses negative lengths.
    errors = [
        [max(0.0, row.value - row.low) for row in rows.values()],
        [max(0.0, row.high - row.value) for row in rows.values()],
    ]
    values = [row.value for row in rows.values()]
    axes.barh(range(len(rows)), values, xerr=errors, color="#7a9cc6", ecolor="#444", height=0.7)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.axvline(target, color="#b03030", linewidth=0.8, linestyle="--")
    return _as_svg(figure)


def _draw_groups(rows: Mapping[str, Sequence[float]], names: Sequence[str], *, x: str) -> str:
    """Draw a group of bars for each row, with one bar for each of the names."""
    figure, axes = _empty(len(rows) * len(names), x)
    height = 0.8 / len(names)
    for index, name in enumerate(names):
        positions = [row + index * height for row in range(len(rows))]
        axes.barh(positions, [values[index] for values in rows.values()], height=height, label=name)
    axes.set_yticks([row + 0.4 - height / 2 for row in range(len(rows))], list(rows))
    axes.set_xlim(0, 1)
    axes.legend(fontsize=7, loc="lower right")
    return _as_svg(figure)


def _draw_curves(curves: Mapping[str, Curve], x: str, y: str) -> str:
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    for index, (name, curve) in enumerate(curves.items()):
        style = "-" if index < _COLOURS else "--"
        axes.plot(curve.x, curve.y, label=name, linewidth=1.2, linestyle=style)
    # Outside the axes: finding the best position among so many curves takes so long that matplotlib warns.
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.01, 1))
    return _as_svg(figure)


def _draw_calibration(result: CalibrationResult) -> str:
    figure = Figure(figsize=(4.5, 4))
    axes = figure.add_subplot(xlabel="predicted", ylabel="observed", xlim=(0, 1), ylim=(0, 1))
    predicted = [part.predicted for part in result.bins]
    observed = [part.observed for part in result.bins]
    errors = [
        [part.observed - part.low for part in result.bins],
        [part.high - part.observed for part in result.bins],
    ]
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axes.errorbar(predicted, observed, yerr=errors, fmt="o-", markersize=4)
    return _as_svg(figure)


def _empty(bars: int, x: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 1 + _BAR_INCHES * max(4, bars)))
    axes = figure.add_subplot(xlabel=x)
    axes.tick_params(axis="y", labelsize=7)
    return figure, axes


def _as_svg(figure: Figure) -> str:
    """Return the figure without a date and with fixed ids, so that the same results give the same file."""
    file = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "commentdesk", "svg.fonttype": "none"}):
        figure.savefig(file, format="svg", metadata={"Date": None}, bbox_inches="tight")
    text = file.getvalue()
    # The XML declaration before it may not be inside HTML.
    return text[text.index("<svg") :]

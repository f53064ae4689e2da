"""The report's drawings, as SVG; needs matplotlib, which serving does not have."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from training.evaluation.fairness import AREAS
from training.evaluation.toxicity_metrics import WORKLOADS
from training.report.bars import as_svg, draw_bars, draw_groups
from training.report.targets import MAX_DIFFERENCE, MAX_FALSE_POSITIVES_ADDED, MIN_RECALL_KEPT

Facts = Mapping[str, Any]

_COLOURS = 10
"""Lines that differ in colour; those after them are dashed."""


def draw_curves(measured: Facts) -> dict[str, str]:
    """Answer each drawing by its name; those of `calibration` have the name of their set in it."""
    drawn = {
        "roc": _draw_sets(measured, "roc", "share of harmless held", "share of toxic held"),
        "precision": _draw_sets(measured, "precision", "share of toxic held", "share of held that is toxic"),
        "workload": _draw_sets(measured, "workload", "threshold", "share held"),
        "recall": draw_groups(
            {row["set"]: row["recall"] for row in measured["toxicity"]},
            [f"{share:.0%} held" for share in WORKLOADS],
            x="share of toxic comments among those held",
        ),
    }
    for table in measured["calibration"]:
        drawn[f"calibration {table['set']}"] = _draw_calibration(table)
    return drawn | _draw_habits(measured)


def _draw_habits(measured: Facts) -> dict[str, str]:
    terms = sorted(measured["areas"]["terms"], key=lambda row: -float(row["BPSN"]))
    kept, added = (
        {row["disguise"]: row[measure] for row in measured["disguises"] if row[measure]}
        for measure in ("kept", "added")
    )
    drawn = {
        "disguises": draw_bars(kept, x="recall kept", mark=MIN_RECALL_KEPT),
        "added": draw_bars(added, x="false positives added", mark=MAX_FALSE_POSITIVES_ADDED),
        "areas": draw_groups(
            {row["term"]: [row[kind] for kind in AREAS] for row in terms}, AREAS, x="area under the ROC curve"
        ),
    }
    for name in ("statements", "mentions"):
        rows = sorted(measured[name]["terms"], key=lambda row: float(row["value"]))
        bars = {row["measure"]: row for row in rows}
        drawn[name] = draw_bars(bars, x="held, difference from the overall rate", mark=MAX_DIFFERENCE)
    return drawn


def _draw_sets(measured: Facts, name: str, x: str, y: str) -> str:
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    for place, row in enumerate(measured["toxicity"]):
        style = "-" if place < _COLOURS else "--"
        axes.plot(row[name]["x"], row[name]["y"], label=row["set"], linewidth=1.2, linestyle=style)
    # Beside the lines: to look for the best place among them takes matplotlib long enough to warn of it.
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.01, 1))
    return as_svg(figure)


def _draw_calibration(table: Facts) -> str:
    figure = Figure(figsize=(4.5, 4))
    axes = figure.add_subplot(xlabel="stated", ylabel="observed", xlim=(0, 1), ylim=(0, 1))
    stated = [part["stated"] for part in table["bins"]]
    observed = [part["observed"] for part in table["bins"]]
    errors = [
        [part["observed"] - part["low"] for part in table["bins"]],
        [part["high"] - part["observed"] for part in table["bins"]],
    ]
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    axes.errorbar(stated, observed, yerr=errors, fmt="o-", markersize=4)
    return as_svg(figure)

"""The report's drawings, as SVG; needs matplotlib, which serving does not have."""

import io
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

Facts = Mapping[str, Any]


def draw_curves(measured: Facts) -> dict[str, str]:
    """Answer each drawing by its name: `roc`, `precision`, and `calibration` with the name of each natural set."""
    drawn = {
        "roc": _draw_sets(measured, "roc", "share of harmless held", "share of toxic held"),
        "precision": _draw_sets(measured, "precision", "share of toxic held", "share of held that is toxic"),
    }
    for table in measured["calibration"]:
        drawn[f"calibration {table['set']}"] = _draw_calibration(table)
    return drawn


def _draw_sets(measured: Facts, name: str, x: str, y: str) -> str:
    figure = Figure(figsize=(7, 5))
    axes = figure.add_subplot(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    for row in measured["toxicity"]:
        axes.plot(row[name]["x"], row[name]["y"], label=row["set"], linewidth=1.2)
    axes.legend(fontsize=7)
    return _as_svg(figure)


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
    return _as_svg(figure)


def _as_svg(figure: Figure) -> str:
    """Draw without date and with fixed ids, so that the same figures give the same file."""
    drawn = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "commentdesk", "svg.fonttype": "none"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None}, bbox_inches="tight")
    text = drawn.getvalue()
    return text[text.index("<svg") :]

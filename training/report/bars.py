"""Bars with intervals, and bars in groups, as SVG; what they show is for others to say."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_HEIGHT = 0.19
"""Inches that a bar takes."""


def draw_bars(rows: Mapping[str, Mapping[str, Any]], *, x: str, mark: float) -> str:
    """Draw each row's value with its interval, and a line at `mark`, which is the aim."""
    figure, axes = _empty(len(rows), x)
    names, values = list(rows), [row["value"] for row in rows.values()]
    errors = [
        [max(0.0, row["value"] - row["low"]) for row in rows.values()],
        [max(0.0, row["high"] - row["value"]) for row in rows.values()],
    ]
    axes.barh(range(len(names)), values, xerr=errors, color="#7a9cc6", ecolor="#444", height=0.7)
    axes.set_yticks(range(len(names)), names)
    axes.axvline(mark, color="#b03030", linewidth=0.8, linestyle="--")
    return as_svg(figure)


def draw_groups(rows: Mapping[str, Sequence[float]], names: Sequence[str], *, x: str) -> str:
    """Draw a bar for each of the `names` in each row."""
    figure, axes = _empty(len(rows) * len(names), x)
    height = 0.8 / len(names)
    for place, name in enumerate(names):
        where = [row + place * height for row in range(len(rows))]
        axes.barh(where, [values[place] for values in rows.values()], height=height, label=name)
    axes.set_yticks([row + 0.4 - height / 2 for row in range(len(rows))], list(rows))
    axes.set_xlim(0, 1)
    axes.legend(fontsize=7, loc="lower right")
    return as_svg(figure)


def as_svg(figure: Figure) -> str:
    """Draw without date and with fixed ids, so that the same figures give the same file."""
    drawn = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "commentdesk", "svg.fonttype": "none"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None}, bbox_inches="tight")
    text = drawn.getvalue()
    return text[text.index("<svg") :]


def _empty(bars: int, x: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(7, 1 + _HEIGHT * max(4, bars)))
    axes = figure.add_subplot(xlabel=x)
    axes.tick_params(axis="y", labelsize=7)
    return figure, axes

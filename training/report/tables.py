"""Sections and tables of a report, and how their figures are formatted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from training.statistics.bootstrap import Estimate, Measurement


class HasInterval(Protocol):
    """Any figure with a 95 % interval."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The upper end."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its cells are formatted as text."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report. `charts` are names of charts, as `charts.draw_charts` returns them."""

    title: str
    text: str = ""
    table: Table | None = None
    charts: Sequence[str] = ()


def tabulate(rows: Iterable[Measurement]) -> Table:
    """Return measurements as a table."""
    cells = [(row.set, row.metric, format_figure(row.value), format_interval(row), str(row.n)) for row in rows]
    return Table(("set", "measure", "value", "95 %", "n"), cells)


def format_figure(value: float | None) -> str:
    """Return the value with three decimals, or an empty string for None."""
    return "" if value is None else f"{value:.3f}"


def format_interval(estimate: Estimate) -> str:
    """Return the interval of a figure."""
    return f"{format_figure(estimate.low)} to {format_figure(estimate.high)}"


def format_signed(estimate: Estimate) -> str:
    """Return a difference with its interval, such as "+0.010 (-0.002 to +0.021)"."""
    return f"{estimate.value:+.3f} ({estimate.low:+.3f} to {estimate.high:+.3f})"


def format_short(estimate: Estimate) -> str:
    """Return a figure with its interval, such as "0.91 (0.88 to 0.93)"."""
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def format_percent(value: float | None) -> str:
    """Return a rate in per cent, or an empty string for None."""
    return "" if value is None else f"{value:.1%}"


def format_percent_interval(estimate: HasInterval) -> str:
    """Return the interval of a rate."""
    return f"{format_percent(estimate.low)} to {format_percent(estimate.high)}"


def format_percentage_points(value: float) -> str:
    """Return a difference of rates in percentage points, with its sign."""
    return f"{100 * value:+.1f}"


def format_percentage_points_interval(estimate: Estimate) -> str:
    """Return the interval of a difference of rates."""
    return f"{format_percentage_points(estimate.low)} to {format_percentage_points(estimate.high)}"

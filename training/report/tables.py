"""Tables of a report as text: what a section is, and how figures are written; no section's content."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are text already."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`curves` names the drawings that belong here, where there are any."""

    title: str
    text: str = ""
    table: Table | None = None
    curves: Sequence[str] = ()


def write_rows(rows: Iterable[Facts]) -> Table:
    """Answer rows of set, measure, value and interval as a table."""
    cells = [
        (row["set"], row["measure"], write_figure(row["value"]), write_interval(row), str(row["n"])) for row in rows
    ]
    return Table(("set", "measure", "value", "95 %", "n"), cells)


def write_figure(value: float | None) -> str:
    """Answer three decimals, or nothing."""
    return "" if value is None else f"{value:.3f}"


def write_percent(value: float | None) -> str:
    """Answer a share in per cent, or nothing."""
    return "" if value is None else f"{value:.1%}"


def write_points(value: float) -> str:
    """Answer a difference of shares in points, signed."""
    return f"{100 * value:+.1f}"


def write_interval(row: Facts) -> str:
    """Answer an interval of figures."""
    return f"{write_figure(row['low'])} to {write_figure(row['high'])}"


def write_percent_interval(row: Facts) -> str:
    """Answer an interval of shares."""
    return f"{write_percent(row['low'])} to {write_percent(row['high'])}"


def write_points_interval(row: Facts) -> str:
    """Answer an interval of differences."""
    return f"{write_points(row['low'])} to {write_points(row['high'])}"

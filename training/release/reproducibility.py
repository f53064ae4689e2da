"""Compares the cards of a release and of the same release fitted again, figure by figure and file by file."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.card import Card

DECIMALS = 3
"""A release that is fitted again must have the same figures to so many decimals."""

_REPORT_SUFFIXES = (".md", ".html")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that differs between two cards, with its path, such as `metrics.relevance.stems`.

    A value is None if its card does not have the figure.
    """

    path: str
    first: Any
    second: Any


@dataclass(frozen=True, slots=True)
class CardComparison:
    """How similar two cards are: the number of `figures` on either, and of those that are exactly equal.

    `differences` are the figures that differ in DECIMALS decimals, `files` the names of files with different bytes.
    """

    figures: int
    exact: int
    differences: tuple[Difference, ...]
    files: tuple[str, ...]

    @property
    def largest(self) -> float:
        """The largest difference between two numbers, 0 if none differ."""
        numbers = [pair for pair in self.differences if _is_number(pair.first) and _is_number(pair.second)]
        return max((abs(pair.first - pair.second) for pair in numbers), default=0.0)


def compare_cards(first: Card, second: Card) -> CardComparison:
    """Compare every figure on two cards: metrics, thresholds, parameters, sources and the base rate.

    Numbers with a fraction count as equal if they are less than half of the last decimal apart. Everything else, such
    as counts and names, must be equal. Reports are left out of the files, because they are made after the release.
    """
    first_figures, second_figures = (dict(_flatten(_figures(card))) for card in (first, second))
    paths = sorted({*first_figures, *second_figures})
    # An object that equals nothing else. None would not do, because a card may have it as a value.
    missing = object()
    pairs = [(path, first_figures.get(path, missing), second_figures.get(path, missing)) for path in paths]
    return CardComparison(
        figures=len(paths),
        exact=sum(left == right for _, left, right in pairs),
        differences=tuple(
            Difference(path, first_figures.get(path), second_figures.get(path))
            for path, left, right in pairs
            if not _equal(left, right)
        ),
        files=tuple(
            name
            for name in sorted({*first.files, *second.files})
            if not name.endswith(_REPORT_SUFFIXES) and first.files.get(name) != second.files.get(name)
        ),
    )


def _figures(card: Card) -> Mapping[str, Any]:
    # The card identifies the encoder by a hash of its files, which are compared as files.
    parameters = {name: value for name, value in card.parameters.items() if name != "encoder"}
    sources = {source.name: {"rows": source.rows, "sha256": source.sha256} for source in card.sources}
    return {
        "base_rate": card.base_rate,
        "metrics": card.metrics,
        "parameters": parameters,
        "sources": sources,
        "thresholds": card.thresholds,
    }


def _flatten(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that is no mapping or list, with its path such as `metrics.relevance.stems`."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flatten(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inner in enumerate(value):
            yield from _flatten(inner, f"{path}.{index}")
    else:
        yield path, value


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=0, abs_tol=0.5 * 10**-DECIMALS)
    return bool(left == right)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

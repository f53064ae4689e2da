"""A release fitted again: which figures of its card came out otherwise, and which files are not the same bytes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.card import Card

PLACES = 3
"""Decimals to which a release fitted again is to have the same figures."""

_REPORT_SUFFIXES = (".md", ".html")


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two cards, by its path, such as `metrics.relevance.stems`; None where a card has none."""

    path: str
    one: Any
    other: Any


@dataclass(frozen=True, slots=True)
class Repetition:
    """How alike two cards are: figures that both or either have, those that differ, and the files that do."""

    figures: int
    exact: int
    differences: tuple[Difference, ...]
    files: tuple[str, ...]

    @property
    def largest(self) -> float:
        """The largest difference between two numbers that are not alike."""
        numbers = [pair for pair in self.differences if _is_number(pair.one) and _is_number(pair.other)]
        return max((abs(pair.one - pair.other) for pair in numbers), default=0.0)


def compare_cards(one: Card, other: Card) -> Repetition:
    """Compare every figure that two cards have of what they measured, chose and were made with.

    Numbers with a fraction are alike when they are less than half of the third decimal apart; counts, names and
    everything else when they are equal. Reports are left out of the files: they are made after a release.
    """
    ours, theirs = (dict(_walk(_figures(card))) for card in (one, other))
    paths = sorted({*ours, *theirs})
    missing = object()
    pairs = [(path, ours.get(path, missing), theirs.get(path, missing)) for path in paths]
    return Repetition(
        figures=len(paths),
        exact=sum(left == right for _, left, right in pairs),
        differences=tuple(
            Difference(path, *(None if value is missing else value for value in (left, right)))
            for path, left, right in pairs
            if not _alike(left, right)
        ),
        files=tuple(
            name
            for name in sorted({*one.files, *other.files})
            if not name.endswith(_REPORT_SUFFIXES) and one.files.get(name) != other.files.get(name)
        ),
    )


def _figures(card: Card) -> Mapping[str, Any]:
    parameters = {name: value for name, value in card.parameters.items() if name != "encoder"}
    sources = {source.name: {"rows": source.rows, "sha256": source.sha256} for source in card.sources}
    return {
        "base_rate": card.base_rate,
        "metrics": card.metrics,
        "parameters": parameters,
        "sources": sources,
        "thresholds": card.thresholds,
    }


def _walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Answer every leaf with the names that lead to it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _walk(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, inner in enumerate(value):
            yield from _walk(inner, f"{path}.{place}")
    else:
        yield path, value


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=0, abs_tol=0.5 * 10**-PLACES)
    return bool(one == other)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Highlights: a comment's text cut at the spans that changed a score, each with a CSS class for its strength."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

STRONG = 2.0
MODERATE = 0.7
"""The smallest change of log-odds for a strong highlight (odds times 7.4) and for a moderate one (odds times 2)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text in code points, without `end` itself. `weight` is its effect on the score's log-odds."""

    start: int
    end: int
    weight: float


def split_at_marks(text: str, marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """Return the text in pieces, each with a CSS class: "", or one from "raises-3" (strong) to "lowers-1" (weak).

    Joined, the pieces are the text. Where marks overlap, the one with the strongest effect wins. Neighbouring pieces
    have different classes. Parts of marks outside the text are ignored.
    """
    boundaries = {0, len(text)}
    for mark in marks:
        boundaries.update(min(max(edge, 0), len(text)) for edge in (mark.start, mark.end))
    pieces: list[tuple[str, str]] = []
    for start, end in pairwise(sorted(boundaries)):
        css_class = _css_class_at(start, marks)
        if pieces and pieces[-1][1] == css_class:
            pieces[-1] = (pieces[-1][0] + text[start:end], css_class)
        else:
            pieces.append((text[start:end], css_class))
    return pieces


def _css_class_at(offset: int, marks: Sequence[Mark]) -> str:
    weights = [mark.weight for mark in marks if mark.start <= offset < mark.end and mark.weight]
    if not weights:
        return ""
    weight = max(weights, key=abs)
    direction = "raises" if weight > 0 else "lowers"
    if abs(weight) >= STRONG:
        return f"{direction}-3"
    return f"{direction}-2" if abs(weight) >= MODERATE else f"{direction}-1"

"""Highlights: a comment's text cut at the spans that moved a score, for a template to mark each piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

STRONG = 2.0
PLAIN = 0.7
"""Change of log-odds from which a mark is strong (odds 7 times as high) or plain (twice); less is faint."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of the text, in code points, end exclusive, and how much it changed the score's log-odds."""

    start: int
    end: int
    weight: float


def segments(text: str, marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """The text in pieces, each with its weight class: "", or one from "raises-3" (strong) to "lowers-1".

    Joined, they are the text. Where marks overlap the weightier one shows; what lies outside is ignored.
    """
    edges = {0, len(text)}
    for mark in marks:
        edges.update(min(max(edge, 0), len(text)) for edge in (mark.start, mark.end))
    pieces: list[tuple[str, str]] = []
    cuts = sorted(edges)
    for start, end in pairwise(cuts):
        weight = _weight_at(start, marks)
        if pieces and pieces[-1][1] == weight:
            pieces[-1] = (pieces[-1][0] + text[start:end], weight)
        else:
            pieces.append((text[start:end], weight))
    return pieces


def _weight_at(place: int, marks: Sequence[Mark]) -> str:
    covering = [mark.weight for mark in marks if mark.start <= place < mark.end and mark.weight]
    if not covering:
        return ""
    weight = max(covering, key=abs)
    strength = 3 if abs(weight) >= STRONG else 2 if abs(weight) >= PLAIN else 1
    return f"{'raises' if weight > 0 else 'lowers'}-{strength}"

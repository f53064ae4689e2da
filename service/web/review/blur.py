"""Curtains: which words of a text are blurred for those who asked for it; the text stays what it is.

The list is the one that disguises are read with: whole words of abuse, threats by phrase, and what moved toxicity most.
"""

import re
from collections.abc import Iterable, Sequence

from models.text.lexicon import ABUSE
from service.domain.danger_phrases import find_threats
from service.web.review.highlights import STRONG, Mark, segments

_WORD = re.compile(r"[^\W\d_]+")


def find_blurred(text: str, marks: Iterable[Mark] = ()) -> list[tuple[int, int]]:
    """Spans of code points to be blurred, in no order; `marks` are those that moved toxicity."""
    words = [match.span() for match in _WORD.finditer(text) if match.group().lower() in ABUSE]
    strong = [(mark.start, mark.end) for mark in marks if mark.weight >= STRONG]
    return [*words, *strong, *find_threats(text)]


def mark_blurred(text: str, marks: Sequence[Mark], blurred: Iterable[tuple[int, int]]) -> list[tuple[str, str, bool]]:
    """The text in pieces, each with its weight class ("" for none) and whether it is behind a curtain."""
    hidden = [False] * len(text)
    for start, end in blurred:
        hidden[start:end] = [True] * (min(end, len(text)) - start)
    pieces: list[tuple[str, str, bool]] = []
    place = 0
    for piece, weight in segments(text, marks):
        for letter in piece:
            if pieces and pieces[-1][1:] == (weight, hidden[place]):
                pieces[-1] = (pieces[-1][0] + letter, weight, hidden[place])
            else:
                pieces.append((letter, weight, hidden[place]))
            place += 1
    return pieces

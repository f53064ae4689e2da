"""Which words of a comment are blurred for moderators who ask for it: slurs, threats, and what raised toxicity most."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from models.text.lexicon import ABUSE
from service.domain.danger_phrases import find_threats
from service.web.review.highlights import STRONG, Mark, split_at_marks

_WORD = re.compile(r"[^\W\d_]+")


class Piece(NamedTuple):
    """A piece of a comment's text, with the CSS class of its highlight ("" for none)."""

    text: str
    highlight: str
    is_blurred: bool


def find_blurred(text: str, marks: Iterable[Mark] = ()) -> list[tuple[int, int]]:
    """Return the spans to blur, in code points, in no particular order. `marks` explain the toxicity score."""
    words = [match.span() for match in _WORD.finditer(text) if match.group().lower() in ABUSE]
    strong = [(mark.start, mark.end) for mark in marks if mark.weight >= STRONG]
    return [*words, *strong, *find_threats(text)]


def mark_blurred(text: str, marks: Sequence[Mark], blurred: Iterable[tuple[int, int]]) -> list[Piece]:
    """Cut the text where a highlight or a blurred span starts or ends. Joined, the pieces are the text."""
    is_blurred = [False] * len(text)
    for start, end in blurred:
        is_blurred[start:end] = [True] * (min(end, len(text)) - start)
    pieces: list[Piece] = []
    offset = 0
    for segment, highlight in split_at_marks(text, marks):
        end = offset + len(segment)
        for blur, run in groupby(range(offset, end), key=is_blurred.__getitem__):
            pieces.append(Piece("".join(text[index] for index in run), highlight, blur))
        offset = end
    return pieces

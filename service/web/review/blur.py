"""Blurring for moderators who switch it on: slurs, threats, and the words that changed the toxicity score most."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from models.text.lexicon import ABUSE
from service.domain.danger_phrases import find_threats
from service.web.review.highlights import STRONG, Mark, split_at_marks

# A run of letters: a word character that is neither a digit nor "_".
_WORD = re.compile(r"[^\W\d_]+")


class Piece(NamedTuple):
    """A piece of a comment's text, with the CSS class of its highlight ("" for none)."""

    text: str
    highlight: str
    is_blurred: bool


def find_spans_to_blur(text: str, marks: Iterable[Mark] = ()) -> list[tuple[int, int]]:
    """Return the spans to blur as (start, end) in code points, unsorted. `marks` explain the toxicity score."""
    words = [match.span() for match in _WORD.finditer(text) if match.group().lower() in ABUSE]
    strong = [(mark.start, mark.end) for mark in marks if mark.weight >= STRONG]
    return [*words, *strong, *find_threats(text)]


def split_into_pieces(text: str, marks: Sequence[Mark], blurred: Iterable[tuple[int, int]]) -> list[Piece]:
    """Split the text wherever a highlight or a blurred span starts or ends. Joined, the pieces are the text."""
    # One flag per character. A span that ends after the text must not make the list longer.
    is_blurred = [False] * len(text)
    for start, end in blurred:
        is_blurred[start:end] = [True] * (min(end, len(text)) - start)
    pieces: list[Piece] = []
    offset = 0
    for segment, highlight in split_at_marks(text, marks):
        end = offset + len(segment)
        # Split the segment again, into runs of characters with the same flag.
        for flag, indexes in groupby(range(offset, end), key=is_blurred.__getitem__):
            pieces.append(Piece("".join(text[index] for index in indexes), highlight, flag))
        offset = end
    return pieces

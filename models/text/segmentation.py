"""Segmentation of a text into sentences, and of an article into passages that are short enough to embed.

A regular expression finds the ends of sentences. A trained model such as Punkt is not needed: a passage has several
sentences, so a wrong cut at an abbreviation does no harm. The offsets of a regular expression are exact.
"""

import math
import re

import numpy as np

Offsets = tuple[int, int]
"""Start and end of a piece of text, in code points, end exclusive."""

SENTENCES_PER_PASSAGE = 4
WORDS_PER_PASSAGE = 85  # about 110 encoder tokens, of at most 128
MAX_PASSAGES = 40  # about 3,000 words; a longer article is sampled, because encoding all of it would take too long
MAX_ARTICLE_CHARS = 400_000  # code points; the rest of an article is ignored

_ABBREVIATION = r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Gov|Sen|Rep|Gen|Col|vs|etc|e\.g|i\.e|No|U\.S|[A-Z])\."
_MARKS = r"[.!?…]++[\"'”’)\]]*+"
_BOUNDARY = re.compile(rf"({_ABBREVIATION}|{_MARKS}(?!\s))|{_MARKS}|\n+")
"""The end of a sentence. Group 1 matches false ends: abbreviations, and marks without a space after them.

The quantifiers `++` and `*+` are possessive. With backtracking, a long run of marks would take quadratic time.
"""

_WORD = re.compile(r"\S+")


def sentence_spans(text: str) -> list[Offsets]:
    """Return the sentences of a text, without the white space around them.

    A sentence ends after . ! ? … and at the end of a line, but not after an abbreviation.
    """
    spans = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary.group(1) is None:  # not a false end
            spans.append(_trim(text, start, boundary.end()))
            start = boundary.end()
    spans.append(_trim(text, start, len(text)))
    return [span for span in spans if span[0] < span[1]]


def window_spans(text: str, *, words: int) -> list[Offsets]:
    """Split a text into runs of at most `words` words (separated by white space), as equal in length as possible."""
    word_spans = [match.span() for match in _WORD.finditer(text)]
    if not word_spans:
        return []
    windows = np.array_split(np.array(word_spans), math.ceil(len(word_spans) / words))
    # From the start of a window's first word to the end of its last word.
    return [(int(window[0, 0]), int(window[-1, 1])) for window in windows]


def passage_spans(text: str) -> list[Offsets]:
    """Return passages of about four sentences, at most 40 of them.

    Of a longer article, the first 20 passages are the beginning, which readers are most likely to read. The other 20
    are sampled at equal distances from the rest.
    """
    passages: list[Offsets] = []
    sentences, words = 0, 0
    for start, end, length in _short_sentences(text[:MAX_ARTICLE_CHARS]):
        fits = passages and sentences < SENTENCES_PER_PASSAGE and words + length <= WORDS_PER_PASSAGE
        if fits:
            passages[-1] = (passages[-1][0], end)
            sentences, words = sentences + 1, words + length
        else:
            passages.append((start, end))
            sentences, words = 1, length
    return _sample_evenly(passages)


def _short_sentences(text: str) -> list[tuple[int, int, int]]:
    """Return (start, end, words) of each sentence. A sentence that is too long for a passage is split."""
    pieces = []
    for start, end in sentence_spans(text):
        for piece_start, piece_end in window_spans(text[start:end], words=WORDS_PER_PASSAGE):
            piece = text[start + piece_start : start + piece_end]
            pieces.append((start + piece_start, start + piece_end, len(piece.split())))
    return pieces


def _sample_evenly(passages: list[Offsets]) -> list[Offsets]:
    if len(passages) <= MAX_PASSAGES:
        return passages
    half = MAX_PASSAGES // 2
    sampled = np.linspace(half, len(passages) - 1, MAX_PASSAGES - half).round().astype(int)
    return passages[:half] + [passages[index] for index in sampled]


def _trim(text: str, start: int, end: int) -> Offsets:
    """Return the span without white space at its ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))

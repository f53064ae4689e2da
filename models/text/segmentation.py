"""Cuts text into sentences, and an article into passages short enough to embed; knows nothing of grammar.

A rule, not a trained Punkt: a passage holds several sentences, so one cut too many at an abbreviation costs
nothing, and the offsets of a regular expression are exact by construction.
"""

import re

import numpy as np

Offsets = tuple[int, int]
"""Start and end of a piece of text, in code points, end exclusive."""

SENTENCES_PER_PASSAGE = 4
WORDS_PER_PASSAGE = 85  # some 110 word pieces: the encoder reads 128
MAX_PASSAGES = 40  # about 3,000 words; a longer article is sampled, so that it cannot stall the service
MAX_ARTICLE_CHARS = 400_000  # code points that are looked at

_ABBREVIATION = r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Gov|Sen|Rep|Gen|Col|vs|etc|e\.g|i\.e|No|U\.S|[A-Z])\."
_MARKS = r"[.!?…]++[\"'”’)\]]*+"
_BOUNDARY = re.compile(rf"({_ABBREVIATION}|{_MARKS}(?!\s))|{_MARKS}|\n+")
"""What ends a sentence, and in the group what only looks as if it did. Marks without a space behind them are passed as
a whole: to look behind each anew would take the square of their number."""

_WORD = re.compile(r"\S+")


def sentence_spans(text: str) -> list[Offsets]:
    """Cuts text behind . ! ? … and at line ends, but not behind abbreviations; outer white space is left out."""
    spans = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary.group(1) is None:
            spans.append(_trim(text, start, boundary.end()))
            start = boundary.end()
    spans.append(_trim(text, start, len(text)))
    return [span for span in spans if span[0] < span[1]]


def window_spans(text: str, *, words: int) -> list[Offsets]:
    """Cuts text into runs of at most so many white-space separated words, of even length."""
    found = [match.span() for match in _WORD.finditer(text)]
    pieces = -(-len(found) // words)
    if pieces == 0:
        return []
    return [(int(run[0][0]), int(run[-1][1])) for run in np.array_split(np.array(found), pieces)]


def passage_spans(text: str) -> list[Offsets]:
    """Groups an article's sentences into passages of about four sentences, at most 40 of them.

    Of a longer article the first half is kept whole, since that is what readers read, and the rest is sampled.
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
    """Sentences with their length in words; one that no passage could hold is cut by words."""
    pieces = []
    for start, end in sentence_spans(text):
        for first, last in window_spans(text[start:end], words=WORDS_PER_PASSAGE):
            pieces.append((start + first, start + last, len(text[start + first : start + last].split())))
    return pieces


def _sample_evenly(passages: list[Offsets]) -> list[Offsets]:
    if len(passages) <= MAX_PASSAGES:
        return passages
    half = MAX_PASSAGES // 2
    sampled = np.linspace(half, len(passages) - 1, MAX_PASSAGES - half).round().astype(int)
    return passages[:half] + [passages[index] for index in sampled]


def _trim(text: str, start: int, end: int) -> Offsets:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))

"""Text cut into sentences, and an article into passages that are short enough to embed.

Sentences end by a rule, not by a trained model such as Punkt. A passage holds several sentences, so one cut too many at
an abbreviation costs nothing, and the offsets of a regular expression are exact.
"""

import re

import numpy as np

Offsets = tuple[int, int]
"""Start and end of a piece of text, in code points, end exclusive."""

SENTENCES_PER_PASSAGE = 4
WORDS_PER_PASSAGE = 85  # some 110 word pieces: the encoder reads 128
MAX_PASSAGES = 40  # about 3,000 words; a longer article is sampled, so that it cannot block the service
MAX_ARTICLE_CHARS = 400_000  # code points; the rest of an article is ignored

_ABBREVIATION = r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Gov|Sen|Rep|Gen|Col|vs|etc|e\.g|i\.e|No|U\.S|[A-Z])\."
_MARKS = r"[.!?…]++[\"'”’)\]]*+"
_BOUNDARY = re.compile(rf"({_ABBREVIATION}|{_MARKS}(?!\s))|{_MARKS}|\n+")
"""What ends a sentence; its group matches what only looks like an end. Marks that no space follows are consumed as a
whole, because to try each of them again would take quadratic time."""

_WORD = re.compile(r"\S+")


def sentence_spans(text: str) -> list[Offsets]:
    """Return the sentences of a text: it is cut after . ! ? … and at line ends, but not after abbreviations.

    White space around a sentence is left out.
    """
    spans = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if boundary.group(1) is None:
            spans.append(_trim(text, start, boundary.end()))
            start = boundary.end()
    spans.append(_trim(text, start, len(text)))
    return [span for span in spans if span[0] < span[1]]


def window_spans(text: str, *, words: int) -> list[Offsets]:
    """Return runs of at most `words` white-space separated words, of even length."""
    spans = [match.span() for match in _WORD.finditer(text)]
    windows = -(-len(spans) // words)  # rounded up
    if windows == 0:
        return []
    return [(int(window[0][0]), int(window[-1][1])) for window in np.array_split(np.array(spans), windows)]


def passage_spans(text: str) -> list[Offsets]:
    """Return passages of about four sentences, at most 40 of them.

    Of a longer article the first half of the passages is its beginning, since that is what readers read, and the second
    half is sampled from the rest.
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
    """Return sentences with their length in words; a sentence that no passage could hold is cut by words."""
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

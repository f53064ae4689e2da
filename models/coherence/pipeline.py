"""Coherence: whether a text is intact, or a corruption of an intact text such as scrambled words or mashed keys.

It is not about whether a text is well written, true or polite. The pipeline is `CoherenceFeatures` and a classifier.
"""

import re

from sklearn.pipeline import Pipeline

from models.comment import Span
from models.explanation import MIN_WEIGHT, occlude
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS
from models.text.segmentation import sentence_spans, window_spans

MAX_PIECES = 24
"""Pieces of a text, at most, that an explanation leaves out one by one."""

PIECE_WORDS = 8
"""Words of a piece if the text is a single sentence: otherwise each piece is a sentence."""


def abstention(text: str) -> str | None:
    """Return `too_short` if a normalised text has no word that could be judged, else None."""
    return None if re.search(r"\w", text) else "too_short"


def explain(pipeline: Pipeline, text: str) -> tuple[Span, ...]:
    """Return how much each sentence of a normalised text moved the score, found by leaving it out.

    In place of sentences, runs of words are left out of a text with one sentence only, or with too many.
    """
    pieces = sentence_spans(text[:MAX_CHARS])
    if len(pieces) == 1 or len(pieces) > MAX_PIECES:
        words = len(text[:MAX_CHARS].split())
        pieces = window_spans(text[:MAX_CHARS], words=max(PIECE_WORDS, -(-words // MAX_PIECES)))
    if len(pieces) < 2:  # noqa: PLR2004 - without its only piece, nothing is left of a text
        return ()
    spans = occlude(lambda texts: pipeline.predict_proba(list(map(NormalisedText, texts)))[:, 1], text, pieces)
    return tuple(span for span in spans if abs(span.weight) >= MIN_WEIGHT)

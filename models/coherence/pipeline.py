"""Coherence: the probability that a text is intact rather than corrupted, as by scrambled words or mashed keys.

Coherence does not measure whether a text is well written, true or polite. The pipeline has two steps:
`CoherenceFeatures` and a classifier.
"""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.comment import Span
from models.explanation import MIN_WEIGHT, occlude
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS
from models.text.segmentation import Offsets, sentence_spans, window_spans

MAX_PIECES = 24
"""An explanation splits a text into at most this many pieces, and scores the text again without each of them."""

WORDS_PER_PIECE = 8
"""A piece is normally a sentence. A text that is a single sentence is split into pieces of this many words."""


def find_reason_to_abstain(text: str) -> str | None:
    """Return `too_short` if a normalised text has neither a letter nor a digit, else None: there is a score."""
    return None if re.search(r"\w", text) else "too_short"


def explain(pipeline: Pipeline, text: str) -> tuple[Span, ...]:
    """Return how much each piece of a normalised text moved the score. Pieces that hardly moved it are omitted.

    The text is scored again without the piece. Spans are offsets in `text`, and weights are log-odds.
    """

    def predict_coherence(texts: Sequence[str]) -> NDArray[np.float64]:
        # `NormalisedText` tells the pipeline not to normalise again. Column 1 is the class "intact".
        probabilities: NDArray[np.float64] = pipeline.predict_proba([NormalisedText(variant) for variant in texts])
        return probabilities[:, 1]

    pieces = _split_into_pieces(text[:MAX_CHARS])
    if len(pieces) < 2:  # noqa: PLR2004 - a text without its only piece is empty
        return ()
    spans = occlude(predict_coherence, text, pieces)
    return tuple(span for span in spans if abs(span.weight) >= MIN_WEIGHT)


def _split_into_pieces(text: str) -> list[Offsets]:
    """Return the sentences of a text, or runs of words if it has a single sentence or more than MAX_PIECES."""
    sentences = sentence_spans(text)
    if 1 < len(sentences) <= MAX_PIECES:
        return sentences
    words_per_piece = max(WORDS_PER_PIECE, math.ceil(len(text.split()) / MAX_PIECES))
    return window_spans(text, words=words_per_piece)

"""Explanations: which spans of a comment's original text moved a score, and by how much."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.comment import Span
from models.log_odds import log_odds
from models.text.alignment import NormalisedText

MAX_SPANS = 20
MIN_WEIGHT = 0.1
"""In log-odds. A span with a smaller weight is not reported, because it does not help a moderator."""

_CLIP = 1e-6
"""Probabilities are clipped to this distance from 0 and 1 before their log-odds are taken."""


def strongest_spans(
    weights: NDArray[np.float64], spans: Sequence[tuple[int, int]], normalised: NormalisedText
) -> tuple[Span, ...]:
    """Return the spans with the largest weights (positive or negative) as spans of the original, in text order.

    `weights` are log-odds, shape (spans,); `spans` are (start, end) in the normalised text.
    """
    strongest = sorted(range(len(spans)), key=lambda index: -abs(weights[index]))[:MAX_SPANS]
    chosen = sorted(index for index in strongest if abs(weights[index]) >= MIN_WEIGHT)
    return tuple(Span(*normalised.original_span(*spans[index]), float(weights[index])) for index in chosen)


def occlude(
    predict: Callable[[Sequence[str]], NDArray[np.float64]], text: str, pieces: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return the weight of each piece: the log-odds of the text minus the log-odds of the text without the piece.

    `predict` returns the probability of each text, shape (texts,). The spans are offsets in `text`. This is occlusion
    (Zeiler and Fergus 2014) with pieces of text in place of image regions.
    """
    variants = [text, *(text[:start] + text[end:] for start, end in pieces)]
    odds_of_text, *odds_without = log_odds(predict(variants), clip=_CLIP)
    return tuple(
        Span(start, end, float(odds_of_text - odds)) for (start, end), odds in zip(pieces, odds_without, strict=True)
    )

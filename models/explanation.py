"""Explanations: which spans of a comment's original text moved a score, and by how much."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.comment import Span
from models.log_odds import log_odds
from models.text.alignment import NormalisedText

MAX_SPANS = 20
MIN_WEIGHT = 0.1
"""Log-odds below which a span is of no use to a moderator."""

_CLIP = 1e-6


def strongest_spans(
    weights: NDArray[np.float64], spans: Sequence[tuple[int, int]], normalised: NormalisedText
) -> tuple[Span, ...]:
    """Return the spans with the largest weights, in the order of the text, as spans of the original.

    `weights` are log-odds, shape (spans,); `spans` are (start, end) in the normalised text.
    """
    ranked = sorted(range(len(spans)), key=lambda index: -abs(weights[index]))[:MAX_SPANS]
    chosen = sorted(index for index in ranked if abs(weights[index]) >= MIN_WEIGHT)
    return tuple(Span(*normalised.original_span(*spans[index]), float(weights[index])) for index in chosen)


def occlude(
    predict: Callable[[Sequence[str]], NDArray[np.float64]], text: str, pieces: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """Return, for each piece, the log-odds of the text minus the log-odds of the text without that piece.

    `predict` returns probabilities for texts, shape (texts,). The offsets of the spans are those of `text`. This is
    occlusion (Zeiler and Fergus 2014), with pieces of text in place of image regions.
    """
    variants = [text, *(text[:start] + text[end:] for start, end in pieces)]
    odds = log_odds(predict(variants), clip=_CLIP)
    return tuple(
        Span(start, end, float(odds[0] - without)) for (start, end), without in zip(pieces, odds[1:], strict=True)
    )

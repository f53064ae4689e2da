"""Which pieces of a comment moved a score, as spans of its original text; the measuring is the model's own."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.comment import Span
from models.text.alignment import NormalisedText

MAX_SPANS = 20
MIN_WEIGHT = 0.1
"""Log-odds below which a span tells a moderator nothing."""

_SURE = 1e-6


def strongest_spans(
    weights: NDArray[np.float64], places: Sequence[tuple[int, int]], normalised: NormalisedText
) -> tuple[Span, ...]:
    """Answer the places that weigh most, in the order of the text and as spans of the original.

    `weights` are log-odds, one for each of the places, which are (start, end) in the normalised text.
    """
    ranked = sorted(range(len(places)), key=lambda place: -abs(weights[place]))[:MAX_SPANS]
    chosen = sorted(place for place in ranked if abs(weights[place]) >= MIN_WEIGHT)
    return tuple(Span(*normalised.original_span(*places[place]), float(weights[place])) for place in chosen)


def occlude(
    predict: Callable[[Sequence[str]], NDArray[np.float64]], text: str, pieces: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """Answer, for each piece, how much the log-odds of the text exceed those of the text without the piece.

    `predict` answers probabilities for texts; the offsets of the spans are those of `text`.
    """
    variants = [text, *(text[:start] + text[end:] for start, end in pieces)]
    probabilities = np.clip(predict(variants), _SURE, 1 - _SURE)
    odds = np.log(probabilities / (1 - probabilities))
    return tuple(Span(start, end, float(odds[0] - less)) for (start, end), less in zip(pieces, odds[1:], strict=True))

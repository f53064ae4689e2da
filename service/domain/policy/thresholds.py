"""Thresholds: which scores have one, and on which side of it a comment is held."""

from collections.abc import Mapping
from typing import overload

import numpy as np
from numpy.typing import NDArray

from models.comment import ATTRIBUTES

Thresholds = Mapping[str, float | None]

THRESHOLD_NAMES = ("toxicity", *ATTRIBUTES, "relevance", "coherence", "likely_to_reject")
"""The scores that a policy can hold a comment for."""

HELD_WHEN_BELOW = frozenset({"relevance", "coherence"})
"""Scores of which a low value holds a comment; of all others, a high value does."""


@overload
def is_held(name: str, score: float, threshold: float) -> bool: ...
@overload
def is_held(name: str, score: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]: ...
def is_held(name: str, score: float | NDArray[np.float64], threshold: float) -> bool | NDArray[np.bool_]:
    """Return whether the threshold of the score `name` holds a comment with this score; element by element for arrays.

    A score that equals the threshold holds. NaN, an unknown score in an array, never does.
    """
    return score <= threshold if name in HELD_WHEN_BELOW else score >= threshold

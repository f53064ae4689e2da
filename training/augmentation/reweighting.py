"""Weights that take from a group's name what it tells of the label: reweighing, after Kamiran and Calders 2012.

Most of the comments that name gay people in our corpora are toxic, and few of those that name the French. A model that
is asked to guess labels learns that. Reweighed, each name is as often toxic as any comment is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.templates.identity import NAMED, TERMS

Floats = NDArray[np.float64]

MAX_WEIGHT = 4.0
"""No row counts more than so many times what it did, nor less than that part."""

MIN_ROWS = 20
"""Rows that a name needs on either side before anything is said of it."""

_ROUNDS = 8


def reweigh(texts: Sequence[str], toxic: NDArray[np.bool_], weights: Floats) -> Floats:
    """Answer what each text (n,) counts, so that among those that name a group as many are toxic as among all.

    A text may name several groups, so that names are balanced in turn, round after round (iterative proportional
    fitting, Deming and Stephan 1940); what is within MAX_WEIGHT of its old weight at the end is near enough.
    """
    naming = _find_names(texts)
    rate = float(np.average(toxic, weights=weights))
    found = weights.astype(np.float64)
    for _ in range(_ROUNDS):
        for rows in naming:
            sides = [rows[toxic[rows]], rows[~toxic[rows]]]
            if min(len(side) for side in sides) < MIN_ROWS:
                continue
            whole = found[rows].sum()
            for side, share in zip(sides, (rate, 1.0 - rate), strict=True):
                found[side] *= whole * share / found[side].sum()
            found[rows] = np.clip(found[rows], weights[rows] / MAX_WEIGHT, weights[rows] * MAX_WEIGHT)
    return found


def _find_names(texts: Sequence[str]) -> list[NDArray[np.int_]]:
    """Answer for each group which texts name it."""
    naming: dict[str, list[int]] = {term: [] for term in TERMS}
    for place, text in enumerate(texts):
        for term in {*NAMED.findall(text.lower())}:
            naming[term].append(place)
    return [np.array(rows, dtype=int) for rows in naming.values()]

"""Weights under which the name of a group predicts nothing: reweighing, after Kamiran and Calders 2012.

Most comments in the corpora that name gay people are toxic, and few that name the French. A model that learns from
them learns that. Under the new weights, comments that name a group are as often toxic as any other comment.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.templates.identity import identity_pattern
from training.templates.loader import load_identity_terms

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MAX_WEIGHT = 4.0
"""No weight grows by more than this factor, or shrinks to less than its inverse."""

MIN_ROWS = 20
"""Toxic and harmless rows that must name a group, each, before the group is balanced."""

_ROUNDS = 8


def reweight(texts: Sequence[str], toxic: Flags, weights: Floats) -> Floats:
    """Return new weights (n,) under which texts that name a group are toxic at the rate of all texts.

    `toxic` has the shape (n,). A text may name several groups, so the groups are balanced in turn, round after round
    (iterative proportional fitting, Deming and Stephan 1940). Weights are clipped to MAX_WEIGHT, so that the balance
    is approximate for a group that is named almost only in anger.
    """
    rows_by_term = _rows_by_term(texts)
    rate = float(np.average(toxic, weights=weights))
    balanced = weights.astype(np.float64)
    for _ in range(_ROUNDS):
        for rows in rows_by_term:
            classes = [rows[toxic[rows]], rows[~toxic[rows]]]
            if min(map(len, classes)) < MIN_ROWS:
                continue
            # Both classes are scaled to their share of the group's total weight, which stays the same.
            total = balanced[rows].sum()
            for class_rows, share in zip(classes, (rate, 1.0 - rate), strict=True):
                balanced[class_rows] *= total * share / balanced[class_rows].sum()
            balanced[rows] = np.clip(balanced[rows], weights[rows] / MAX_WEIGHT, weights[rows] * MAX_WEIGHT)
    return balanced


def _rows_by_term(texts: Sequence[str]) -> list[NDArray[np.int_]]:
    """Return the rows that name each term, in the order of the terms."""
    rows: dict[str, list[int]] = {term: [] for term in load_identity_terms().terms}
    for row, text in enumerate(texts):
        for term in {*identity_pattern().findall(text.lower())}:
            rows[term].append(row)
    return [np.array(naming, dtype=int) for naming in rows.values()]

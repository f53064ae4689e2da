"""Weights under which the name of a group does not predict toxicity: reweighing, after Kamiran and Calders 2012.

In the corpora, most comments that name gay people are toxic, and few that name the French are. A model would learn to
score the name. Under the new weights, comments that name a group are toxic as often as any other comment.
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
"""A group is balanced only if at least this many toxic rows, and as many harmless rows, name it."""

_ROUNDS = 8
"""How often all groups are balanced in turn."""


def reweight(texts: Sequence[str], toxic: Flags, weights: Floats) -> Floats:
    """Return new weights (n,) under which texts that name a group are toxic at the rate of all texts.

    `toxic` has the shape (n,). A text may name several groups, so the groups are balanced in turn, in several rounds
    (iterative proportional fitting, Deming and Stephan 1940). Weights are clipped by MAX_WEIGHT, so the balance is only
    approximate for a group that is named almost always in anger.
    """
    rows_by_term = _rows_by_term(texts)
    rate = float(np.average(toxic, weights=weights))
    balanced = weights.astype(np.float64)
    for _ in range(_ROUNDS):
        for rows in rows_by_term:
            # The toxic rows that name the term, and the harmless ones.
            classes = [rows[toxic[rows]], rows[~toxic[rows]]]
            if min(map(len, classes)) < MIN_ROWS:
                continue
            # Scale both classes so that toxic rows have the share `rate` of the group's weight, whose total stays.
            total = balanced[rows].sum()
            for class_rows, share in zip(classes, (rate, 1.0 - rate), strict=True):
                balanced[class_rows] *= total * share / balanced[class_rows].sum()
            balanced[rows] = np.clip(balanced[rows], weights[rows] / MAX_WEIGHT, weights[rows] * MAX_WEIGHT)
    return balanced


def _rows_by_term(texts: Sequence[str]) -> list[NDArray[np.int_]]:
    """Return the indices of the texts that name each term, in the order of the terms."""
    rows_by_term: dict[str, list[int]] = {term: [] for term in load_identity_terms().terms}
    for row, text in enumerate(texts):
        # A set, so that a text that names a term twice counts once.
        for term in set(identity_pattern().findall(text.lower())):
            rows_by_term[term].append(row)
    return [np.array(rows, dtype=int) for rows in rows_by_term.values()]

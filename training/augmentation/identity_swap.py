"""Targets that do not depend on which group a text names (counterfactual token fairness, Garg et al. 2019).

Many rows of the corpora are labelled toxic only because they name a group: someone wrote that a person is gay, and
raters saw an insult. A model that is trained on them learns that the word is an insult. So the target of a text that
names a group is capped: it may not exceed the model's own score of the same text with other groups.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.text.letter_case import match_case
from training.corpora.examples import Example
from training.templates.loader import load_identity_terms

Floats = NDArray[np.float64]
Predict = Callable[[Sequence[str]], Floats]
"""Returns the probability of each target for each text, (texts, targets)."""


def mentions_identity(text: str) -> bool:
    """Return whether a text names a group that `swap_identities` replaces."""
    return _swappable_pattern().search(text) is not None


def swap_identities(text: str, term: str) -> str:
    """Return the text with `term` in place of every group that it names, in the same case and number."""
    # The reference terms are nationalities, so they are capitalised. match[2] is the plural's "s", if there is one.
    return _swappable_pattern().sub(lambda match: match_case(match[1], term.capitalize()) + match[2], text)


def cap_targets(examples: Sequence[Example], predict: Predict) -> list[Example]:
    """Cap the targets of each example by the mean prediction for it with each reference group.

    Abuse that does not depend on the group keeps its target. Examples that name no group are returned unchanged.
    """
    rows = [row for row, example in enumerate(examples) if mentions_identity(example.text)]
    terms = load_identity_terms().reference_terms
    swapped_texts = [swap_identities(examples[row].text, term) for term in terms for row in rows]
    capped = list(examples)
    if swapped_texts:
        # (terms * rows, targets) to (rows, targets): the mean over the reference groups.
        predictions = predict(swapped_texts).reshape(len(terms), len(rows), -1).mean(axis=0)
        for row, prediction in zip(rows, predictions, strict=True):
            # Unlike `np.minimum`, `np.fmin` takes the prediction if the target is NaN.
            targets = np.fmin(np.array(examples[row].targets), prediction)
            capped[row] = replace(examples[row], targets=tuple(map(float, targets)))
    return capped


@cache
def _swappable_pattern() -> re.Pattern[str]:
    terms = load_identity_terms()
    unswapped = {*terms.reference_terms, *terms.ambiguous_terms}
    longest_first = sorted((term for term in terms.terms if term not in unswapped), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(longest_first)})(s?)\b", re.IGNORECASE)

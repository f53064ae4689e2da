"""What a text would be called if it named somebody else: a lesson about a text, and not about whom it names.

Among a corpus's toxic rows are many whose only fault is a name: somebody wrote that somebody else is gay, and raters
heard an insult. Learned as they are, they make an insult of the word. A text should be scored alike whichever group it
names (counterfactual token fairness, Garg et al. 2019), so such a row is taught as what it would be with other names.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.encoder.dataset import Example
from training.templates.identity import TERMS

Floats = NDArray[np.float64]
Judge = Callable[[Sequence[str]], Floats]
"""Answers how likely each target is for each text, (texts, targets)."""

CALM = ("canadian", "german", "italian")
"""Groups that stand in for any other: their names take the same endings."""

_OTHERWISE = frozenset(
    ("conservative", "elderly", "female", "foreign", "liberal", "male", "old", "older", "straight", "young", "younger")
)
"""Words that mostly say something else, or have no nation in their place."""

_NAMES = frozenset(TERMS) - frozenset(CALM) - _OTHERWISE
_NAME = re.compile(rf"\b({'|'.join(sorted(_NAMES, key=len, reverse=True))})(s?)\b", re.IGNORECASE)


def names_anyone(text: str) -> bool:
    """Tell whether a text names one of the groups that are exchanged."""
    return _NAME.search(text) is not None


def rename(text: str, group: str) -> str:
    """Answer the text with that group in the place of each that it names."""
    return _NAME.sub(lambda found: _in_case_of(found[1], group) + found[2], text)


def soften(examples: Sequence[Example], judge: Judge) -> list[Example]:
    """Answer the examples, none aiming higher than the judge would, on average, if they named somebody else.

    What is abuse whoever is named stays abuse; examples that name nobody are answered as they are.
    """
    naming = [place for place, example in enumerate(examples) if names_anyone(example.text)]
    texts = [rename(examples[place].text, group) for group in CALM for place in naming]
    softened = list(examples)
    if texts:
        others = judge(texts).reshape(len(CALM), len(naming), -1).mean(axis=0)
        for place, other in zip(naming, others, strict=True):
            # `fmin` takes the judge's word where nothing is known.
            aims = np.fmin(np.array(examples[place].targets), other)
            softened[place] = replace(examples[place], targets=tuple(map(float, aims)))
    return softened


def _in_case_of(written: str, word: str) -> str:
    return word.upper() if written.isupper() and len(written) > 1 else word.capitalize()

"""A text is taught as what it would be called if it named somebody else."""

import math
from collections.abc import Sequence

import numpy as np

from training.augmentation.identity_swap import CALM, names_anyone, rename, soften
from training.encoder.dataset import NOTHING, Example


def example(text: str, *targets: float) -> Example:
    return Example("surge", text, targets or NOTHING, "0" * 15 + "1")


def hear_idiots(texts: Sequence[str]) -> np.ndarray:
    """A judge to whom only idiots are toxic; of the second target it always says a third."""
    return np.array([[0.9 if "idiot" in text else 0.1, 1 / 3] for text in texts])


def test_a_name_is_exchanged_in_its_case_and_number() -> None:
    assert rename("Gay readers, GAY clubs and two lesbians", "german") == "German readers, GERMAN clubs and two Germans"
    assert rename("The bridge is closed.", "german") == "The bridge is closed."


def test_a_word_that_only_begins_like_a_name_is_none() -> None:
    assert not names_anyone("The transit plan of Mr Gayle and Mrs Whitehead")
    assert names_anyone("A Muslim's letter")


def test_what_only_its_name_made_toxic_is_taught_as_harmless() -> None:
    (taught,) = soften([example("He is gay", 1.0, 0.0)], hear_idiots)
    assert np.allclose(taught.targets, (0.1, 0.0))
    assert taught.text == "He is gay"


def test_abuse_stays_abuse_whoever_is_named() -> None:
    (taught,) = soften([example("You gay idiot", 0.8, math.nan)], hear_idiots)
    assert np.allclose(taught.targets, (0.8, 1 / 3))


def test_what_names_nobody_is_not_asked_about() -> None:
    asked: list[str] = []

    def listen(texts: Sequence[str]) -> np.ndarray:
        asked.extend(texts)
        return hear_idiots(texts)

    examples = [example("You idiot", 1.0, 0.0), example("A white lie", 0.0, 0.0)]
    assert soften(examples, listen)[0] == examples[0]
    assert len(asked) == len(CALM)
    assert soften(examples[:1], listen) == examples[:1]

"""Targets of texts that name a group are capped by the prediction for the same text with other groups."""

import math
from collections.abc import Sequence

import numpy as np

from training.augmentation.identity_swap import cap_targets, mentions_identity, swap_identities
from training.corpora.examples import NON_TOXIC, Example
from training.templates.loader import load_identity_terms


def example(text: str, *targets: float) -> Example:
    return Example("surge", text, targets or NON_TOXIC, "0" * 15 + "1")


def predict_idiots(texts: Sequence[str]) -> np.ndarray:
    """Predict 0.9 for a text with "idiot" and 0.1 for others, and always a third for the second target."""
    return np.array([[0.9 if "idiot" in text else 0.1, 1 / 3] for text in texts])


def test_a_group_is_swapped_in_its_case_and_number() -> None:
    swapped = swap_identities("Gay readers, GAY clubs and two lesbians", "german")
    assert swapped == "German readers, GERMAN clubs and two Germans"
    assert swap_identities("The bridge is closed.", "german") == "The bridge is closed."


def test_a_word_that_only_begins_with_a_term_does_not_name_a_group() -> None:
    assert not mentions_identity("The transit plan of Mr Gayle and Mrs Whitehead")
    assert mentions_identity("A Muslim's letter")


def test_a_text_that_is_toxic_only_by_its_group_becomes_harmless() -> None:
    (capped,) = cap_targets([example("He is gay", 1.0, 0.0)], predict_idiots)
    assert np.allclose(capped.targets, (0.1, 0.0))
    assert capped.text == "He is gay"


def test_abuse_that_does_not_depend_on_the_group_stays_toxic() -> None:
    (capped,) = cap_targets([example("You gay idiot", 0.8, math.nan)], predict_idiots)
    assert np.allclose(capped.targets, (0.8, 1 / 3))


def test_only_texts_that_name_a_group_are_predicted() -> None:
    predicted: list[str] = []

    def predict(texts: Sequence[str]) -> np.ndarray:
        predicted.extend(texts)
        return predict_idiots(texts)

    examples = [example("You idiot", 1.0, 0.0), example("A white lie", 0.0, 0.0)]
    assert cap_targets(examples, predict)[0] == examples[0]
    assert len(predicted) == len(load_identity_terms().reference_terms)
    assert cap_targets(examples[:1], predict) == examples[:1]

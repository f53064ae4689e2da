"""Coherence learns from intact and broken texts of an invented corpus, the same way each time."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier

from training.augmentation.corruptions import SEEN, UNSEEN, Corruption, Draw, mash_keys, rotate_letters
from training.coherence.fit import break_half, learn_features, roughen
from training.templates.plain_comments import PLAIN

WHO = ("the mayor", "my neighbour", "the school", "our council", "the old ferry", "every tenant", "a doctor")
DOES = ("has closed", "should open", "will never pay for", "asked about", "cannot stop", "promised us", "forgot")
WHAT = ("the bridge in winter", "the night bus", "that new tax", "two more nurses", "the library", "cheaper flats")
TEXTS = [f"I think {who} {does} {what}, and nobody said why." for who in WHO for does in DOES for what in WHAT]


def test_each_text_is_seen_intact_and_broken() -> None:
    examples, labels, done = break_half(TEXTS[:50], SEEN, seed=2)

    assert labels.tolist() == [1, 0] * 50
    assert done[::2] == ["intact"] * 50
    assert all(intact != broken for intact, broken in zip(examples[::2], examples[1::2], strict=True))


@pytest.mark.parametrize("kinds", [SEEN, UNSEEN])
def test_no_text_that_is_left_intact_is_called_broken(kinds: tuple[Corruption, ...]) -> None:
    unscathed = ["So it is", "2015!", "no no no", "of the", "👍"] * 40
    examples, labels, done = break_half(unscathed, kinds, seed=2)

    assert len(examples) == len(labels) == len(done) > 0
    assert not [
        intact for intact, broken in zip(examples[::2], examples[1::2], strict=True) if intact.split() == broken.split()
    ]


def test_a_text_that_no_kind_breaks_is_left_out() -> None:
    examples, labels, done = break_half(["2015!", "..."], (rotate_letters,), seed=2)

    assert (examples, labels.tolist(), done) == ([], [], [])


def test_the_same_seed_breaks_the_same_way() -> None:
    assert break_half(TEXTS[:20], UNSEEN, seed=2)[0] == break_half(TEXTS[:20], UNSEEN, seed=2)[0]
    assert break_half(TEXTS[:20], UNSEEN, seed=2)[0] != break_half(TEXTS[:20], UNSEEN, seed=3)[0]


@pytest.mark.parametrize("kinds", [SEEN, UNSEEN])
def test_a_few_words_are_never_merely_put_in_another_order(kinds: tuple[object, ...]) -> None:
    _, _, done = break_half([text for text in PLAIN if len(text.split()) < 5], kinds, seed=2)

    assert not {"shuffle_words", "reverse_words", "sort_words", "break_off"} & set(done)


def test_some_texts_stay_as_they_are() -> None:
    draw = Draw(np.random.default_rng(1), TEXTS)
    rough = [roughen(text, draw) for text in TEXTS]

    assert 0.1 < np.mean([one == other for one, other in zip(rough, TEXTS, strict=True)]) < 0.7


def test_what_is_learned_tells_broken_texts_of_new_words_apart() -> None:
    features = learn_features(TEXTS[::2], seed=1)
    examples, labels, _ = break_half(TEXTS[1::2], (mash_keys,), seed=1)
    fitted = Pipeline([("features", features), ("tree", DecisionTreeClassifier(max_depth=3))])
    fitted.fit(examples[:100], labels[:100])

    assert roc_auc_score(labels[100:], fitted.predict_proba(examples[100:])[:, 1]) > 0.9


def test_learning_twice_learns_the_same() -> None:
    first, second = learn_features(TEXTS, seed=1), learn_features(TEXTS, seed=1)

    assert np.array_equal(first.transform(TEXTS[:9]), second.transform(TEXTS[:9]), equal_nan=True)

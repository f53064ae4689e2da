"""Coherence is trained on intact and corrupted texts, deterministically."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier

from training.augmentation.corruptions import SEEN, UNSEEN, Corruption, Sampler, mash_keys, rotate_letters
from training.coherence.fit import add_noise, corrupt, fit_features
from training.templates.loader import load_plain_comments

WHO = ("the mayor", "my neighbour", "the school", "our council", "the old ferry", "every tenant", "a doctor")
DOES = ("has closed", "should open", "will never pay for", "asked about", "cannot stop", "promised us", "forgot")
WHAT = ("the bridge in winter", "the night bus", "that new tax", "two more nurses", "the library", "cheaper flats")
TEXTS = [f"I think {who} {does} {what}, and nobody said why." for who in WHO for does in DOES for what in WHAT]


def test_each_text_is_intact_and_corrupted() -> None:
    examples, labels, done = corrupt(TEXTS[:50], SEEN, seed=2)

    assert labels.tolist() == [1, 0] * 50
    assert done[::2] == ["intact"] * 50
    assert all(intact != broken for intact, broken in zip(examples[::2], examples[1::2], strict=True))


@pytest.mark.parametrize("kinds", [SEEN, UNSEEN])
def test_unchanged_text_is_not_labelled_as_corrupted(kinds: tuple[Corruption, ...]) -> None:
    texts = ["So it is", "2015!", "no no no", "of the", "👍"] * 40
    examples, labels, done = corrupt(texts, kinds, seed=2)

    assert len(examples) == len(labels) == len(done) > 0
    assert not [
        intact for intact, broken in zip(examples[::2], examples[1::2], strict=True) if intact.split() == broken.split()
    ]


def test_text_that_no_kind_corrupts_is_left_out() -> None:
    examples, labels, done = corrupt(["2015!", "..."], (rotate_letters,), seed=2)

    assert (examples, labels.tolist(), done) == ([], [], [])


def test_corruptions_depend_on_the_seed_only() -> None:
    assert corrupt(TEXTS[:20], UNSEEN, seed=2)[0] == corrupt(TEXTS[:20], UNSEEN, seed=2)[0]
    assert corrupt(TEXTS[:20], UNSEEN, seed=2)[0] != corrupt(TEXTS[:20], UNSEEN, seed=3)[0]


@pytest.mark.parametrize("kinds", [SEEN, UNSEEN])
def test_few_words_are_never_only_reordered(kinds: tuple[object, ...]) -> None:
    _, _, done = corrupt([text for text in load_plain_comments() if len(text.split()) < 5], kinds, seed=2)

    assert not {"shuffle_words", "reverse_words", "sort_words", "break_off"} & set(done)


def test_some_texts_get_no_noise() -> None:
    draw = Sampler(np.random.default_rng(1), TEXTS)
    noisy = [add_noise(text, draw) for text in TEXTS]

    assert 0.1 < np.mean([after == before for after, before in zip(noisy, TEXTS, strict=True)]) < 0.7


def test_features_separate_corrupted_texts_with_new_words() -> None:
    features = fit_features(TEXTS[::2], seed=1)
    examples, labels, _ = corrupt(TEXTS[1::2], (mash_keys,), seed=1)
    fitted = Pipeline([("features", features), ("tree", DecisionTreeClassifier(max_depth=3))])
    fitted.fit(examples[:100], labels[:100])

    assert roc_auc_score(labels[100:], fitted.predict_proba(examples[100:])[:, 1]) > 0.9


def test_features_are_deterministic() -> None:
    first, second = fit_features(TEXTS, seed=1), fit_features(TEXTS, seed=1)

    assert np.array_equal(first.transform(TEXTS[:9]), second.transform(TEXTS[:9]), equal_nan=True)

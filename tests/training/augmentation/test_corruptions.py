"""Corruptions make a text incoherent, noise does not, and both are repeatable."""

import numpy as np
import pytest

from training.augmentation.corruptions import SEEN, UNSEEN, Corruption, Sampler
from training.augmentation.text_noise import NOISES, Noise, misspell
from training.templates.loader import load_plain_comments

TEXT = (
    "The council has promised a new bridge at every election since I moved here. Every spring the river takes the "
    "old railing with it, and nobody pays for the detour of the school bus."
)


def make_sampler() -> Sampler:
    return Sampler(np.random.default_rng(3), load_plain_comments())


@pytest.mark.parametrize("corrupt", SEEN + UNSEEN)
def test_a_corruption_changes_the_text_and_roughly_keeps_its_length(corrupt: Corruption) -> None:
    corrupted = corrupt(TEXT, make_sampler())

    assert corrupted != TEXT
    assert len(TEXT) / 3 < len(corrupted) < 3 * len(TEXT)


@pytest.mark.parametrize("corrupt", SEEN + UNSEEN)
@pytest.mark.parametrize("text", ["No.", "", "👍"])
def test_a_corruption_accepts_the_shortest_text(corrupt: Corruption, text: str) -> None:
    assert isinstance(corrupt(text, make_sampler()), str)


@pytest.mark.parametrize("change", SEEN + UNSEEN + NOISES)
def test_the_same_seed_makes_the_same_change(change: Corruption) -> None:
    assert change(TEXT, make_sampler()) == change(TEXT, make_sampler())


@pytest.mark.parametrize("noise", NOISES)
def test_noise_leaves_some_words_as_they_are(noise: Noise) -> None:
    noisy_words = set(noise(TEXT, make_sampler()).lower().replace(".", "").split())

    assert set(TEXT.lower().split()) & noisy_words


def test_misspelling_changes_about_one_word_in_five() -> None:
    misspelt = misspell(TEXT, make_sampler())
    changed = sum(before != after for before, after in zip(TEXT.split(), misspelt.split(), strict=True))

    assert 2 <= changed <= 15


def test_corruptions_for_measuring_are_not_trained_on() -> None:
    assert not set(SEEN) & set(UNSEEN)

"""Corruptions break a text, roughenings keep it, and both are repeatable."""

import numpy as np
import pytest

from training.augmentation.corruptions import SEEN, UNSEEN, Corruption, Draw
from training.augmentation.text_noise import ROUGHENINGS, Roughening, misspell
from training.templates.plain_comments import PLAIN

TEXT = (
    "The council has promised a new bridge at every election since I moved here. Every spring the river takes the "
    "old railing with it, and nobody pays for the detour of the school bus."
)


def draw() -> Draw:
    return Draw(np.random.default_rng(3), PLAIN)


@pytest.mark.parametrize("corrupt", SEEN + UNSEEN)
def test_a_corruption_changes_the_text_and_roughly_keeps_its_length(corrupt: Corruption) -> None:
    broken = corrupt(TEXT, draw())

    assert broken != TEXT
    assert len(TEXT) / 3 < len(broken) < 3 * len(TEXT)


@pytest.mark.parametrize("corrupt", SEEN + UNSEEN)
@pytest.mark.parametrize("text", ["No.", "", "👍"])
def test_a_corruption_takes_the_shortest_text(corrupt: Corruption, text: str) -> None:
    assert isinstance(corrupt(text, draw()), str)


@pytest.mark.parametrize("change", SEEN + UNSEEN + ROUGHENINGS)
def test_the_same_seed_makes_the_same_change(change: Corruption) -> None:
    assert change(TEXT, draw()) == change(TEXT, draw())


@pytest.mark.parametrize("roughen", ROUGHENINGS)
def test_a_roughened_text_keeps_most_of_its_letters(roughen: Roughening) -> None:
    kept = set(TEXT.lower().split()) & set(roughen(TEXT, draw()).lower().replace(".", "").split())

    assert kept


def test_misspelling_touches_about_one_word_of_five() -> None:
    changed = sum(one != other for one, other in zip(TEXT.split(), misspell(TEXT, draw()).split(), strict=True))

    assert 2 <= changed <= 15


def test_no_corruption_is_both_learned_from_and_kept_for_measuring() -> None:
    assert not set(SEEN) & set(UNSEEN)

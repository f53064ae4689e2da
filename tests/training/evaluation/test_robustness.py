"""Robustness: disguises hide, slips leave short words alone, and what they cost is counted on both sides."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from training.augmentation.obfuscations import DISGUISES, WHOLE, disguise_at
from training.evaluation.robustness import Sample, evaluate_disguises
from training.toxicity.fit import FittedToxicity

TEXT = "Only a moron writes this, dear mayor."
PLACE = (7, 12)


def quietly(things: Iterable[Any], name: str) -> Iterable[Any]:  # noqa: ARG001 - shows nothing
    return things


@pytest.mark.parametrize("how", DISGUISES)
def test_a_disguise_changes_one_word(how: str) -> None:
    hidden = disguise_at(TEXT, PLACE, how=how)
    assert "moron" not in hidden
    assert (hidden[:7], hidden[-25:]) == ("Only a ", TEXT[-25:])


@pytest.mark.parametrize("how", WHOLE)
def test_a_disguise_of_the_whole_text_ignores_the_place(how: str) -> None:
    assert disguise_at(TEXT, PLACE, how=how) == disguise_at(TEXT, (0, 0), how=how) != TEXT


@pytest.mark.parametrize("how", ["two letters swapped", "a letter dropped", "a letter doubled", "the next key hit"])
def test_a_slip_leaves_short_words_alone(how: str) -> None:
    assert disguise_at("my ass", (3, 6), how=how) == "my ass"


def test_text_upside_down_reads_from_the_end() -> None:
    assert disguise_at("You bold lad", (0, 0), how="text upside down") == "pɐl ploq noʎ"


def test_recall_kept_and_false_positives_added_are_counted_apart(fitted: FittedToxicity) -> None:
    def holds_capitals_and_quiet_insults(texts: Iterable[str]) -> Any:
        return np.array([float("moron" in text or text.isupper()) for text in texts])

    sample = Sample([TEXT] * 3, ["Dear mayor, thank you."] * 4, np.zeros(4))
    rows = evaluate_disguises(
        fitted.pipeline, sample, holds_capitals_and_quiet_insults, threshold=0.5, jobs=1, seed=1, track=quietly
    )
    found = {row["disguise"]: row for row in rows}
    for name, kept, added in (
        ("text in capitals", 1.0, 1.0),
        ("an article's sentence before", 1.0, 0.0),
        ("text upside down", 0.0, 0.0),
    ):
        assert (found[name]["kept"]["value"], found[name]["added"]["value"]) == (kept, added)


def test_what_is_freed_makes_up_for_nothing_that_gets_held_and_what_is_unchanged_counts_nothing(
    fitted: FittedToxicity,
) -> None:
    def holds_capitals_alone(texts: Iterable[str]) -> Any:
        return np.array([float(text.isupper() and "BUS" not in text) for text in texts])

    harmless = ["Dear mayor.", "The bus.", "LATE AGAIN", "THE BUS"]
    sample = Sample([], harmless, np.array([0.0, 0.0, 1.0, 1.0]))
    rows = evaluate_disguises(
        fitted.pipeline, sample, holds_capitals_alone, threshold=0.5, jobs=1, seed=1, track=quietly
    )
    found = {row["disguise"]: row for row in rows}
    capitals = found["text in capitals"]
    assert capitals["kept"] is None
    assert (capitals["added"]["value"], capitals["added"]["n"]) == (0.5, 2)
    assert found["text in full width"]["added"]["high"] > 0


def test_a_disguise_that_changes_nothing_says_nothing(fitted: FittedToxicity) -> None:
    sample = Sample(["SHUT UP"], ["LATE AGAIN"], np.zeros(1))
    rows = evaluate_disguises(
        fitted.pipeline, sample, lambda texts: np.ones(len(texts)), threshold=0.5, jobs=1, seed=1, track=quietly
    )
    (capitals,) = [row for row in rows if row["disguise"] == "text in capitals"]
    assert (capitals["kept"], capitals["added"]) == (None, None)

"""Obfuscations hide words, slips leave short words unchanged, and recall and false positives are both measured."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from training.augmentation.obfuscations import OBFUSCATIONS, WHOLE_TEXT, obfuscate
from training.evaluation.robustness import Sample, evaluate_obfuscations
from training.progress import no_progress
from training.statistics.bootstrap import Measurement
from training.toxicity.fit import FittedToxicity

TEXT = "Only a moron writes this, dear mayor."
SPAN = (7, 12)


@pytest.mark.parametrize("how", OBFUSCATIONS)
def test_obfuscation_changes_one_word(how: str) -> None:
    hidden = obfuscate(TEXT, SPAN, how=how)
    assert "moron" not in hidden
    assert (hidden[:7], hidden[-25:]) == ("Only a ", TEXT[-25:])


@pytest.mark.parametrize("how", WHOLE_TEXT)
def test_obfuscation_of_the_whole_text_ignores_the_span(how: str) -> None:
    assert obfuscate(TEXT, SPAN, how=how) == obfuscate(TEXT, (0, 0), how=how) != TEXT


@pytest.mark.parametrize("how", ["two letters swapped", "a letter dropped", "a letter doubled", "the next key hit"])
def test_slips_leave_short_words_unchanged(how: str) -> None:
    assert obfuscate("my ass", (3, 6), how=how) == "my ass"


def test_upside_down_text_reads_from_the_end() -> None:
    assert obfuscate("You bold lad", (0, 0), how="text upside down") == "pɐl ploq noʎ"


def value_of(rate: Measurement | None) -> float | None:
    return rate and rate.value


def test_recall_kept_and_false_positives_added_are_measured(fitted: FittedToxicity) -> None:
    def holds_capitals_and_quiet_insults(texts: Iterable[str]) -> Any:
        return np.array([float("moron" in text or text.isupper()) for text in texts])

    sample = Sample([TEXT] * 3, ["Dear mayor, thank you."] * 4, np.zeros(4))
    results = evaluate_obfuscations(
        fitted.pipeline,
        sample,
        holds_capitals_and_quiet_insults,
        threshold=0.5,
        jobs=1,
        seed=1,
        with_progress=no_progress,
    )
    found = {result.obfuscation: result for result in results}
    for name, kept, added in (
        ("text in capitals", 1.0, 1.0),
        ("an article's sentence before", 1.0, 0.0),
        ("text upside down", 0.0, 0.0),
    ):
        assert value_of(found[name].recall_kept) == kept
        assert value_of(found[name].false_positives_added) == added


def holds_capitals_without_bus(texts: Iterable[str]) -> Any:
    return np.array([float(text.isupper() and "BUS" not in text) for text in texts])


def test_approvals_do_not_offset_new_holds(fitted: FittedToxicity) -> None:
    sample = Sample([], ["Dear mayor.", "The bus.", "LATE AGAIN", "THE BUS"], np.array([0.0, 0.0, 1.0, 1.0]))
    results = evaluate_obfuscations(
        fitted.pipeline, sample, holds_capitals_without_bus, threshold=0.5, jobs=1, seed=1, with_progress=no_progress
    )
    found = {result.obfuscation: result for result in results}
    capitals, full_width = (found[name].false_positives_added for name in ("text in capitals", "text in full width"))
    assert capitals is not None
    assert (capitals.value, capitals.n) == (0.5, 2)
    assert full_width is not None
    assert full_width.high > 0


def test_unchanged_comments_are_not_counted(fitted: FittedToxicity) -> None:
    sample = Sample(["SHUT UP"], ["LATE AGAIN"], np.zeros(1))
    results = evaluate_obfuscations(
        fitted.pipeline,
        sample,
        lambda texts: np.ones(len(texts)),
        threshold=0.5,
        jobs=1,
        seed=1,
        with_progress=no_progress,
    )
    (capitals,) = [result for result in results if result.obfuscation == "text in capitals"]
    assert (capitals.recall_kept, capitals.false_positives_added) == (None, None)


def test_a_class_without_comments_has_no_rate(fitted: FittedToxicity) -> None:
    sample = Sample([], ["Dear mayor."], np.zeros(1))
    results = evaluate_obfuscations(
        fitted.pipeline, sample, holds_capitals_without_bus, threshold=0.5, jobs=1, seed=1, with_progress=no_progress
    )
    assert {result.recall_kept for result in results} == {None}

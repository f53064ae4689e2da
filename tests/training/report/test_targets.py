"""Targets: a figure is not enough if a simple model may be as good."""

from dataclasses import replace
from typing import Any

import pytest

from training.evaluation.results import (
    Comparison,
    Evaluation,
    IdentityAuc,
    ObfuscationResult,
    SetResult,
    SpamResult,
    TermRate,
    TermRates,
)
from training.report.targets import compare_with_targets, write_targets
from training.statistics.bootstrap import Measurement
from training.statistics.metrics import Curve

NO_RATES = TermRates(held=0.0, n=0, terms=())
EMPTY = Evaluation(
    toxicity=(),
    against=(),
    slices=(),
    lengths=(),
    attributes=(),
    calibration=(),
    perspective=None,
    identity_auc=IdentityAuc(),
    statements=NO_RATES,
    mentions=NO_RATES,
    obfuscations=(),
    quick=True,
    relevance=(),
    coherence=(),
    spam=SpamResult(rows=(), rules=()),
    suite=(),
    hold_rates=(),
)


def around(name: str, value: float, *, metric: str = "AUC") -> dict[str, Any]:
    return {"set": name, "metric": metric, "value": value, "low": value - 0.01, "high": value + 0.01, "n": 10}


def set_result(name: str, value: float) -> SetResult:
    curve = Curve((0.0, 1.0), (0.0, 1.0))
    return SetResult(
        **around(name, value),
        positives=5,
        duplicates=0,
        baseline_auc=None,
        recall=(),
        workloads=(),
        held=0.1,
        missed=0.1,
        roc=curve,
        precision=curve,
        workload=curve,
    )


def comparison(name: str, value: float, *, baseline: str) -> Comparison:
    return Comparison(**around(name, value), release_value=0.5 + value, baseline_value=0.5, baseline=baseline)


def obfuscation(name: str, *, kept: float | None, added: float | None) -> ObfuscationResult:
    return ObfuscationResult(
        obfuscation=name,
        recall_kept=None if kept is None else Measurement(**around(name, kept)),
        false_positives_added=None if added is None else Measurement(**around(name, added)),
    )


@pytest.mark.parametrize(("value", "more", "is_met"), [(0.81, 0.03, True), (0.81, 0.005, False), (0.79, 0.03, False)])
def test_toxicity_must_reach_its_target_and_beat_ngrams(value: float, more: float, is_met: bool) -> None:  # noqa: FBT001 - a case
    against = (
        comparison("ucc", more, baseline="n-grams"),
        comparison("ucc", 0.2, baseline="alt-profanity-check"),
    )
    (target,) = compare_with_targets(replace(EMPTY, toxicity=(set_result("ucc", value),), against=against))
    assert target.is_met is is_met


def test_worst_obfuscation_decides() -> None:
    results = (obfuscation("one", kept=0.95, added=0.03), obfuscation("two", kept=0.6, added=0.0))
    kept, added = compare_with_targets(replace(EMPTY, obfuscations=results))
    assert (kept.name, kept.is_met) == ("worst obfuscation, recall kept: two", False)
    assert (added.name, added.is_met) == ("worst obfuscation, false positives added: one", False)


def test_obfuscation_that_changes_no_comment_has_no_target() -> None:
    results = (obfuscation("one", kept=None, added=0.01),)
    (added,) = compare_with_targets(replace(EMPTY, obfuscations=results))
    assert (added.name, added.is_met) == ("worst obfuscation, false positives added: one", True)
    results = (obfuscation("two", kept=None, added=None),)
    assert not list(compare_with_targets(replace(EMPTY, obfuscations=results)))


def test_group_held_less_often_is_as_far_off_as_one_held_more() -> None:
    terms = tuple(
        TermRate(**around("statements", value, metric=term), held=0.1)
        for term, value in (("old", 0.01), ("Sikh", -0.05))
    )
    (target,) = compare_with_targets(replace(EMPTY, statements=replace(NO_RATES, terms=terms)))
    assert "Sikh" in target.name
    assert not target.is_met


def test_unmeasured_targets_are_not_listed() -> None:
    assert not list(compare_with_targets(EMPTY))
    row = Measurement(**around("c3, headline", 0.9, metric="AUC, random other"))
    section = write_targets(replace(EMPTY, relevance=(row,)))
    assert section.table is not None
    assert section.table.rows == [("c3, headline, AUC, random other", "0.860", "0.900", "0.890 to 0.910", "", "yes")]

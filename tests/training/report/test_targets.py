"""Aims: a figure is not enough where a simple model may be as good."""

from typing import Any

import pytest

from training.report.targets import compare_with_aims, write_aims

EMPTY: dict[str, Any] = {
    "toxicity": [],
    "against": [],
    "areas": {"worst": []},
    "disguises": [],
    "statements": {"terms": []},
    "mentions": {"terms": []},
    "relevance": [],
    "coherence": [],
}


def make_row(name: str, value: float, *, measure: str = "AUC", **more: Any) -> dict[str, Any]:
    return {"set": name, "measure": measure, "value": value, "low": value - 0.01, "high": value + 0.01, **more}


@pytest.mark.parametrize(("value", "more", "is_met"), [(0.81, 0.03, True), (0.81, 0.005, False), (0.79, 0.03, False)])
def test_an_area_is_reached_by_its_figure_and_beyond_n_grams(value: float, more: float, is_met: bool) -> None:  # noqa: FBT001 - a case
    toxicity = [make_row("ucc", value, workloads=[])]
    against = [make_row("ucc", more, peer="n-grams"), make_row("ucc", 0.2, peer="alt-profanity-check")]
    (aim,) = compare_with_aims(EMPTY | {"toxicity": toxicity, "against": against})
    assert aim.is_met is is_met


def test_the_worst_disguise_decides() -> None:
    rows = [
        {"disguise": name, "kept": make_row(name, kept), "added": make_row(name, added)}
        for name, kept, added in (("one", 0.95, 0.03), ("two", 0.6, 0.0))
    ]
    kept, added = compare_with_aims(EMPTY | {"disguises": rows})
    assert (kept.reached["set"], kept.is_met) == ("two", False)
    assert (added.reached["set"], added.is_met) == ("one", False)


def test_a_disguise_that_changes_no_comment_reaches_no_aim() -> None:
    rows: list[dict[str, Any]] = [{"disguise": "one", "kept": None, "added": make_row("one", 0.01)}]
    (added,) = compare_with_aims(EMPTY | {"disguises": rows})
    assert (added.name, added.is_met) == ("worst disguise, false positives added: one", True)
    assert not list(compare_with_aims(EMPTY | {"disguises": [{"disguise": "two", "kept": None, "added": None}]}))


def test_a_group_held_less_often_is_as_far_off_as_one_held_more() -> None:
    terms = [make_row("statements", 0.01, measure="old"), make_row("statements", -0.05, measure="Sikh")]
    (aim,) = compare_with_aims(EMPTY | {"statements": {"terms": terms}})
    assert "Sikh" in aim.name
    assert not aim.is_met


def test_what_was_not_measured_is_not_listed() -> None:
    assert not list(compare_with_aims(EMPTY))
    section = write_aims(EMPTY | {"relevance": [make_row("c3, headline", 0.9, measure="AUC, random other")]})
    assert section.table is not None
    assert section.table.rows == [("c3, headline, AUC, random other", "0.860", "0.900", "0.890 to 0.910", "", "yes")]

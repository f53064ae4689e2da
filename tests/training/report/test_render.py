"""The report: every section in both forms, with curves, the same from the same figures."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.card import Card, DataSource, KnownFailure
from models.release import Release
from training.corpora.registry import Corpora
from training.evaluation.run import Extent, evaluate_toxicity
from training.report.render import write_report
from training.toxicity.fit import FittedToxicity

CARD = Card(
    version="2026.1.0",
    kind="base",
    created_at=datetime(2026, 1, 2, tzinfo=UTC),
    seed=7,
    code_commit="abc",
    base_rate=0.1,
    parameters={"encoder": "e"},
    thresholds={"toxicity": 0.4},
    sources=(DataSource(name="surge", licence="MIT", rows=3, sha256="0" * 64),),
    metrics={"toxicity": {"auc_out_of_fold": {"toxigen": 0.8}, "labels": {"toxicity": {"positive": 1, "known": 2}}}},
    intended_use="Testing <reports>.",
    not_for="Anything else.",
    known_failures=(KnownFailure("toxicity", "Bless him.", 0.01, "irony"),),
)
ROW = {"set": "c3", "measure": "own against random", "value": 0.8, "low": 0.7, "high": 0.9, "n": 10}


def quietly(things: Iterable[Any], name: str) -> Iterable[Any]:  # noqa: ARG001 - shows nothing
    return things


@pytest.fixture(scope="module")
def measured(corpora: Corpora, fitted: FittedToxicity) -> dict[str, Any]:
    alone: Any = {"relevance": None, "coherence": None, "encoder": None, "perspective_scale": None}
    release = Release(card=CARD, toxicity=fitted.pipeline, **alone)  # nothing else is measured
    few = Corpora(corpora.folder, most=40)
    facts = evaluate_toxicity(few, release, seed=7, extent=Extent(statements=1, disguised=8), track=quietly)
    return facts | {
        "quick": True,
        "relevance": [ROW],
        "coherence": [ROW],
        "spam": {"rows": [ROW], "rules": []},
        "suite": [],
        "ordinary": [],
    }


def test_every_set_is_measured_without_copies_of_lessons(measured: dict[str, Any]) -> None:
    sets = {row["set"]: row for row in measured["toxicity"]}
    assert {"ucc", "c3", "hatemoji_check", "bias_madlibs", "civil_balanced (held out)"} <= set(sets)
    assert all(row["low"] <= row["value"] <= row["high"] for row in sets.values())
    assert all(row["n"] <= 40 for row in sets.values())


def test_the_report_has_every_section_in_both_forms(measured: dict[str, Any], tmp_path: Path) -> None:
    markdown, page = (path.read_text("utf-8") for path in write_report(CARD, measured, tmp_path))
    for title in (
        "Aims",
        "Toxicity",
        "Attributes",
        "Calibration: ucc",
        "Robustness",
        "Spam",
        "Relevance",
        "Coherence",
        "Sources",
    ):
        assert f"## {title}\n" in markdown
        assert f"<h2>{title}</h2>" in page
    assert "| c3 | own against random | 0.800 | 0.700 to 0.900 | 10 |" in markdown
    assert page.count("<svg") == 9 + len(measured["calibration"])
    assert "Testing &lt;reports&gt;." in page


def test_false_positives_that_a_disguise_adds_are_a_share_of_those_that_it_changes(
    measured: dict[str, Any], tmp_path: Path
) -> None:
    added = {"set": "one", "measure": "added", "value": 0.125, "low": 0.022, "high": 0.471, "n": 8}
    rows = [{"disguise": "one", "kept": None, "added": added}, {"disguise": "two", "kept": None, "added": None}]
    markdown, page = (path.read_text("utf-8") for path in write_report(CARD, measured | {"disguises": rows}, tmp_path))
    assert "| one |  |  | 0 | 12.5% | 2.2% to 47.1% | 8 |" in markdown
    assert "| two |  |  | 0 |  |  | 0 |" in markdown
    assert "false positives added" in page


def test_the_same_figures_give_the_same_report(measured: dict[str, Any], tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_report(CARD, measured, tmp_path)]
    assert first == [path.read_bytes() for path in write_report(CARD, measured, tmp_path)]


def test_a_full_measurement_says_nothing_of_haste(measured: dict[str, Any], tmp_path: Path) -> None:
    markdown, _ = write_report(replace(CARD, version="2026.2.0"), measured | {"quick": False}, tmp_path)
    assert "quick run" not in markdown.read_text("utf-8")

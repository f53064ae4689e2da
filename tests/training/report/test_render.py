"""The report has every section in both forms, and the same results give the same report."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.card import Card, DataSource, KnownFailure
from models.release import Release
from training.corpora.licensed_corpora import Corpora
from training.evaluation.results import Evaluation, ObfuscationResult, SpamResult, from_json
from training.evaluation.run import Scope, evaluate_toxicity
from training.progress import no_progress
from training.report.render import write_report
from training.statistics.bootstrap import Measurement
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
ROW = Measurement(set="c3", metric="own against random", value=0.8, low=0.7, high=0.9, n=10)


@pytest.fixture(scope="module")
def evaluation(corpora: Corpora, fitted: FittedToxicity) -> Evaluation:
    unused: Any = {"relevance": None, "coherence": None, "encoder": None, "perspective_scale": None}
    release = Release(card=CARD, toxicity=fitted.pipeline, **unused)
    few = Corpora(corpora.folder, max_rows=40)
    toxicity = evaluate_toxicity(
        few, release, seed=7, scope=Scope(statements=1, obfuscated=8), with_progress=no_progress
    )
    return Evaluation(
        **vars(toxicity),
        quick=True,
        relevance=(ROW,),
        coherence=(ROW,),
        spam=SpamResult(rows=(ROW,), rules=()),
        suite=(),
        hold_rates=(),
    )


def test_every_set_is_measured(evaluation: Evaluation) -> None:
    sets = {row.set: row for row in evaluation.toxicity}
    assert {"ucc", "c3", "hatemoji_check", "bias_madlibs", "civil_balanced (held out)"} <= set(sets)
    assert all(row.low <= row.value <= row.high for row in sets.values())
    assert all(row.n <= 40 for row in sets.values())


def test_evaluation_is_read_as_it_was_written(evaluation: Evaluation) -> None:
    written = json.dumps(evaluation.as_json())
    assert json.dumps(from_json(Evaluation, json.loads(written)).as_json()) == written


def test_report_has_every_section_in_both_forms(evaluation: Evaluation, tmp_path: Path) -> None:
    markdown, page = (path.read_text("utf-8") for path in write_report(CARD, evaluation, tmp_path))
    for title in (
        "Targets",
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
    assert page.count("<svg") == 9 + len(evaluation.calibration)
    assert "Testing &lt;reports&gt;." in page


def test_false_positives_added_are_a_share_of_changed_comments(evaluation: Evaluation, tmp_path: Path) -> None:
    added = Measurement(set="one", metric="false positives added", value=0.125, low=0.022, high=0.471, n=8)
    results = (
        ObfuscationResult(obfuscation="one", recall_kept=None, false_positives_added=added),
        ObfuscationResult(obfuscation="two", recall_kept=None, false_positives_added=None),
    )
    written = write_report(CARD, replace(evaluation, obfuscations=results), tmp_path)
    markdown, page = (path.read_text("utf-8") for path in written)
    assert "| one |  |  | 0 | 12.5% | 2.2% to 47.1% | 8 |" in markdown
    assert "| two |  |  | 0 |  |  | 0 |" in markdown
    assert "false positives added" in page


def test_same_results_give_the_same_report(evaluation: Evaluation, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_report(CARD, evaluation, tmp_path)]
    assert first == [path.read_bytes() for path in write_report(CARD, evaluation, tmp_path)]


def test_full_evaluation_is_not_called_quick(evaluation: Evaluation, tmp_path: Path) -> None:
    markdown, _ = write_report(replace(CARD, version="2026.2.0"), replace(evaluation, quick=False), tmp_path)
    assert "quick run" not in markdown.read_text("utf-8")

"""Perspective's scale: rising, fitted on shares, measured on rows it was not fitted on."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.card import ReleaseRefused
from models.perspective_scale import PerspectiveScale, read_scale, write_scale
from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.corpora.registry import Corpora
from training.evaluation.out_of_fold import gather_unseen
from training.release.perspective_scale import _agree, equate, fit_scale, measure_scale
from training.toxicity.fit import FittedToxicity

RNG = np.random.default_rng(8)
ODDS = RNG.normal(-4, 2, 3_000)
RECORDED = 1 / (1 + np.exp(-(ODDS / 2 + RNG.normal(0, 0.3, 3_000))))
KEYS = [f"{number * 7_919_000:016x}" for number in range(3_000)]


def test_more_toxicity_never_scores_less_and_the_ends_are_kept() -> None:
    scale = equate(ODDS, RECORDED)
    scores = [scale.to_perspective(toxicity) for toxicity in np.linspace(0, 1, 200)]
    assert scores == sorted(scores)
    assert (scores[0], scores[-1]) == (0, 1)


def test_as_many_comments_reach_an_old_threshold_as_did() -> None:
    scale = equate(ODDS, RECORDED)
    scored = np.array([scale.to_perspective(toxicity) for toxicity in 1 / (1 + np.exp(-ODDS))])
    for least in (0.3, 0.5):
        reach = int((least <= RECORDED).sum())
        assert (scored >= least).sum() == pytest.approx(reach, rel=0.1)


def test_figures_come_with_intervals_and_the_number_of_rows() -> None:
    facts = measure_scale(ODDS, RECORDED, (RECORDED > 0.4).astype(float), keys=KEYS, seed=1)
    assert facts["rank"]["low"] < facts["rank"]["value"] < facts["rank"]["high"] < 1
    assert [row["threshold"] for row in facts["thresholds"]] == [0.7, 0.8, 0.9]
    assert facts["thresholds"][0]["recorded"] == (RECORDED >= 0.7).sum()
    json.dumps(facts)


def test_few_rows_at_a_threshold_say_little_even_if_all_or_none_agree() -> None:
    recorded = np.linspace(0, 0.6, 1_000)
    ours = recorded.copy()
    recorded[:5], ours[:5] = 0.95, 0.0
    ours[5:10], recorded[5:10] = 0.95, 0.0
    apart = _agree(ours, recorded, 0.9, seed=1)
    together = _agree(recorded, recorded, 0.9, seed=1)
    assert (apart["flagged"], apart["precision"]["value"]) == (5, 0.0)
    assert (apart["precision"]["low"], apart["precision"]["high"]) == pytest.approx((0, 0.43), abs=0.01)
    assert all(apart[name]["high"] > 0.25 for name in ("recall", "f1", "kappa"))
    assert all(together[name]["low"] < 0.75 for name in ("precision", "recall", "f1", "kappa"))
    assert all(together[name]["high"] == pytest.approx(1) for name in ("precision", "recall", "f1", "kappa"))


def test_a_threshold_that_nothing_reaches_says_nothing() -> None:
    found = _agree(np.zeros(9), np.zeros(9), 0.9, seed=1)
    assert all((found[name]["low"], found[name]["high"]) == (0, 1) for name in ("precision", "recall", "f1", "kappa"))


def test_a_scale_is_read_as_it_was_written(tmp_path: Path) -> None:
    scale = equate(ODDS, RECORDED)
    write_scale(scale, tmp_path / "perspective.json", figures={"rows": 3_000})
    assert read_scale(tmp_path / "perspective.json") == scale


@pytest.mark.parametrize(
    "text", ["{}", "no", '{"log_odds": [0, 1], "scores": [1, 0]}', '{"log_odds": [0], "scores": [1]}']
)
def test_what_is_no_scale_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "perspective.json"
    path.write_text(text)
    with pytest.raises(ReleaseRefused, match=r"perspective\.json"):
        read_scale(path)


def test_a_scale_is_fitted_on_rows_that_nothing_was_learned_from(fitted: FittedToxicity, tmp_path: Path) -> None:
    invented = Corpora(write_corpora(tmp_path))
    rows = [
        {**row, "perspective_score": str(0.1 + 0.7 * int(row["toxic"]))} for row in invented.rows("wikipedia_context")
    ]
    write_corpus(tmp_path, "wikipedia_context", rows)
    scale, facts = fit_scale(gather_unseen(Corpora(tmp_path), fitted))
    assert isinstance(scale, PerspectiveScale)
    assert 0 < facts["rows"] < len(rows)

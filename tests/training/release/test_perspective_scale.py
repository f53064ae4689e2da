"""The Perspective scale rises, keeps shares of comments, and is measured on rows that it was not fitted on."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from models.card import ReleaseRefused
from models.perspective_scale import PerspectiveScale, read_scale, write_scale
from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.corpora.licensed_corpora import Corpora
from training.evaluation.out_of_fold import collect_out_of_fold
from training.evaluation.results import from_json
from training.release.perspective_scale import (
    METRICS,
    ScaleAgreement,
    equipercentile_map,
    measure_agreement,
    measure_scale,
)
from training.toxicity.fit import FittedToxicity

RNG = np.random.default_rng(8)
LOG_ODDS = RNG.normal(-4, 2, 3_000)
RECORDED = 1 / (1 + np.exp(-(LOG_ODDS / 2 + RNG.normal(0, 0.3, 3_000))))
KEYS = [f"{number * 7_919_000:016x}" for number in range(3_000)]


def test_scale_rises_from_zero_to_one() -> None:
    scale = equipercentile_map(LOG_ODDS, RECORDED)
    scores = [scale.to_perspective(toxicity) for toxicity in np.linspace(0, 1, 200)]
    assert scores == sorted(scores)
    assert (scores[0], scores[-1]) == (0, 1)


def test_as_many_comments_reach_an_old_threshold_as_before() -> None:
    scale = equipercentile_map(LOG_ODDS, RECORDED)
    scored = np.array([scale.to_perspective(toxicity) for toxicity in 1 / (1 + np.exp(-LOG_ODDS))])
    for threshold in (0.3, 0.5):
        before = int((threshold <= RECORDED).sum())
        assert (scored >= threshold).sum() == pytest.approx(before, rel=0.1)


def test_agreement_has_intervals_and_is_json() -> None:
    agreement = measure_scale(LOG_ODDS, RECORDED, (RECORDED > 0.4).astype(float), keys=KEYS, seed=1)
    assert agreement.rank.low < agreement.rank.value < agreement.rank.high < 1
    assert [row.threshold for row in agreement.thresholds] == [0.7, 0.8, 0.9]
    assert agreement.thresholds[0].recorded == (RECORDED >= 0.7).sum()
    assert from_json(ScaleAgreement, json.loads(json.dumps(asdict(agreement)))) == agreement


def test_few_rows_have_a_wide_interval_even_if_all_or_none_agree() -> None:
    recorded = np.linspace(0, 0.6, 1_000)
    ours = recorded.copy()
    recorded[:5], ours[:5] = 0.95, 0.0
    ours[5:10], recorded[5:10] = 0.95, 0.0
    none = measure_agreement(ours, recorded, 0.9, seed=1)
    every = measure_agreement(recorded, recorded, 0.9, seed=1)
    assert (none.flagged, none.precision.value) == (5, 0.0)
    assert (none.precision.low, none.precision.high) == pytest.approx((0, 0.43), abs=0.01)
    assert all(getattr(none, name).high > 0.25 for name in ("recall", "f1", "kappa"))
    assert all(getattr(every, name).low < 0.75 for name in METRICS)
    assert all(getattr(every, name).high == pytest.approx(1) for name in METRICS)


def test_threshold_that_no_row_reaches_has_full_intervals() -> None:
    found = measure_agreement(np.zeros(9), np.zeros(9), 0.9, seed=1)
    assert all((getattr(found, name).low, getattr(found, name).high) == (0, 1) for name in METRICS)


def test_scale_is_read_as_it_was_written(tmp_path: Path) -> None:
    scale = equipercentile_map(LOG_ODDS, RECORDED)
    write_scale(scale, tmp_path / "perspective.json", figures={"rows": 3_000})
    assert read_scale(tmp_path / "perspective.json") == scale


@pytest.mark.parametrize(
    "text", ["{}", "no", '{"log_odds": [0, 1], "scores": [1, 0]}', '{"log_odds": [0], "scores": [1]}']
)
def test_invalid_scale_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "perspective.json"
    path.write_text(text)
    with pytest.raises(ReleaseRefused, match=r"perspective\.json"):
        read_scale(path)


def test_scale_is_fitted_on_out_of_fold_rows(fitted: FittedToxicity, tmp_path: Path) -> None:
    invented = Corpora(write_corpora(tmp_path))
    rows = [
        {**row, "perspective_score": str(0.1 + 0.7 * int(row["toxic"]))} for row in invented.rows("wikipedia_context")
    ]
    write_corpus(tmp_path, "wikipedia_context", rows)
    found = collect_out_of_fold(Corpora(tmp_path), fitted)
    agreement = measure_scale(found.log_odds, found.perspective, found.labels, keys=found.keys, seed=1)
    assert 0 < agreement.rows < len(rows)
    assert isinstance(equipercentile_map(found.log_odds, found.perspective), PerspectiveScale)

"""Toxicity on a corpus of our own: contributions are exact, missing labels are left out, saving changes nothing."""

from pathlib import Path

import numpy as np
import pytest
from scipy.special import logit
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.explanation import occlude, strongest_spans
from models.reading import read
from models.release import load_pipeline, save_pipeline
from models.text import normalise
from models.toxicity import TARGETS, build_toxicity, contributions, score_words

KIND = [
    "what a lovely day in town",
    "the mayor explained the plan",
    "thank you for this fair article",
    "I like the park",
]
RUDE = ["you are an idiot", "what an idiot this mayor is", "idiots write this garbage", "shut up you stupid idiot"]
TEXTS = (KIND + RUDE) * 5
SAME = ["you idiot", "YOU IDIOT!!!", "you 1d10t", "you i d i o t"]
LABELS = np.array([[float(text in RUDE)] * 5 + [np.nan if text in RUDE[:2] else float(text in RUDE)] for text in TEXTS])


@pytest.fixture(scope="module")
def fitted() -> Pipeline:
    return build_toxicity("idiot\tlisted").fit(TEXTS, LABELS)


def test_rude_texts_score_higher_whatever_their_case_and_disguise(fitted: Pipeline) -> None:
    kind, *rude = fitted.predict_proba(["the mayor", *SAME])
    assert len({row[0] for row in rude}) == 1
    assert rude[0][0] > 0.5 > kind[0]


def test_contributions_and_intercept_are_the_whole_score(fitted: Pipeline) -> None:
    words = read(normalise("well, you are an idiot and the mayor is not").text).words
    for column, target in enumerate(TARGETS):
        total = contributions(fitted, words, target=target).sum() + fitted["heads"].intercept_[column]
        assert total == pytest.approx(logit(score_words(fitted, words)[column]), abs=1e-5)


def test_the_span_that_weighs_most_is_the_insult_as_written(fitted: Pipeline) -> None:
    written = "Dear mayor, you are an <b>i d i o t</b>, thank you"
    normalised = normalise(written, html=True)
    reading = read(normalised.text)
    spans = strongest_spans(contributions(fitted, reading.words), reading.spans, normalised)
    worst = max(spans, key=lambda span: span.weight)
    assert written[worst.start : worst.end] == "i d i o t"


def test_occlusion_measures_what_is_left_out(fitted: Pipeline) -> None:
    text = "the mayor explained. you idiot."
    spans = occlude(lambda texts: fitted.predict_proba(texts)[:, 0], text, [(0, 20), (20, 31)])
    assert spans[0].weight < 0 < spans[1].weight


def test_one_text_scores_the_same_alone_and_among_others(fitted: Pipeline) -> None:
    together = fitted.predict_proba(TEXTS)
    alone = np.vstack([fitted.predict_proba([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)


def test_a_copy_fitted_again_scores_the_same(fitted: Pipeline) -> None:
    again = clone(fitted).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


def test_saving_and_loading_change_no_score(fitted: Pipeline, tmp_path: Path) -> None:
    save_pipeline(fitted, tmp_path / "toxicity.skops")
    loaded = load_pipeline(tmp_path / "toxicity.skops")
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


def test_the_empty_text_has_a_score_and_no_spans(fitted: Pipeline) -> None:
    assert 0 < fitted.predict_proba([""])[0, 0] < 1
    assert contributions(fitted, ()).size == 0


def test_rescaling_moves_log_odds_along_a_line(fitted: Pipeline) -> None:
    moved = clone(fitted).fit(TEXTS, LABELS)
    moved["heads"].rescale(np.full(6, 2.0), np.full(6, -1.0))
    expected = 2 * logit(fitted.predict_proba(TEXTS)) - 1
    np.testing.assert_allclose(logit(moved.predict_proba(TEXTS)), expected, atol=1e-4)

"""Toxicity on a corpus of our own, heard by the released encoder: contributions are exact, saving changes nothing."""

from pathlib import Path

import numpy as np
import pytest
from scipy.special import logit
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.encoder import DIMENSIONS, Encoder, bind
from models.explanation import occlude, strongest_spans
from models.release import load_pipeline, save_pipeline
from models.text.normalise import normalise
from models.text.tokens import tokenize
from models.toxicity.pipeline import (
    TARGETS,
    Contributions,
    LogisticHeads,
    add_encoder,
    bound_encoder,
    build_ngram_pipeline,
    explain,
)

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
def wording() -> Pipeline:
    return build_ngram_pipeline("idiot\tlisted").fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def fitted(wording: Pipeline, encoder: Encoder) -> Pipeline:
    """The wording, with some weight on the tone that nobody learned: what is tested are the sums."""
    heads = LogisticHeads()
    tone = np.random.default_rng(5).normal(scale=0.02, size=(DIMENSIONS, len(TARGETS)))
    heads.weights_ = np.vstack([wording["heads"].weights_, tone]).astype(np.float32)
    heads.intercept_, heads.classes_ = wording["heads"].intercept_, wording["heads"].classes_
    return add_encoder(wording, heads, encoder)


def weighed(pipeline: Pipeline, text: str) -> Contributions:
    normalised = normalise(text, html=True).text
    return explain(pipeline, tokenize(normalised), bound_encoder(pipeline).encode(normalised))


def test_rude_words_score_higher_whatever_their_case_and_disguise(wording: Pipeline) -> None:
    kind, *rude = wording.predict_proba(["the mayor", *SAME])
    assert len({row[0] for row in rude}) == 1
    assert rude[0][0] > 0.5 > kind[0]


@pytest.mark.parametrize("text", ["well, you are an 1d10t & the mayor is not", "Such a 🐖, Mr Mayor!", "?!", ""])
def test_what_the_words_add_and_the_rest_are_the_whole_score(fitted: Pipeline, text: str) -> None:
    parts = weighed(fitted, text)
    assert parts.words.shape == (len(tokenize(normalise(text, html=True).text).words), len(TARGETS))
    np.testing.assert_allclose(parts.probabilities, fitted.predict_proba([text])[0], atol=1e-6)


def test_a_word_answers_for_the_tone_of_its_own_pieces(fitted: Pipeline, encoder: Encoder) -> None:
    silent = fitted["heads"]
    tone = silent.weights_[-DIMENSIONS:, 0]
    words = ("what", "an", "unbelievably", "long", "story")
    encoded = encoder.encode("What an unbelievably long story")
    own = [place for place, (start, end) in enumerate(encoded.spans) if 8 <= start < 20]
    heard = (encoded.toxicity_states @ tone / len(encoded.toxicity_states))[own].sum()
    with_tone = weighed(fitted, "What an unbelievably long story").words[2, 0]
    (_, wording), _ = fitted["features"].transformer_list
    alone, start = 0.0, 0
    for _, block in wording["features"].transformer_list:
        term_contributions = block.term_contributions(words)
        alone += float(
            (term_contributions.values * silent.weights_[start + term_contributions.columns, 0])[
                term_contributions.words == 2
            ].sum()
        )
        start += block.width
    assert len(own) > 1
    assert with_tone == pytest.approx(alone + heard, abs=1e-5)


def test_the_span_that_weighs_most_is_the_insult_as_written(fitted: Pipeline) -> None:
    written = "Dear mayor, you are an <b>i d i o t</b>, thank you"
    normalised = normalise(written, html=True)
    reading = tokenize(normalised.text)
    spans = strongest_spans(weighed(fitted, written).words[:, 0], reading.spans, normalised)
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


def test_a_copy_fitted_again_scores_the_same(wording: Pipeline) -> None:
    again = clone(wording).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), wording.predict_proba(TEXTS))


def test_saving_and_loading_change_no_score(fitted: Pipeline, encoder: Encoder, tmp_path: Path) -> None:
    save_pipeline(fitted, tmp_path / "toxicity.skops")
    loaded = bind(load_pipeline(tmp_path / "toxicity.skops"), encoder)
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


def test_without_its_encoder_it_says_so(fitted: Pipeline, tmp_path: Path) -> None:
    save_pipeline(fitted, tmp_path / "toxicity.skops")
    with pytest.raises(RuntimeError, match="bind"):
        load_pipeline(tmp_path / "toxicity.skops").predict_proba(["a"])


def test_rescaling_moves_log_odds_along_a_line(wording: Pipeline) -> None:
    moved = clone(wording).fit(TEXTS, LABELS)
    moved["heads"].rescale(np.full(6, 2.0), np.full(6, -1.0))
    expected = 2 * logit(wording.predict_proba(TEXTS)) - 1
    np.testing.assert_allclose(logit(moved.predict_proba(TEXTS)), expected, atol=1e-4)

"""Toxicity fitted on invented texts, with the released encoder: exact contributions, and the same after saving."""

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

CIVIL = [
    "what a lovely day in town",
    "the mayor explained the plan",
    "thank you for this fair article",
    "I like the park",
]
RUDE = ["you are an idiot", "what an idiot this mayor is", "idiots write this garbage", "shut up you stupid idiot"]
TEXTS = (CIVIL + RUDE) * 5
SAME = ["you idiot", "YOU IDIOT!!!", "you 1d10t", "you i d i o t"]
LABELS = np.array([[float(text in RUDE)] * 5 + [np.nan if text in RUDE[:2] else float(text in RUDE)] for text in TEXTS])


@pytest.fixture(scope="module")
def ngrams() -> Pipeline:
    return build_ngram_pipeline("idiot\tlisted").fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def fitted(ngrams: Pipeline, encoder: Encoder) -> Pipeline:
    """The n-gram pipeline and the encoder, with random weights for the latter: only sums are tested."""
    heads = LogisticHeads()
    weights = np.random.default_rng(5).normal(scale=0.02, size=(DIMENSIONS, len(TARGETS)))
    heads.weights_ = np.vstack([ngrams["heads"].weights_, weights]).astype(np.float32)
    heads.intercept_, heads.classes_ = ngrams["heads"].intercept_, ngrams["heads"].classes_
    return add_encoder(ngrams, heads, encoder)


def contributions_of(pipeline: Pipeline, text: str) -> Contributions:
    normalised = normalise(text, html=True).text
    return explain(pipeline, tokenize(normalised), bound_encoder(pipeline).encode(normalised))


def test_insult_scores_the_same_in_any_case_and_disguise(ngrams: Pipeline) -> None:
    civil, *rude = ngrams.predict_proba(["the mayor", *SAME])
    assert len({row[0] for row in rude}) == 1
    assert rude[0][0] > 0.5 > civil[0]


@pytest.mark.parametrize("text", ["well, you are an 1d10t & the mayor is not", "Such a 🐖, Mr Mayor!", "?!", ""])
def test_contributions_add_up_to_the_prediction(fitted: Pipeline, text: str) -> None:
    contributions = contributions_of(fitted, text)
    assert contributions.words.shape == (len(tokenize(normalise(text, html=True).text).words), len(TARGETS))
    np.testing.assert_allclose(contributions.probabilities, fitted.predict_proba([text])[0], atol=1e-6)


def test_word_contributes_the_part_of_its_encoder_tokens(fitted: Pipeline, encoder: Encoder) -> None:
    text, word, words = "What an unbelievably long story", 2, ("what", "an", "unbelievably", "long", "story")
    weights = fitted["heads"].weights_[:, 0]
    encoded = encoder.encode(text)
    tokens_of_word = [index for index, (start, _) in enumerate(encoded.spans) if 8 <= start < 20]
    assert len(tokens_of_word) > 1
    expected = (encoded.toxicity_states @ weights[-DIMENSIONS:] / len(encoded.toxicity_states))[tokens_of_word].sum()

    (_, ngrams), _ = fitted["features"].transformer_list
    start = 0
    for _, block in ngrams["features"].transformer_list:
        terms = block.term_contributions(words)
        expected += (terms.values * weights[start + terms.columns])[terms.words == word].sum()
        start += block.width
    assert contributions_of(fitted, text).words[word, 0] == pytest.approx(expected, abs=1e-5)


def test_strongest_span_is_the_insult_as_written(fitted: Pipeline) -> None:
    written = "Dear mayor, you are an <b>i d i o t</b>, thank you"
    normalised = normalise(written, html=True)
    tokens = tokenize(normalised.text)
    spans = strongest_spans(contributions_of(fitted, written).words[:, 0], tokens.spans, normalised)
    worst = max(spans, key=lambda span: span.weight)
    assert written[worst.start : worst.end] == "i d i o t"


def test_occlusion_measures_the_omitted_piece(fitted: Pipeline) -> None:
    text = "the mayor explained. you idiot."
    spans = occlude(lambda texts: fitted.predict_proba(texts)[:, 0], text, [(0, 20), (20, 31)])
    assert spans[0].weight < 0 < spans[1].weight


def test_prediction_does_not_depend_on_other_texts(fitted: Pipeline) -> None:
    together = fitted.predict_proba(TEXTS)
    alone = np.vstack([fitted.predict_proba([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)


def test_refitted_clone_predicts_the_same(ngrams: Pipeline) -> None:
    again = clone(ngrams).fit(TEXTS, LABELS)
    np.testing.assert_array_equal(again.predict_proba(TEXTS), ngrams.predict_proba(TEXTS))


def test_saved_pipeline_predicts_the_same(fitted: Pipeline, encoder: Encoder, tmp_path: Path) -> None:
    save_pipeline(fitted, tmp_path / "toxicity.skops")
    loaded = bind(load_pipeline(tmp_path / "toxicity.skops"), encoder)
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


def test_pipeline_without_encoder_raises(fitted: Pipeline, tmp_path: Path) -> None:
    save_pipeline(fitted, tmp_path / "toxicity.skops")
    with pytest.raises(RuntimeError, match="bind"):
        load_pipeline(tmp_path / "toxicity.skops").predict_proba(["a"])


def test_rescaling_is_linear_in_log_odds(ngrams: Pipeline) -> None:
    moved = clone(ngrams).fit(TEXTS, LABELS)
    moved["heads"].rescale(np.full(6, 2.0), np.full(6, -1.0))
    expected = 2 * logit(ngrams.predict_proba(TEXTS)) - 1
    np.testing.assert_allclose(logit(moved.predict_proba(TEXTS)), expected, atol=1e-4)

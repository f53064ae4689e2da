"""Coherence: broken text has low scores, plain text has high ones, and explanations show where a text is broken."""

import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from models.coherence.features import FEATURES
from models.coherence.pipeline import explain, find_reason_to_abstain
from models.release import Release, load_pipeline, save_pipeline
from models.text.normalise import MAX_CHARS

INTACT = (
    "I have lived on this street for thirty years and the traffic has never been worse. The new lights at the school "
    "made it slower, not safer, and nobody asked us before they were put up."
)
MASHED = "asdkfj laskdjf qweoriu zmxncb asdlkfj qpwoei rutyal skdjfh zmxnbv qowieu asldkjf"


@pytest.fixture(scope="module")
def pipeline(release: Release) -> Pipeline:
    return release.coherence


def score(pipeline: Pipeline, *texts: str) -> list[float]:
    return list(pipeline.predict_proba(texts)[:, 1])


@pytest.mark.parametrize(
    "broken",
    [
        MASHED,
        " ".join(sorted(INTACT.split())),
        "traffic the street worse been on has years never thirty and lived the I this for have slower it",
        "buy the buy the buy the buy the buy the buy the buy the buy the buy the buy the buy the",
        'if (user != null && user.getId() > 300) { log.error("failed"); return user.items[0]; }',
        "2024-03-11 10:22:31,404 ERROR worker[118] db.pool: connection reset (500)\nat acme.Pool.get(Pool.java:91)",
        "Lorqua ithba venskotri murdor pelnug zan freost loba quatri dorpel nugzan ithba skomur.",
    ],
)
def test_broken_text_is_incoherent(pipeline: Pipeline, broken: str) -> None:
    assert score(pipeline, broken)[0] < 0.5


@pytest.mark.parametrize(
    "plain",
    [
        INTACT,
        INTACT.upper(),
        "No.",
        "Well said!",
        "lol what a joke",
        "u cant be serious rite now, they shoud of fixed it years ago",
        "Please to fix road, my children must walk in the rain.",
        "He been lying all day, ain't nobody buying that.",
        "Y0u are an idi0t",
    ],
)
def test_plain_text_is_coherent(pipeline: Pipeline, plain: str) -> None:
    assert score(pipeline, plain)[0] >= 0.5


@pytest.mark.parametrize(
    ("text", "reason"), [("", "too_short"), (" \n", "too_short"), ("👍👍!!", "too_short"), ("No", None)]
)
def test_text_without_words_abstains(text: str, reason: str | None) -> None:
    assert find_reason_to_abstain(text) == reason


def test_score_does_not_depend_on_other_texts(pipeline: Pipeline) -> None:
    together = score(pipeline, INTACT, MASHED, "No.")

    assert [score(pipeline, text)[0] for text in (INTACT, MASHED, "No.")] == together


@pytest.mark.parametrize("text", ["", "👍", "\x00\ud800", "?" * 5_000, "ß" * 99, "word " * 200_000])
def test_any_text_has_a_score(pipeline: Pipeline, text: str) -> None:
    assert 0.0 <= score(pipeline, text)[0] <= 1.0


def test_markup_does_not_change_the_score(pipeline: Pipeline) -> None:
    marked = INTACT.replace("traffic", '<a href="https://example.org/t?a=1&amp;b=2">traffic</a>')

    assert score(pipeline, marked) == score(pipeline, INTACT)


def test_only_the_beginning_of_a_long_text_counts(pipeline: Pipeline) -> None:
    text = (INTACT + " ") * 6_000
    started = time.process_time()

    assert score(pipeline, text) == score(pipeline, text[:MAX_CHARS])
    assert time.process_time() - started < 5.0


def test_broken_sentence_lowers_the_score(pipeline: Pipeline) -> None:
    text = f"{INTACT} {MASHED}. I will write to the council again."
    spans = explain(pipeline, text)
    worst = min(spans, key=lambda span: span.weight)

    assert text[worst.start : worst.end].startswith("asdkfj")
    assert worst.weight < 0


def test_single_sentence_is_explained_by_runs_of_words(pipeline: Pipeline) -> None:
    text = "the council should mend asdkfj laskdjf qweoriu zmxncb asdlkfj qpwoei rutyal the road by the school soon"

    assert any("qweoriu" in text[span.start : span.end] for span in explain(pipeline, text) if span.weight < 0)


def test_explanation_has_at_most_24_pieces(pipeline: Pipeline) -> None:
    assert len(explain(pipeline, (INTACT + "\n") * 100)) <= 24
    assert explain(pipeline, "No.") == explain(pipeline, "") == ()


def test_saved_pipeline_predicts_the_same(pipeline: Pipeline, tmp_path: Path) -> None:
    save_pipeline(pipeline, tmp_path / "coherence.skops")
    loaded = load_pipeline(tmp_path / "coherence.skops")

    assert score(loaded, INTACT, MASHED) == score(pipeline, INTACT, MASHED)


def test_features_can_be_cloned_and_fitted(pipeline: Pipeline) -> None:
    row = clone(pipeline[0]).fit([]).transform([INTACT])

    assert row.shape == (1, len(FEATURES))
    assert np.array_equal(row, pipeline[0].transform([INTACT]), equal_nan=True)

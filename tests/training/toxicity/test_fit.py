"""Fitting toxicity: repeatable, calibrated where it says, taught by what may teach it."""

import math
from pathlib import Path

import numpy as np
import pytest
from joblib import Memory

from models.encoder import Encoder
from models.toxicity.pipeline import TARGETS
from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.augmentation.obfuscations import DISGUISES, disguise_at, find_worst
from training.corpora.provenance import digest_code
from training.corpora.registry import Corpora, copy_key
from training.encoder.dataset import aim
from training.templates.identity import KIND, RUDE, TERMS, write_sentences
from training.toxicity.fit import FittedToxicity, fit_toxicity
from training.toxicity.fit import __file__ as toxicity_code
from training.toxicity.training_set import OURS, TAUGHT, Lesson, label, measure_anger, read_lessons


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("memory")


@pytest.fixture(scope="module")
def again(corpora: Corpora, encoder: Encoder, remembered: Path) -> FittedToxicity:
    return fit_toxicity(corpora, encoder, memory=Memory(remembered, verbose=0))


def test_the_same_corpora_give_the_same_model(again: FittedToxicity, fitted: FittedToxicity) -> None:
    np.testing.assert_array_equal(again.out_of_fold, fitted.out_of_fold)
    texts = [lesson.text for lesson in fitted.lessons[:50]]
    np.testing.assert_array_equal(again.pipeline.predict_proba(texts), fitted.pipeline.predict_proba(texts))


def test_probabilities_hold_at_the_base_rate_of_the_card(fitted: FittedToxicity) -> None:
    natural = [row for row, lesson in enumerate(fitted.lessons) if lesson.natural and fitted.unseen[row]]
    said = 1 / (1 + np.exp(-fitted.out_of_fold[natural, 0]))
    assert said.mean() == pytest.approx(fitted.base_rates["toxicity"], abs=0.01)
    assert set(fitted.base_rates) == set(TARGETS)


def test_every_source_teaches_and_no_row_is_taught_twice(corpora: Corpora) -> None:
    lessons = read_lessons(corpora)
    assert {lesson.source for lesson in lessons} == {*TAUGHT, OURS}
    assert len({copy_key(lesson.text) for lesson in lessons}) == len(lessons)


def test_twins_that_differ_in_emoji_are_both_taught_and_stay_in_one_fold(tmp_path: Path) -> None:
    rows = [
        {"text": text, "toxic": toxic, "hash_split": "train", "type": "none"}
        for text, toxic in (("My neighbours = 🐀", "1"), ("My neighbours = 💐", "0"), ("my neighbours 💐!", "0"))
    ]
    write_corpus(write_corpora(tmp_path), "hatemoji_build", rows)
    twins = [lesson for lesson in read_lessons(Corpora(tmp_path)) if lesson.source == "hatemoji_build"]
    assert [(lesson.text, lesson.labels[0]) for lesson in twins] == [
        (row["text"], float(row["toxic"])) for row in rows[:2]
    ]
    assert len({lesson.key for lesson in twins}) == 1


def test_no_held_out_text_is_among_the_lessons(corpora: Corpora) -> None:
    held_out = {row["text"] for row in corpora.held_out("civil_balanced")}
    assert not held_out & {lesson.text for lesson in read_lessons(corpora)}


@pytest.mark.parametrize(("share", "expected"), [("0.7", 1.0), ("0.1", 0.0)])
def test_raters_who_agree_teach(share: str, expected: float) -> None:
    row = dict.fromkeys(("toxicity", "insult", "obscene", "identity_attack", "threat"), share)
    labels = label("civil_spans", row)
    assert labels is not None
    assert labels[0] == expected


def test_raters_who_disagree_teach_nothing() -> None:
    assert label("civil_spans", {"toxicity": "0.4"}) is None


def test_an_attribute_that_nobody_was_asked_about_is_unknown_and_none_of_the_harmless_has_it() -> None:
    toxic = label("surge", {"toxic": "1"})
    assert toxic is not None
    assert all(math.isnan(value) for value in toxic[1:])
    assert label("surge", {"toxic": "0"}) == (0.0,) * len(TARGETS)


def test_what_raters_say_of_a_harmless_row_s_attributes_is_not_taught() -> None:
    asked = {
        "toxic": "0",
        "severe_toxic": "0.0",
        "insult": "1.0",
        "obscene": "1.0",
        "threat": "0.0",
        "identity_hate": "0.0",
    }
    assert label("wikipedia_talk", asked) == (0.0,) * len(TARGETS) == aim("wikipedia_talk", asked)
    said = label("wikipedia_talk", {**asked, "toxic": "1"})
    assert said is not None
    assert sum(said) == 3


@pytest.mark.usefixtures("again")
def test_what_is_remembered_is_remembered_for_the_code_that_read_it(remembered: Path) -> None:
    kept = [path.read_text("utf-8") for path in remembered.rglob("metadata.json")]
    assert len(kept) == 2
    assert all(digest_code(toxicity_code) in facts for facts in kept)


def test_kind_sentences_count_more_where_a_group_is_named_in_anger() -> None:
    angry = [Lesson("surge", f"those gays again {number}", (1.0,) * 6, "", 1.0) for number in range(9)]
    calm = [Lesson("surge", f"a deaf man spoke {number}", (0.0,) * 6, "", 1.0) for number in range(9)]
    anger = measure_anger([*angry, *calm])
    assert anger["gay"] == pytest.approx(10)
    assert anger["deaf"] == pytest.approx(0.1)
    assert anger["old"] == 1


def test_every_group_is_named_kindly_and_rudely_alike() -> None:
    sentences = list(write_sentences())
    assert len(sentences) == len(TERMS) * (len(KIND) + len(RUDE))
    assert all(sentence.count("{}") == 1 for sentence in (*KIND, *RUDE))


@pytest.mark.parametrize("how", DISGUISES)
def test_a_disguise_hides_the_worst_word_and_nothing_else(fitted: FittedToxicity, how: str) -> None:
    text = "dear mayor, you idiot, bye"
    hidden = disguise_at(text, find_worst(fitted.pipeline, text), how=how)
    assert hidden.startswith("dear mayor, you ")
    assert hidden.endswith(", bye")
    assert "idiot" not in hidden

"""What toxicity is trained on: every source, no text twice, nothing held out, and neutral sentences about groups."""

from pathlib import Path

import pytest

from tests.support.synthetic_corpora import write_corpora, write_corpus
from training.corpora.keys import dedup_key_with_emoji
from training.corpora.licensed_corpora import Corpora
from training.toxicity.training_set import (
    TEMPLATES,
    TRAINING_SOURCES,
    LabelledText,
    read_training_set,
    toxicity_odds_by_group,
)


def test_every_source_is_in_it_and_no_text_twice(corpora: Corpora) -> None:
    training_set = read_training_set(corpora)
    assert {row.source for row in training_set} == {*TRAINING_SOURCES, TEMPLATES}
    assert len({dedup_key_with_emoji(row.text) for row in training_set}) == len(training_set)


def test_texts_that_differ_only_in_emoji_are_in_one_fold(tmp_path: Path) -> None:
    rows = [
        {"text": text, "toxic": toxic, "hash_split": "train", "type": "none"}
        for text, toxic in (("My neighbours = 🐀", "1"), ("My neighbours = 💐", "0"), ("my neighbours 💐!", "0"))
    ]
    write_corpus(write_corpora(tmp_path), "hatemoji_build", rows)
    training_set = [row for row in read_training_set(Corpora(tmp_path)) if row.source == "hatemoji_build"]
    assert [(row.text, row.labels[0]) for row in training_set] == [
        ("My neighbours = 🐀", 1.0),
        ("My neighbours = 💐", 0.0),
    ]
    assert len({row.key for row in training_set}) == 1


def test_no_held_out_text_is_in_it(corpora: Corpora) -> None:
    held_out = {row["text"] for row in corpora.held_out("civil_balanced")}
    assert not held_out & {row.text for row in read_training_set(corpora)}


def test_odds_are_high_for_a_group_that_is_named_in_anger() -> None:
    toxic = [LabelledText("surge", f"those gays again {number}", (1.0,) * 6, "", 1.0) for number in range(9)]
    harmless = [LabelledText("surge", f"a deaf man spoke {number}", (0.0,) * 6, "", 1.0) for number in range(9)]
    odds = toxicity_odds_by_group([*toxic, *harmless])
    assert odds["gay"] == pytest.approx(10)
    assert odds["deaf"] == pytest.approx(0.1)
    assert odds["old"] == 1

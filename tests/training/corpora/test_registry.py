"""Corpora: who may learn from what, and no text on both sides of a split."""

from pathlib import Path

import pytest

from tests.support.synthetic_corpora import write_corpus
from training.corpora.registry import SOURCES, Corpora, CorpusNotForRelease, copy_key, dedup_key, key


def test_lessons_and_held_out_rows_share_no_text(corpora: Corpora) -> None:
    lessons = {key(row) for row in corpora.lessons("wikipedia_talk")}
    held_out = {key(row) for row in corpora.held_out("wikipedia_talk")}
    assert lessons
    assert held_out
    assert not lessons & held_out


@pytest.mark.parametrize("name", [source.name for source in SOURCES if not source.ships])
def test_a_release_may_not_learn_from_what_it_may_not_ship(corpora: Corpora, name: str) -> None:
    with pytest.raises(CorpusNotForRelease, match=name):
        corpora.lessons(name)


def test_nothing_for_measuring_ships() -> None:
    assert not [source.name for source in SOURCES if source.path.startswith("eval/") and source.ships]


def test_a_copy_in_another_split_is_not_held_out(tmp_path: Path) -> None:
    rows = [{"text": text, "toxic": "0", "hash_split": split} for text, split in (("Same!", "train"), ("same", "val"))]
    write_corpus(tmp_path, "surge", rows)
    assert Corpora(tmp_path).held_out("surge") == []


def test_texts_that_differ_in_case_and_marks_are_copies() -> None:
    assert dedup_key("Same, TEXT!") == dedup_key("same text") != dedup_key("other text")
    assert copy_key("Same, TEXT!") == copy_key("same text")


def test_texts_that_differ_in_emoji_are_none() -> None:
    assert copy_key("My neighbours 🐀") != copy_key("My neighbours 💐") != copy_key("My neighbours")
    assert copy_key("My neighbours ❤\ufe0f!") == copy_key("my neighbours ❤")
    assert dedup_key("My neighbours 🐀") == dedup_key("My neighbours 💐")


@pytest.mark.parametrize(("name", "other"), [("civil_spans", "civil_balanced"), ("civil_balanced", "civil_spans")])
def test_what_one_corpus_of_civil_comments_holds_out_is_no_lesson_in_the_other(
    tmp_path: Path, name: str, other: str
) -> None:
    held_out = {"text": "It's late again.", "hash_split": "val", "civil_comment_id": "7"}
    write_corpus(tmp_path, other, [held_out])
    spelt_otherwise = {"text": "it is late again", "hash_split": "train", "civil_comment_id": "7"}
    write_corpus(tmp_path, name, [spelt_otherwise, {**spelt_otherwise, "text": "Another.", "civil_comment_id": "8"}])
    assert [row["text"] for row in Corpora(tmp_path).lessons(name)] == ["Another."]
    assert [row["text"] for row in Corpora(tmp_path).held_out(other)] == ["It's late again."]


def test_a_corpus_is_known_by_its_hash(corpora: Corpora) -> None:
    assert len(corpora.sha256("surge")) == 64
    assert corpora.sha256("surge") != corpora.sha256("toxigen")


def test_a_part_of_a_set_is_taken_article_by_article(tmp_path: Path) -> None:
    rows = [{"text": f"{article} {number}", "article_id": article} for number in range(5) for article in "abcdef"]
    write_corpus(tmp_path, "c3", rows)
    part = Corpora(tmp_path, most=10).rows("c3")
    assert len(part) == 10
    assert len({row["article_id"] for row in part}) == 2
    assert part == Corpora(tmp_path, most=10).rows("c3")

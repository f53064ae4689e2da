"""Corpora: who may learn from what, and no text on both sides of a split."""

from pathlib import Path

import pytest

from tests.training.invented_corpora import write_corpus
from training.corpora import SOURCES, Corpora, CorpusNotForRelease, dedup_key, key, without_copies


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
    rows = [{"text": text} for text in ("One.", "one", "two", "three")]
    assert [row["text"] for row in without_copies(rows, of=[{"text": "THREE"}])] == ["One.", "two"]


def test_a_corpus_is_known_by_its_hash(corpora: Corpora) -> None:
    assert len(corpora.sha256("surge")) == 64
    assert corpora.sha256("surge") != corpora.sha256("toxigen")


def test_a_part_of_a_set_has_whole_articles(tmp_path: Path) -> None:
    rows = [{"text": f"{article} {number}", "article_id": article} for number in range(5) for article in "abcdef"]
    write_corpus(tmp_path, "c3", rows)
    part = Corpora(tmp_path, most=10).rows("c3")
    assert len(part) == 10
    assert len({row["article_id"] for row in part}) == 2
    assert part == Corpora(tmp_path, most=10).rows("c3")

"""The corpora: what a release may be trained on, and no text on both sides of a split."""

from pathlib import Path

import pytest

from tests.support.synthetic_corpora import write_corpus
from training.corpora.keys import row_key
from training.corpora.licensed_corpora import SOURCES, Corpora, CorpusNotForRelease


def test_training_and_held_out_rows_share_no_text(corpora: Corpora) -> None:
    train = {row_key(row) for row in corpora.train_rows("wikipedia_talk")}
    held_out = {row_key(row) for row in corpora.held_out("wikipedia_talk")}
    assert train
    assert held_out
    assert not train & held_out


@pytest.mark.parametrize("name", [source.name for source in SOURCES if not source.may_train])
def test_a_corpus_that_may_not_be_trained_on_is_refused(corpora: Corpora, name: str) -> None:
    with pytest.raises(CorpusNotForRelease, match=name):
        corpora.train_rows(name)


def test_corpora_for_measuring_may_not_be_trained_on() -> None:
    assert not [source.name for source in SOURCES if source.path.startswith("eval/") and source.may_train]


def test_a_copy_of_a_training_row_is_not_held_out(tmp_path: Path) -> None:
    rows = [{"text": text, "toxic": "0", "hash_split": split} for text, split in (("Same!", "train"), ("same", "val"))]
    write_corpus(tmp_path, "surge", rows)
    assert Corpora(tmp_path).held_out("surge") == []


@pytest.mark.parametrize(("name", "other"), [("civil_spans", "civil_balanced"), ("civil_balanced", "civil_spans")])
def test_one_civil_comments_corpus_does_not_train_on_the_held_out_of_the_other(
    tmp_path: Path, name: str, other: str
) -> None:
    held_out = {"text": "It's late again.", "hash_split": "val", "civil_comment_id": "7"}
    write_corpus(tmp_path, other, [held_out])
    same_comment = {"text": "it is late again", "hash_split": "train", "civil_comment_id": "7"}
    write_corpus(tmp_path, name, [same_comment, {**same_comment, "text": "Another.", "civil_comment_id": "8"}])
    assert [row["text"] for row in Corpora(tmp_path).train_rows(name)] == ["Another."]
    assert [row["text"] for row in Corpora(tmp_path).held_out(other)] == ["It's late again."]


def test_the_hash_of_a_corpus_is_that_of_its_file(corpora: Corpora) -> None:
    assert len(corpora.sha256("surge")) == 64
    assert corpora.sha256("surge") != corpora.sha256("toxigen")


def test_a_limited_set_has_whole_articles(tmp_path: Path) -> None:
    rows = [{"text": f"{article} {number}", "article_id": article} for number in range(5) for article in "abcdef"]
    write_corpus(tmp_path, "c3", rows)
    limited = Corpora(tmp_path, max_rows=10).rows("c3")
    assert len(limited) == 10
    assert len({row["article_id"] for row in limited}) == 2
    assert limited == Corpora(tmp_path, max_rows=10).rows("c3")

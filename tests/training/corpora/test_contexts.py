"""Comments are paired with the context that they belong to."""

from models.comment import Article, Comment
from training.corpora.contexts import (
    first_sentence,
    pair_with_articles,
    pair_with_first_sentences,
    pair_with_headings,
    pair_with_parents,
)

NEWS = [
    {
        "text": f"comment {number}",
        "article_title": title,
        "article_description": "What happened.",
        "previous_comment": "",
    }
    for title in ("Ferry sold", "Rent rises")
    for number in range(3)
]


def test_thread_has_earlier_comments_only() -> None:
    views = [item for item in pair_with_articles(NEWS) if item.source == "news, all"]

    assert [len(item.comment.thread) for item in views] == [0, 1, 2, 0, 1, 2]
    assert all(item.comment.text not in {passage.text for passage in item.comment.thread} for item in views)


def test_heading_becomes_the_headline() -> None:
    (found,) = pair_with_headings([{"text": "== Ferry timetable ==\nIt is out of date."}, {"text": "no heading"}])

    assert found.comment == Comment(text="It is out of date.", article=Article("Ferry timetable"))


def test_reply_belongs_to_its_parent() -> None:
    found = list(pair_with_parents([{"text": "Because of the tide.", "parent_text": "Why is it late? Again."}]))

    assert {item.group for item in found} == {"Why is it late? Again."}
    assert found[1].comment.article == Article("Why is it late?")


def test_end_of_a_long_comment_belongs_to_its_beginning() -> None:
    text = "The ferry is late again today. " + "Nobody at the harbour can say why it happens so often. " * 6
    headline, article = pair_with_first_sentences([{"text": text}], seed=2)

    assert headline.comment.article == Article("The ferry is late again today.")
    assert article.comment.text in text
    assert article.comment.text not in article.comment.article.title


def test_first_sentence_is_no_longer_than_a_headline() -> None:
    assert first_sentence("word " * 40) == " ".join(["word"] * 14)
    assert first_sentence(" ") == ""

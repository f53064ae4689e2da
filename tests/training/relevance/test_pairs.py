"""Every comment is contrasted once with its own context and once with another's."""

import pytest

from models.comment import Article, Comment
from training.relevance.pairs import (
    Placed,
    contrast,
    opening,
    place_under_articles,
    place_under_headings,
    place_under_openings,
    place_under_parents,
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


def test_each_comment_is_seen_where_it_belongs_and_where_it_does_not() -> None:
    placed = list(place_under_articles(NEWS))
    contrasts = contrast(placed, seed=1)

    assert len(contrasts) == 2 * len(placed)
    assert [each.label for each in contrasts[:4]] == [1, 0, 1, 0]
    assert all(
        own.comment.text == other.comment.text for own, other in zip(contrasts[::2], contrasts[1::2], strict=True)
    )
    assert all(each.comment.article.title != each.group for each in contrasts if not each.label)


def test_the_same_seed_draws_the_same_contrasts() -> None:
    placed = list(place_under_articles(NEWS))

    assert contrast(placed, seed=5) == contrast(placed, seed=5)
    assert contrast(placed, seed=5) != contrast(placed, seed=6)


def test_one_article_alone_cannot_be_contrasted() -> None:
    with pytest.raises(ValueError, match="single group"):
        contrast([Placed("news", "Ferry sold", Comment(text="at last"))] * 2, seed=1)


def test_a_thread_holds_earlier_comments_only() -> None:
    views = [item for item in place_under_articles(NEWS) if item.source == "news, all"]

    assert [len(item.comment.thread) for item in views] == [0, 1, 2, 0, 1, 2]
    assert all(item.comment.text not in {said.text for said in item.comment.thread} for item in views)


def test_a_heading_becomes_the_headline() -> None:
    (placed,) = place_under_headings([{"text": "== Ferry timetable ==\nIt is out of date."}, {"text": "no heading"}])

    assert placed.comment == Comment(text="It is out of date.", article=Article("Ferry timetable"))


def test_a_reply_belongs_to_what_it_answers() -> None:
    placed = list(place_under_parents([{"text": "Because of the tide.", "parent_text": "Why is it late? Again."}]))

    assert {item.group for item in placed} == {"Why is it late? Again."}
    assert placed[1].comment.article == Article("Why is it late?")


def test_a_long_comment_is_cut_and_its_end_belongs_to_its_opening() -> None:
    text = "The ferry is late again today. " + "Nobody at the harbour can say why it happens so often. " * 6
    headline, article = place_under_openings([{"text": text}], seed=2)

    assert headline.comment.article == Article("The ferry is late again today.")
    assert article.comment.text in text
    assert article.comment.text not in article.comment.article.title


def test_an_opening_is_no_longer_than_a_headline() -> None:
    assert opening("word " * 40) == " ".join(["word"] * 14)
    assert opening(" ") == ""

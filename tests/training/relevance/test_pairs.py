"""Every comment is paired once with its own context and once with another comment's."""

import pytest

from models.comment import Comment
from training.corpora.contexts import CommentInContext, pair_with_articles
from training.relevance.pairs import build_contrastive_pairs

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


def test_each_comment_is_in_its_own_and_in_another_context() -> None:
    comments = list(pair_with_articles(NEWS))
    pairs = build_contrastive_pairs(comments, seed=1)

    assert len(pairs) == 2 * len(comments)
    assert [pair.label for pair in pairs[:4]] == [1, 0, 1, 0]
    assert all(own.comment.text == other.comment.text for own, other in zip(pairs[::2], pairs[1::2], strict=True))
    assert all(pair.comment.article.title != pair.group for pair in pairs if not pair.label)


def test_same_seed_draws_the_same_pairs() -> None:
    comments = list(pair_with_articles(NEWS))

    assert build_contrastive_pairs(comments, seed=5) == build_contrastive_pairs(comments, seed=5)
    assert build_contrastive_pairs(comments, seed=5) != build_contrastive_pairs(comments, seed=6)


def test_single_article_is_refused() -> None:
    with pytest.raises(ValueError, match="single group"):
        build_contrastive_pairs([CommentInContext("news", "Ferry sold", Comment(text="at last"))] * 2, seed=1)

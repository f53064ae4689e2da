"""A site's own model: split between articles, measured on the newest, better only where that is sure."""

import numpy as np
import pytest
from numpy.typing import NDArray

from models.comment import Assessment
from training.site import TooLittle, Verdicts, compare, split_newest

SEED = 5


def verdicts_of(articles: list[str], rejected: list[int]) -> Verdicts:
    assessment = Assessment(model="m", language="en", scores={})
    return Verdicts(
        assessments=[assessment] * len(articles),
        rejected=np.array(rejected),
        weights=np.ones(len(articles)),
        articles=articles,
    )


def many(articles: int, each: int) -> Verdicts:
    names = [f"article-{number // each}" for number in range(articles * each)]
    return verdicts_of(names, [number % 2 for number in range(articles * each)])


def test_the_newest_articles_are_kept_for_measuring_and_no_article_is_on_both_sides() -> None:
    older, newest = split_newest(many(20, 10))
    assert not set(older.articles) & set(newest.articles)
    assert set(newest.articles) == {f"article-{number}" for number in range(15, 20)}


def test_fewer_than_fifty_verdicts_are_too_little() -> None:
    with pytest.raises(TooLittle, match="40 verdicts"):
        split_newest(many(4, 10))


def test_verdicts_of_one_kind_only_are_too_little() -> None:
    with pytest.raises(TooLittle, match="0 rejections"):
        split_newest(verdicts_of([f"a-{n}" for n in range(60)], [0] * 60))


def said(newest: Verdicts, *, right: float, seed: int) -> NDArray[np.float64]:
    """Probabilities that are on the right side in this share of cases."""
    is_right = np.random.default_rng(seed).random(len(newest)) < right
    return np.where(is_right == (newest.rejected == 1), 0.8, 0.2)


def test_a_candidate_that_knows_more_is_better_and_one_that_guesses_is_not() -> None:
    newest = many(30, 10)
    guess = said(newest, right=0.5, seed=1)
    assert compare(said(newest, right=0.95, seed=2), guess, newest, seed=SEED)["better"]
    assert not compare(guess, said(newest, right=0.95, seed=2), newest, seed=SEED)["better"]
    assert not compare(said(newest, right=0.5, seed=3), guess, newest, seed=SEED)["better"]


def test_what_is_live_is_not_better_than_itself() -> None:
    newest = many(30, 10)
    same = said(newest, right=0.8, seed=1)
    measured = compare(same, same, newest, seed=SEED)
    assert measured["log_loss_saved"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert not measured["better"]


def test_few_articles_are_resampled_by_verdict_so_that_the_interval_has_some_width() -> None:
    newest = many(2, 40)
    measured = compare(said(newest, right=0.9, seed=1), said(newest, right=0.6, seed=2), newest, seed=SEED)
    saved = measured["log_loss_saved"]
    assert saved["low"] < saved["value"] < saved["high"]

"""Lexicon features: counts by grade, words near `you`, and exact contributions."""

import numpy as np
import pytest
from sklearn.base import clone

from models.toxicity.lexicon_features import LexiconFeatures


def test_listed_word_near_you_counts_twice() -> None:
    listed = LexiconFeatures("fool\tmild\ngreat fool\tmild strong")
    near = listed.transform([("you", "fool"), ("a", "fool"), ("nobody",)]).toarray()
    assert listed.grades == ("mild", "strong")
    assert near[0, 2] > 0
    assert near[1, 2] == 0
    assert not near[2].any()


def test_lexicon_contributions_add_up_to_the_row() -> None:
    listed = clone(LexiconFeatures("fool\tmild\ngreat fool\tmild strong"))
    words = ("you", "great", "fool", "you", "fool")
    contributions = listed.term_contributions(words)
    together = np.bincount(contributions.columns, weights=contributions.values, minlength=listed.width)
    np.testing.assert_allclose(together, listed.transform([words]).toarray()[0], atol=1e-6)
    assert len(listed.term_contributions(("nobody",)).values) == 0


def test_many_listed_words_take_linear_time() -> None:
    """In quadratic time, they would take minutes."""
    listed = LexiconFeatures("fool\tmild", scale=1.0)
    words = ("you",) * 80_000 + ("fool",) * 80_000

    assert (listed.transform([words]).toarray()[0] ** 2).round().tolist() == [80_000, 3, 80_000]


def test_new_entries_replace_the_old_ones() -> None:
    listed = LexiconFeatures("fool\tmild")
    assert listed.transform([("fool",)]).toarray().tolist() == [[pytest.approx(0.3), 0, 0]]

    listed.set_params(entries="knave\tmild strong").fit([])
    assert listed.grades == ("mild", "strong")
    assert listed.transform([("fool",)]).nnz == 0
    assert listed.transform([("knave",)]).nnz == 2

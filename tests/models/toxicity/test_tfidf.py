"""TF-IDF: the values of scikit-learn, exact contributions, and the same after saving."""

from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from models.release import TRUSTED_TYPES
from models.toxicity.tfidf import CharTfidf, TermContributions, TfidfBase, WordTfidf, _cached_ngrams

ROWS = [
    ("the", "mayor", "is", "a", "fool"),
    ("the", "mayor", "is", "right", "the", "council", "is", "not"),
    ("what", "a", "fool", "you", "are"),
    (),
]
KINDS = [WordTfidf(min_rows=1), CharTfidf(min_rows=1), CharTfidf(min_n=3, max_n=4, min_rows=2)]


def summed(term_contributions: TermContributions, width: int) -> np.ndarray:
    return np.bincount(term_contributions.columns, weights=term_contributions.values, minlength=width)


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_add_up_to_the_row(kind: TfidfBase) -> None:
    fitted = clone(kind).fit(ROWS)
    for words in ROWS:
        together = summed(fitted.term_contributions(words), fitted.width)
        np.testing.assert_allclose(together, fitted.transform([words]).toarray()[0], atol=1e-6)


def test_word_values_are_those_of_scikit_learn() -> None:
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    expected = theirs.fit_transform([" ".join(words) for words in ROWS]).toarray()
    np.testing.assert_allclose(WordTfidf(min_rows=1).fit_transform(ROWS).toarray(), expected, atol=1e-6)


def test_character_values_are_close_to_scikit_learn() -> None:
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    expected = theirs.fit_transform([" ".join(words) for words in ROWS]).toarray()
    ours = CharTfidf(min_rows=1).fit_transform(ROWS).toarray()
    np.testing.assert_allclose(np.sort(ours.sum(axis=1)), np.sort(expected.sum(axis=1)), rtol=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_refitting_and_saving_change_nothing(kind: TfidfBase, tmp_path: Path) -> None:
    fitted = clone(kind).fit(ROWS)
    skops.io.dump(fitted, tmp_path / "terms.skops")
    again = skops.io.load(tmp_path / "terms.skops", trusted=sorted(TRUSTED_TYPES))
    for other in (again, clone(fitted).fit(ROWS)):
        np.testing.assert_array_equal(other.transform(ROWS).toarray(), fitted.transform(ROWS).toarray())


def test_row_does_not_depend_on_other_rows() -> None:
    fitted = CharTfidf(min_rows=1).fit(ROWS)
    together = fitted.transform(ROWS).toarray()
    for index, words in enumerate(ROWS):
        np.testing.assert_array_equal(fitted.transform([words]).toarray()[0], together[index])


def test_ngrams_are_cached_for_fitting_only() -> None:
    fitted = CharTfidf(min_rows=1).fit(ROWS)
    before = _cached_ngrams.cache_info().currsize
    fitted.transform([("never", "fitted", "before")])
    assert _cached_ngrams.cache_info().currsize == before

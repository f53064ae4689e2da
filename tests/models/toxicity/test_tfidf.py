"""Term weights: as scikit-learn has them, shared among words without loss, the same after saving."""

from pathlib import Path

import numpy as np
import pytest
import skops.io
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from models.release import TRUSTED_TYPES
from models.toxicity.lexicon_features import LexiconFeatures
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
def test_shares_of_words_add_up_to_the_row(kind: TfidfBase) -> None:
    fitted = clone(kind).fit(ROWS)
    for words in ROWS:
        together = summed(fitted.term_contributions(words), fitted.width)
        np.testing.assert_allclose(together, fitted.transform([words]).toarray()[0], atol=1e-6)


def test_words_weigh_what_scikit_learn_says() -> None:
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    expected = theirs.fit_transform([" ".join(words) for words in ROWS]).toarray()
    np.testing.assert_allclose(WordTfidf(min_rows=1).fit_transform(ROWS).toarray(), expected, atol=1e-6)


def test_letters_weigh_what_scikit_learn_says() -> None:
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    expected = theirs.fit_transform([" ".join(words) for words in ROWS]).toarray()
    ours = CharTfidf(min_rows=1).fit_transform(ROWS).toarray()
    np.testing.assert_allclose(np.sort(ours.sum(axis=1)), np.sort(expected.sum(axis=1)), rtol=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_fitting_again_and_saving_change_nothing(kind: TfidfBase, tmp_path: Path) -> None:
    fitted = clone(kind).fit(ROWS)
    skops.io.dump(fitted, tmp_path / "terms.skops")
    again = skops.io.load(tmp_path / "terms.skops", trusted=sorted(TRUSTED_TYPES))
    for other in (again, clone(fitted).fit(ROWS)):
        np.testing.assert_array_equal(other.transform(ROWS).toarray(), fitted.transform(ROWS).toarray())


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    fitted = CharTfidf(min_rows=1).fit(ROWS)
    together = fitted.transform(ROWS).toarray()
    for place, words in enumerate(ROWS):
        np.testing.assert_array_equal(fitted.transform([words]).toarray()[0], together[place])


def test_listed_words_count_more_where_somebody_is_addressed() -> None:
    listed = LexiconFeatures("fool\tmild\ngreat fool\tmild strong")
    near = listed.transform([("you", "fool"), ("a", "fool"), ("nobody",)]).toarray()
    assert listed.grades == ("mild", "strong")
    assert near[0, 2] > 0
    assert near[1, 2] == 0
    assert not near[2].any()


def test_listed_words_share_their_values_without_loss() -> None:
    listed = clone(LexiconFeatures("fool\tmild\ngreat fool\tmild strong"))
    words = ("you", "great", "fool", "you", "fool")
    together = summed(listed.term_contributions(words), listed.width)
    np.testing.assert_allclose(together, listed.transform([words]).toarray()[0], atol=1e-6)
    assert len(listed.term_contributions(("nobody",)).values) == 0


def test_listed_words_among_thousands_who_are_addressed_are_found_in_one_go() -> None:
    """Each held against everybody who is addressed, they would take minutes."""
    listed = LexiconFeatures("fool\tmild", scale=1.0)
    crowd = ("you",) * 80_000 + ("fool",) * 80_000

    assert (listed.transform([crowd]).toarray()[0] ** 2).round().tolist() == [80_000, 3, 80_000]


def test_other_lists_replace_the_old_ones() -> None:
    listed = LexiconFeatures("fool\tmild")
    assert listed.transform([("fool",)]).toarray().tolist() == [[pytest.approx(0.3), 0, 0]]

    listed.set_params(entries="knave\tmild strong").fit([])
    assert listed.grades == ("mild", "strong")
    assert listed.transform([("fool",)]).nnz == 0
    assert listed.transform([("knave",)]).nnz == 2


def test_the_runs_of_words_are_remembered_for_fitting_and_not_for_serving() -> None:
    fitted = CharTfidf(min_rows=1).fit(ROWS)
    before = _cached_ngrams.cache_info().currsize
    fitted.transform([("never", "fitted", "before")])
    assert _cached_ngrams.cache_info().currsize == before

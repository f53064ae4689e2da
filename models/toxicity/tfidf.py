"""TF-IDF of words and of the character n-grams inside words, as fast for one row as for many.

Scikit-learn's vectorisers cannot tell which word a value comes from. These can, so that explanations are exact. They
cache the n-grams of each word for speed, and are saved as a string and an array.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

Words = Sequence[str]
Columns = NDArray[np.int32]

_MAX_CACHED = 50_000
"""The n-grams of at most so many words are cached. Without a limit, made-up words in comments could fill the memory."""


class TermContributions(NamedTuple):
    """What words add to the values of a row: three arrays of shape (n,).

    For each i, the word at index `words[i]` adds `values[i]` to the column `columns[i]`.
    """

    words: NDArray[np.int_]
    columns: NDArray[np.int_]
    values: NDArray[np.float32]


class TermOccurrences(NamedTuple):
    """Known terms in a row of words: three arrays with the column, first word and last word of each occurrence."""

    columns: Columns
    first: Columns
    last: Columns


class TfidfBase(TransformerMixin, BaseEstimator):
    """Turn rows of words into TF-IDF vectors of unit length. Subclasses define what a term is.

    Before scaling, a value is (1 + log count) * idf, as in scikit-learn's `TfidfVectorizer(sublinear_tf=True)`.
    `terms_` has a term per line, and `idf_` has the inverse document frequency of each term.
    """

    min_rows: int
    terms_: str
    idf_: NDArray[np.float32]

    def fit(self, rows: Iterable[Words], labels: Any = None) -> "TfidfBase":  # noqa: ARG002 - scikit-learn's names
        """Learn which terms occur in at least `min_rows` rows, and their inverse document frequencies."""
        counts: Counter[str] = Counter()
        total = 0
        for words in rows:
            counts.update(self._distinct_terms(words))
            total += 1
        terms = sorted(term for term, count in counts.items() if count >= self.min_rows)
        self.terms_ = "\n".join(terms)
        frequencies = np.array([counts[term] for term in terms], dtype=np.float64)
        self.idf_ = (np.log((1 + total) / (1 + frequencies)) + 1).astype(np.float32)
        self._index_terms()
        return self

    def transform(self, rows: Sequence[Words]) -> sp.csr_matrix:
        """Return a sparse matrix of unit rows, shape (rows, terms)."""
        weighted = [self._tfidf(self.count_terms(words).columns) for words in rows]
        # The row pointer of the sparse matrix: where each row begins in the arrays of columns and values.
        row_starts = np.cumsum([0, *(len(columns) for columns, _, _ in weighted)])
        columns = np.concatenate([columns for columns, _, _ in weighted] or [np.empty(0, np.int32)])
        values = np.concatenate([values for _, values, _ in weighted] or [np.empty(0, np.float32)])
        return sp.csr_matrix((values, columns, row_starts), shape=(len(rows), len(self.idf_)))

    def term_contributions(self, words: Words) -> TermContributions:
        """Return what each word adds to each value of the row. The sum over words is the row itself.

        All occurrences of a term contribute equally, and so do the two words of a pair.
        """
        columns, first, last = self.count_terms(words)
        distinct, values, counts = self._tfidf(columns)
        # Half of an occurrence goes to its first word and half to its last; for a single word they are the same.
        halves = (values / counts)[np.searchsorted(distinct, columns)] / 2
        return TermContributions(
            np.concatenate([first, last]), np.concatenate([columns, columns]), np.concatenate([halves, halves])
        )

    @property
    def width(self) -> int:
        """The number of terms."""
        return len(self.idf_)

    @abstractmethod
    def count_terms(self, words: Words) -> TermOccurrences:
        """Return each occurrence of a known term in the words."""

    @abstractmethod
    def _distinct_terms(self, words: Words) -> set[str]: ...

    def _tfidf(self, columns: Columns) -> tuple[Columns, NDArray[np.float32], NDArray[np.intp]]:
        """Return the distinct columns, sorted, with their values (scaled to unit length) and counts."""
        distinct, counts = np.unique(columns, return_counts=True)
        values = (1 + np.log(counts)) * self.idf_[distinct]
        length = np.sqrt(values @ values) or 1.0  # a row without a known term stays zero
        return distinct, (values / length).astype(np.float32), counts

    def _index_terms(self) -> None:
        terms = self.terms_.split("\n") if self.terms_ else []
        self._column_by_term = {term: column for column, term in enumerate(terms)}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the indexes, which are rebuilt from `terms_`; keep scikit-learn's own version mark."""
        state = super().__getstate__()
        return {name: value for name, value in state.items() if not name.startswith("_") or name.startswith("_sklearn")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "terms_" in state:
            self._index_terms()


class WordTfidf(TfidfBase):
    """TF-IDF of words, and of pairs of consecutive words."""

    def __init__(self, *, min_rows: int = 3) -> None:
        self.min_rows = min_rows

    def count_terms(self, words: Words) -> TermOccurrences:
        """Return each occurrence of a known word or pair."""
        # Columns, with -1 for an unknown term.
        singles = [self._column_by_term.get(word, -1) for word in words]
        pairs = [self._column_by_term.get(f"{first} {second}", -1) for first, second in pairwise(words)]
        # All words come first, then all pairs. Pair i consists of the words i and i + 1.
        columns = np.array(singles + pairs, dtype=np.int32)
        first = np.concatenate([np.arange(len(singles)), np.arange(len(pairs))]).astype(np.int32)
        last = np.concatenate([np.arange(len(singles)), np.arange(len(pairs)) + 1]).astype(np.int32)
        is_known = columns >= 0
        return TermOccurrences(columns[is_known], first[is_known], last[is_known])

    def _distinct_terms(self, words: Words) -> set[str]:
        return {*words, *map(" ".join, pairwise(words))}


class CharTfidf(TfidfBase):
    """TF-IDF of `min_n` to `max_n` consecutive characters inside words, with a space at both ends of each word."""

    _columns_by_word: dict[str, Columns]

    def __init__(self, *, min_n: int = 2, max_n: int = 5, min_rows: int = 10) -> None:
        self.min_n = min_n
        self.max_n = max_n
        self.min_rows = min_rows

    def count_terms(self, words: Words) -> TermOccurrences:
        """Return each occurrence of a known n-gram. The columns of recent words are cached."""
        columns_of_words = [self._find_columns(word) for word in words]
        columns = np.concatenate(columns_of_words or [np.empty(0, np.int32)])
        indexes = np.repeat(np.arange(len(words), dtype=np.int32), [len(part) for part in columns_of_words])
        return TermOccurrences(columns, indexes, indexes)

    def _find_columns(self, word: str) -> Columns:
        columns = self._columns_by_word.get(word)
        if columns is None:
            ngrams = _ngrams(word, self.min_n, self.max_n)
            known_ngrams = [ngram for ngram in ngrams if ngram in self._column_by_term]
            columns = np.array([self._column_by_term[ngram] for ngram in known_ngrams], dtype=np.int32)
            # An `lru_cache` would keep the estimator alive, and all estimators would share its limit.
            if len(self._columns_by_word) >= _MAX_CACHED:
                self._columns_by_word = {}
            self._columns_by_word[word] = columns
        return columns

    def _distinct_terms(self, words: Words) -> set[str]:
        return set(chain.from_iterable(_cached_ngrams(word, self.min_n, self.max_n) for word in set(words)))

    def _index_terms(self) -> None:
        super()._index_terms()
        self._columns_by_word = {}


def _ngrams(word: str, min_n: int, max_n: int) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[start : start + length]
        for length in range(min_n, max_n + 1)
        for start in range(len(padded) - length + 1)
    )


@lru_cache(maxsize=_MAX_CACHED)
def _cached_ngrams(word: str, min_n: int, max_n: int) -> tuple[str, ...]:
    """Return n-grams from a cache. Only fitting uses it, because a word occurs in thousands of training rows.

    In the service, such a cache would grow to half a gigabyte.
    """
    return _ngrams(word, min_n, max_n)

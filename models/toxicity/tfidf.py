"""TF-IDF over words and over the letters inside words, for one row as fast as for many; it weighs, it does not judge.

Unlike scikit-learn's vectorisers these say which word each part of a value comes from, which makes explanations
exact; they look up a word's letter n-grams once, which makes them fast; and they save as a string and an array.
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


class TermContributions(NamedTuple):
    """What words add to the values of a row: each of `values` comes from the word at its place, in its column."""

    words: NDArray[np.int_]
    columns: NDArray[np.int_]
    values: NDArray[np.float32]


_MAX_CACHED = 50_000
"""Words whose known letter n-grams are kept at hand: bounded, because the public chooses them."""


class TfidfBase(TransformerMixin, BaseEstimator):
    """What both kinds share: a vocabulary learned from rows of words, and rows of unit length.

    A value is (1 + log count) * idf, as scikit-learn's `TfidfVectorizer(sublinear_tf=True)` has it.
    """

    min_rows: int
    terms_: str
    idf_: NDArray[np.float32]

    def fit(self, rows: Iterable[Words], labels: Any = None) -> "TfidfBase":  # noqa: ARG002 - scikit-learn's
        """Learn which terms occur in at least `min_rows` rows, and how rare each is."""
        counts: Counter[str] = Counter()
        total = 0
        for words in rows:
            counts.update(self._distinct_terms(words))
            total += 1
        kept = sorted(term for term, count in counts.items() if count >= self.min_rows)
        self.terms_ = "\n".join(kept)
        frequencies = np.array([counts[term] for term in kept], dtype=np.float64)
        self.idf_ = (np.log((1 + total) / (1 + frequencies)) + 1).astype(np.float32)
        self._index_terms()
        return self

    def transform(self, rows: Sequence[Words]) -> sp.csr_matrix:
        """Answer a sparse matrix, shape (rows, terms), of unit rows."""
        weighed = [self._tfidf(self.count_terms(words)[0]) for words in rows]
        lengths = np.cumsum([0, *(len(columns) for columns, _, _ in weighed)])
        columns = np.concatenate([columns for columns, _, _ in weighed] or [np.empty(0, np.int32)])
        values = np.concatenate([values for _, values, _ in weighed] or [np.empty(0, np.float32)])
        return sp.csr_matrix((values, columns, lengths), shape=(len(rows), len(self.idf_)))

    def term_contributions(self, words: Words) -> TermContributions:
        """Answer what each word adds to each value: together, the words' row.

        A term that spans two words is shared equally.
        """
        columns, first, last = self.count_terms(words)
        distinct, values, counts = self._tfidf(columns)
        each = (values / counts)[np.searchsorted(distinct, columns)] / 2
        return TermContributions(
            np.concatenate([first, last]), np.concatenate([columns, columns]), np.concatenate([each, each])
        )

    @property
    def width(self) -> int:
        """The number of terms."""
        return len(self.idf_)

    @abstractmethod
    def count_terms(self, words: Words) -> tuple[Columns, Columns, Columns]:
        """Answer the column of each known term in the words, and the places of its first and of its last word."""

    @abstractmethod
    def _distinct_terms(self, words: Words) -> set[str]: ...

    def _tfidf(self, columns: Columns) -> tuple[Columns, NDArray[np.float32], NDArray[np.intp]]:
        distinct, counts = np.unique(columns, return_counts=True)
        values = (1 + np.log(counts)) * self.idf_[distinct]
        length = np.sqrt(values @ values) or 1.0
        return distinct, (values / length).astype(np.float32), counts

    def _index_terms(self) -> None:
        terms = self.terms_.split("\n") if self.terms_ else []
        self._column_by_term = {term: column for column, term in enumerate(terms)}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is rebuilt from `terms_`."""
        return {
            name: value for name, value in super().__getstate__().items() if name[0] != "_" or name[:8] == "_sklearn"
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "terms_" in state:
            self._index_terms()


class WordTfidf(TfidfBase):
    """Words, and pairs of words that stand together."""

    def __init__(self, *, min_rows: int = 3) -> None:
        self.min_rows = min_rows

    def count_terms(self, words: Words) -> tuple[Columns, Columns, Columns]:
        """Look up each word and each pair."""
        find = self._column_by_term.get
        singles = [find(word, -1) for word in words]
        pairs = [find(f"{one} {other}", -1) for one, other in pairwise(words)]
        columns = np.array(singles + pairs, dtype=np.int32)
        first = np.concatenate([np.arange(len(singles)), np.arange(len(pairs))]).astype(np.int32)
        last = np.concatenate([np.arange(len(singles)), np.arange(len(pairs)) + 1]).astype(np.int32)
        known = columns >= 0
        return columns[known], first[known], last[known]

    def _distinct_terms(self, words: Words) -> set[str]:
        return {*words, *map(" ".join, pairwise(words))}


class CharTfidf(TfidfBase):
    """Runs of `min_n` to `max_n` letters inside words, whose beginning and end count as a letter."""

    _columns_by_word: dict[str, Columns]

    def __init__(self, *, min_n: int = 2, max_n: int = 5, min_rows: int = 10) -> None:
        self.min_n = min_n
        self.max_n = max_n
        self.min_rows = min_rows

    def count_terms(self, words: Words) -> tuple[Columns, Columns, Columns]:
        """Look up the runs of each word, all at once where the word was seen lately."""
        found = [self._columns_of_word(word) for word in words]
        columns = np.concatenate(found or [np.empty(0, np.int32)])
        places = np.repeat(np.arange(len(found), dtype=np.int32), [len(part) for part in found])
        return columns, places, places

    def _columns_of_word(self, word: str) -> Columns:
        known = self._columns_by_word.get(word)
        if known is None:
            find = self._column_by_term.get
            columns = [find(run, -1) for run in _runs(word, self.min_n, self.max_n)]
            known = np.array([column for column in columns if column >= 0], dtype=np.int32)
            if len(self._columns_by_word) >= _MAX_CACHED:
                self._columns_by_word = {}
            self._columns_by_word[word] = known
        return known

    def _distinct_terms(self, words: Words) -> set[str]:
        return set(chain.from_iterable(_remembered_runs(word, self.min_n, self.max_n) for word in set(words)))

    def _index_terms(self) -> None:
        super()._index_terms()
        self._columns_by_word = {}


def _runs(word: str, min_n: int, max_n: int) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[start : start + length]
        for length in range(min_n, max_n + 1)
        for start in range(len(padded) - length + 1)
    )


@lru_cache(maxsize=_MAX_CACHED)
def _remembered_runs(word: str, min_n: int, max_n: int) -> tuple[str, ...]:
    """For fitting, where a word comes again in thousands of rows: a service would fill half a gigabyte with runs."""
    return _runs(word, min_n, max_n)

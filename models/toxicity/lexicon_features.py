"""Counts of words from published abuse lexicons, by grade. What a count is worth is learned from labels."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin

from models.toxicity.tfidf import TermContributions

Words = Sequence[str]

_ADDRESSED = frozenset(("you", "your", "youre", "yours", "yourself", "u", "ur", "ya"))
_MAX_WORDS_BETWEEN = 3
"""How close to one of these words a phrase is directed at someone."""

_MAX_PHRASE_WORDS = 3


class LexiconHit(NamedTuple):
    """A word or phrase that counts: its column, and the indexes of its first and last word."""

    column: int
    first: int
    last: int


class _Lexicon(NamedTuple):
    """Parsed entries: the names of the grades, and the columns of each phrase."""

    grades: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]


class LexiconFeatures(TransformerMixin, BaseEstimator):
    """Square roots of counts: of phrases by grade, then of graded phrases near `you`, then of `you` and its forms.

    `entries` has a line for each word or phrase: itself, a tab, and its grades separated by blanks. `scale` multiplies
    all values: the larger they are, the less a classifier's penalty shrinks their coefficients.
    """

    def __init__(self, entries: str = "", *, scale: float = 0.3) -> None:
        self.entries = entries
        self.scale = scale

    def fit(self, rows: Iterable[Words], labels: Any = None) -> "LexiconFeatures":  # noqa: ARG002 - scikit-learn's names
        """Return the transformer: it has nothing to learn, since the lexicons are a parameter."""
        return self

    def transform(self, rows: Sequence[Words]) -> sp.csr_matrix:
        """Return the features of rows of words, as a sparse matrix of shape (rows, grades + 2)."""
        values = np.zeros((len(rows), self.width), dtype=np.float32)
        for row, words in enumerate(rows):
            columns = [hit.column for hit in self._hits(words)]
            if columns:
                values[row] = self.scale * np.sqrt(np.bincount(columns, minlength=self.width))
        return sp.csr_matrix(values)

    def term_contributions(self, words: Words) -> TermContributions:
        """Return what each word adds to each feature. The words of one feature contribute equally."""
        columns, first, last = np.array(self._hits(words), dtype=np.int64).reshape(-1, 3).T
        # A count n has the value scale * sqrt(n): each hit adds scale / sqrt(n), half of it to each end of its phrase.
        halves = (self.scale / 2 / np.sqrt(np.bincount(columns, minlength=self.width))[columns]).astype(np.float32)
        return TermContributions(
            np.concatenate([first, last]), np.concatenate([columns, columns]), np.concatenate([halves, halves])
        )

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.grades) + 2

    @property
    def grades(self) -> tuple[str, ...]:
        """The names of all columns but the last two."""
        return _parse_entries(self.entries).grades

    def _hits(self, words: Words) -> list[LexiconHit]:
        grades, columns_by_phrase = _parse_entries(self.entries)
        near_you, you = len(grades), len(grades) + 1
        hits = [LexiconHit(you, index, index) for index, word in enumerate(words) if word in _ADDRESSED]
        for length in range(1, _MAX_PHRASE_WORDS + 1):
            for first in range(len(words) - length + 1):
                last = first + length - 1
                columns = columns_by_phrase.get(" ".join(words[first : last + 1]), ())
                hits += [LexiconHit(column, first, last) for column in columns]
                around = words[max(0, first - _MAX_WORDS_BETWEEN) : last + _MAX_WORDS_BETWEEN + 1]
                if columns and not _ADDRESSED.isdisjoint(around):
                    hits.append(LexiconHit(near_you, first, last))
        return hits

    def __sklearn_is_fitted__(self) -> bool:
        return True


@lru_cache(maxsize=4)
def _parse_entries(entries: str) -> _Lexicon:
    """Parse entries once. Cached here and not in the estimator: one whose `entries` change must not keep the old."""
    lines = (line.split("\t") for line in entries.splitlines())
    grades_by_phrase = {phrase: grades.split() for phrase, grades in lines}
    names = tuple(sorted({grade for grades in grades_by_phrase.values() for grade in grades}))
    return _Lexicon(names, {phrase: tuple(map(names.index, grades)) for phrase, grades in grades_by_phrase.items()})

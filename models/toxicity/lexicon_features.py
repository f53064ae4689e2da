"""Counts of words that published lists call abusive, by list and grade; what a count means is learned from labels."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin

from models.toxicity.tfidf import TermContributions

Words = Sequence[str]
Hit = tuple[int, int, int]
"""A column, and the places of the first and of the last word that it counts."""

_ADDRESSED = frozenset(("you", "your", "youre", "yours", "yourself", "u", "ur", "ya"))
_NEAR = 3
_MAX_PHRASE_WORDS = 3


class _Lexicon(NamedTuple):
    """The lists as they are looked up: the names of the grades, and each phrase's columns."""

    grades: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]


class LexiconFeatures(TransformerMixin, BaseEstimator):
    """For each grade the root of the number of its words, then of graded words near `you`, then of `you`.

    `entries` holds a line for each word or phrase: itself, a tab, and its grades with blanks between. `scale`
    multiplies all values, and so decides how much the penalty of a classifier spares them.
    """

    def __init__(self, entries: str = "", *, scale: float = 0.3) -> None:
        self.entries = entries
        self.scale = scale

    def fit(self, rows: Iterable[Words], labels: Any = None) -> "LexiconFeatures":  # noqa: ARG002 - scikit-learn's
        """Learn nothing: the lists arrive as a parameter."""
        return self

    def transform(self, rows: Sequence[Words]) -> sp.csr_matrix:
        """Answer a sparse matrix, shape (rows, grades + 2)."""
        values = np.zeros((len(rows), self.width), dtype=np.float32)
        for row, words in enumerate(rows):
            columns = [column for column, _, _ in self._hits(words)]
            if columns:
                values[row] = self.scale * np.sqrt(np.bincount(columns, minlength=self.width))
        return sp.csr_matrix(values)

    def term_contributions(self, words: Words) -> TermContributions:
        """Answer what each word adds to each value."""
        columns, first, last = np.array(self._hits(words), dtype=np.int64).reshape(-1, 3).T
        each = (self.scale / 2 / np.sqrt(np.bincount(columns, minlength=self.width))[columns]).astype(np.float32)
        return TermContributions(
            np.concatenate([first, last]), np.concatenate([columns, columns]), np.concatenate([each, each])
        )

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.grades) + 2

    @property
    def grades(self) -> tuple[str, ...]:
        """The names of the columns, but for the last two."""
        return _parse_entries(self.entries).grades

    def _hits(self, words: Words) -> list[Hit]:
        grades, listed = _parse_entries(self.entries)
        hits = [(len(grades) + 1, place, place) for place, word in enumerate(words) if word in _ADDRESSED]
        for length in range(1, _MAX_PHRASE_WORDS + 1):
            for place in range(len(words) - length + 1):
                columns = listed.get(" ".join(words[place : place + length]), ())
                last = place + length - 1
                hits += [(column, place, last) for column in columns]
                if columns and not _ADDRESSED.isdisjoint(words[max(0, place - _NEAR) : last + _NEAR + 1]):
                    hits.append((len(grades), place, last))
        return hits

    def __sklearn_is_fitted__(self) -> bool:
        return True


@lru_cache(maxsize=4)
def _parse_entries(entries: str) -> _Lexicon:
    """Remembered by what it is read from, and not beside it: a model that is given other lists has no old ones."""
    lines = (line.split("\t") for line in entries.splitlines())
    listed = {phrase: grades.split() for phrase, grades in lines}
    names = tuple(sorted({grade for grades in listed.values() for grade in grades}))
    return _Lexicon(names, {phrase: tuple(map(names.index, grades)) for phrase, grades in listed.items()})

"""Features from published abuse lexicons: counts of their words and phrases by grade.

The classifier after this step learns from labels how much each grade weighs.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin

from models.toxicity.tfidf import TermContributions

Words = Sequence[str]

_YOU_FORMS = frozenset(("you", "your", "youre", "yours", "yourself", "u", "ur", "ya"))
_MAX_WORDS_BETWEEN = 3
"""A phrase counts as directed at someone if one of these words is at most so many words away."""

_MAX_PHRASE_WORDS = 3


class LexiconHit(NamedTuple):
    """An occurrence of a counted word or phrase: its column, and the indexes of its first and last word."""

    column: int
    first: int
    last: int


class _Lexicon(NamedTuple):
    """Parsed entries: the names of the grades, and the columns of each phrase (one per grade)."""

    grades: tuple[str, ...]
    columns_by_phrase: Mapping[str, tuple[int, ...]]


class LexiconFeatures(TransformerMixin, BaseEstimator):
    """Turn rows of words into square roots of counts.

    There is a column per grade for its phrases, one for graded phrases near `you`, and one for `you` and its forms.
    `entries` has a line for each word or phrase: the phrase, a tab, and its grades separated by spaces. `scale`
    multiplies all values. With larger values, the classifier's penalty shrinks their coefficients less.
    """

    def __init__(self, entries: str = "", *, scale: float = 0.3) -> None:
        self.entries = entries
        self.scale = scale

    def fit(self, rows: Iterable[Words], labels: Any = None) -> "LexiconFeatures":  # noqa: ARG002 - scikit-learn's names
        """Return the transformer itself: there is nothing to fit, because the lexicons are a parameter."""
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
        """Return what each word adds to each feature. All occurrences in a column contribute equally."""
        columns, first, last = np.array(self._hits(words), dtype=np.int64).reshape(-1, 3).T
        # The feature of n hits is scale * sqrt(n), so each hit adds scale / sqrt(n): half for the first word of its
        # phrase, and half for the last.
        roots = np.sqrt(np.bincount(columns, minlength=self.width))
        halves = (self.scale / 2 / roots[columns]).astype(np.float32)
        return TermContributions(
            np.concatenate([first, last]), np.concatenate([columns, columns]), np.concatenate([halves, halves])
        )

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.grades) + 2

    @property
    def grades(self) -> tuple[str, ...]:
        """The names of the grades, which are the names of all columns but the last two."""
        return _parse_entries(self.entries).grades

    def _hits(self, words: Words) -> list[LexiconHit]:
        """Return all occurrences in the words. A phrase with two grades, or near `you`, has a hit for each column."""
        grades, columns_by_phrase = _parse_entries(self.entries)
        near_you_column, you_column = len(grades), len(grades) + 1
        hits = [LexiconHit(you_column, index, index) for index, word in enumerate(words) if word in _YOU_FORMS]
        for length in range(1, _MAX_PHRASE_WORDS + 1):
            for first in range(len(words) - length + 1):
                last = first + length - 1
                columns = columns_by_phrase.get(" ".join(words[first : last + 1]), ())
                hits += [LexiconHit(column, first, last) for column in columns]
                around = words[max(0, first - _MAX_WORDS_BETWEEN) : last + _MAX_WORDS_BETWEEN + 1]
                if columns and not _YOU_FORMS.isdisjoint(around):
                    hits.append(LexiconHit(near_you_column, first, last))
        return hits

    def __sklearn_is_fitted__(self) -> bool:
        return True


@lru_cache(maxsize=4)
def _parse_entries(entries: str) -> _Lexicon:
    """Parse the text of `LexiconFeatures.entries`. Cached by the text, so that an estimator may get new entries."""
    lines = (line.split("\t") for line in entries.splitlines())
    grades_by_phrase = {phrase: grades.split() for phrase, grades in lines}
    grade_names = tuple(sorted({grade for grades in grades_by_phrase.values() for grade in grades}))
    columns = {phrase: tuple(map(grade_names.index, grades)) for phrase, grades in grades_by_phrase.items()}
    return _Lexicon(grade_names, columns)

"""Tokens of the toxicity model: lowercase words without accents and punctuation, and emoji.

Tokens have neither case nor punctuation, because one of the training corpora has neither. With them, a model could
learn which corpus a text comes from.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sklearn.base import BaseEstimator, TransformerMixin

from models.text.normalise import normalise

# Letters and digits with inner apostrophes, or a single character that is not ASCII, such as an emoji.
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s!-~]")
_MAX_WORD_CHARS = 40
"""Longer words are cut. No real word is longer, and a cached run of letters could take megabytes."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text and their spans in the normalised text: (start, end) in code points, end exclusive."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def tokenize(normalised: str) -> Tokens:
    """Return the tokens of a normalised text. Emoji are words, and `don't` becomes `dont`."""
    matches = list(_WORD.finditer(normalised))
    words = (_normalise_word(match.group()[:_MAX_WORD_CHARS]) for match in matches)
    return Tokens(tuple(words), tuple(match.span() for match in matches))


class Tokenizer(TransformerMixin, BaseEstimator):
    """Turn raw texts into tuples of words: the first step of the toxicity pipeline."""

    def fit(self, texts: Iterable[str], labels: Any = None) -> "Tokenizer":  # noqa: ARG002 - scikit-learn's signature
        """Return the tokenizer itself: there is nothing to fit."""
        return self

    def transform(self, texts: Iterable[str]) -> list[tuple[str, ...]]:
        """Normalise each text and return its words."""
        return [tokenize(normalise(text, html=True).text).words for text in texts]

    def __sklearn_is_fitted__(self) -> bool:
        return True


@lru_cache(maxsize=1 << 15)
def _normalise_word(word: str) -> str:
    """Return a word in lowercase without apostrophes and accents."""
    lower = word.lower().replace("'", "")
    if lower.isascii():
        return lower
    letters = unicodedata.normalize("NFD", lower)  # splits a letter from its accents
    return "".join(letter for letter in letters if not unicodedata.combining(letter))

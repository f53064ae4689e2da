"""The view of a text that toxicity is read from: bare lower-case words, blind to case, accents and punctuation.

Case and punctuation would tell the corpora apart (one of them has none) rather than the labels.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sklearn.base import BaseEstimator, TransformerMixin

from models.text.normalise import normalise

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s!-~]")
_MAX_WORD_CHARS = 40
"""Letters of a word that count: no word is longer, and what is longer would cost, and be remembered, for nothing."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text as features see them; `spans` says where each stands in the normalised text."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def tokenize(normalised: str) -> Tokens:
    """Read a text that was normalised before. Emoji are words, and `don't` reads `dont`."""
    found = list(_WORD.finditer(normalised))
    words = (_normalise_word(word.group()[:_MAX_WORD_CHARS]) for word in found)
    return Tokens(tuple(words), tuple(word.span() for word in found))


class Tokenizer(TransformerMixin, BaseEstimator):
    """Turns raw texts into tuples of words: the first step of a pipeline."""

    def fit(self, texts: Iterable[str], labels: Any = None) -> "Tokenizer":  # noqa: ARG002 - scikit-learn's signature
        """Learn nothing."""
        return self

    def transform(self, texts: Iterable[str]) -> list[tuple[str, ...]]:
        """Normalise each text and answer its words."""
        return [tokenize(normalise(text, html=True).text).words for text in texts]

    def __sklearn_is_fitted__(self) -> bool:
        return True


@lru_cache(maxsize=1 << 15)
def _normalise_word(word: str) -> str:
    lower = word.lower().replace("'", "")
    if lower.isascii():
        return lower
    letters = unicodedata.normalize("NFD", lower)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))

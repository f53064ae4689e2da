"""Stems of words. Relevance compares stems, so that `walks` and `walking` are the same word."""

from collections import Counter
from functools import lru_cache

from nltk.stem.snowball import EnglishStemmer

from models.text.words import words

_stemmer = EnglishStemmer()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the Snowball stem of a word (Porter 2001), in lowercase. Cached, because stemming is slow."""
    word_stem: str = _stemmer.stem(word.lower().replace("’", "'"))
    return word_stem


def stems(text: str) -> Counter[str]:
    """Count how often each stem occurs in a text."""
    return Counter(stem(word) for word in words(text))

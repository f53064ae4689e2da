"""Stems of words, as relevance compares them."""

from collections import Counter
from functools import lru_cache

from nltk.stem.snowball import EnglishStemmer

from models.text.words import words

_stemmer = EnglishStemmer()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the Snowball stem of a word in any case (Porter 2001); cached, since stemming is the slowest step."""
    word_stem: str = _stemmer.stem(word.lower().replace("’", "'"))
    return word_stem


def stems(text: str) -> Counter[str]:
    """Count how often each stem occurs in a text."""
    return Counter(stem(word) for word in words(text))

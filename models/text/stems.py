"""Words of a text and their stems, as relevance and near-duplicate detection compare them."""

import re
from collections import Counter
from functools import lru_cache

from nltk.stem.snowball import EnglishStemmer

MAX_WORD_CHARS = 40  # code points; longer runs are addresses and noise
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_stemmer = EnglishStemmer()


def words(text: str) -> list[str]:
    """Return the words and numbers of a text as written, without punctuation."""
    return [word for word in _WORD.findall(text) if len(word) <= MAX_WORD_CHARS]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the Snowball stem of a word in any case (Porter 2001); cached, since stemming is the slowest step."""
    word_stem: str = _stemmer.stem(word.lower().replace("’", "'"))
    return word_stem


def stems(text: str) -> Counter[str]:
    """Count how often each stem occurs in a text."""
    return Counter(stem(word) for word in words(text))

"""Tokens of a text, and their ids in the language models: word ids for words, syntax ids for sentence structure."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from models.coherence.ngram_model import Ids

UNKNOWN, NUMBER, FIRST_WORD = 1, 2, 3
FUNCTION_WORDS = 250
"""The most frequent words, such as `the`, have a syntax id of their own. Other words share one per ending."""

_ENDINGS = (
    *("ing", "ed", "ly", "tion", "ment", "ness", "ity", "able", "ous", "ful"),
    *("ive", "al", "er", "est", "'s", "n't", "s", "e", "y"),
)
_MAX_ENDING_CHARS = max(map(len, _ENDINGS))
# Words with an inner apostrophe, numbers, runs of sentence ends, single marks, and words with other than ASCII letters.
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[.!?]+|[^\w\s]|\w+", re.IGNORECASE)


def split_tokens(text: str) -> list[str]:
    """Return the lowercase words, numbers and marks of a text, in order."""
    return [token.lower() for token in _TOKEN.findall(text)]


class Vocabulary:
    """The word ids of a fixed list of words. `terms` has a word per line, the most frequent first.

    Id 0 is the start of a text, 1 an unknown word, and 2 a number. The words of `terms` have the ids from 3 on.
    """

    def __init__(self, terms: str) -> None:
        self.terms = terms
        self._index_terms()

    @classmethod
    def learn(cls, texts: Sequence[Sequence[str]], *, max_terms: int, min_count: int = 3) -> "Vocabulary":
        """Build the vocabulary of the `max_terms` most frequent tokens that occur at least `min_count` times."""
        counts = Counter(token for tokens in texts for token in tokens if not token.isdigit())
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls("\n".join(token for token, count in ranked[:max_terms] if count >= min_count))

    @property
    def size(self) -> int:
        """The number of word ids."""
        return FIRST_WORD + len(self._word_ids)

    @property
    def syntax_vocabulary_size(self) -> int:
        """The number of syntax ids, including the reserved ones and those of function words.

        Each ending has two, for known and for unknown words. Words without an ending have two as well.
        """
        return FIRST_WORD + FUNCTION_WORDS + 2 * (len(_ENDINGS) + 1)

    def word_ids(self, tokens: Sequence[str]) -> Ids:
        """Return the word id of each token, shape (tokens,)."""
        ids = [NUMBER if token.isdigit() else self._word_ids.get(token, UNKNOWN) for token in tokens]
        return np.array(ids, dtype=np.int64)

    def syntax_ids(self, tokens: Sequence[str], word_ids: Ids) -> Ids:
        """Return the syntax id of each token, shape (tokens,).

        Function words and numbers have the same id as a word. The id of any other word shows only its ending and
        whether the word is known. This represents the structure of a sentence without its topic.
        """
        ids = [_syntax_id(token, word_id) for token, word_id in zip(tokens, word_ids.tolist(), strict=True)]
        return np.array(ids, dtype=np.int64)

    def _index_terms(self) -> None:
        terms = self.terms.split("\n") if self.terms else []
        self._word_ids = {term: FIRST_WORD + index for index, term in enumerate(terms)}

    def __getstate__(self) -> dict[str, Any]:
        return {"terms": self.terms}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index_terms()


def _syntax_id(token: str, word_id: int) -> int:
    first_ending = FIRST_WORD + FUNCTION_WORDS
    if word_id == NUMBER or FIRST_WORD <= word_id < first_ending:
        return word_id
    # Two ids per ending: the even one for unknown words, the odd one for known words (counted from `first_ending`).
    is_known = int(word_id != UNKNOWN)
    return first_ending + 2 * _find_ending(token[-_MAX_ENDING_CHARS:]) + is_known


@lru_cache(maxsize=1 << 14)
def _find_ending(last_letters: str) -> int:
    """Return the index of the first of _ENDINGS that a word ends with, or len(_ENDINGS) for none.

    Cached, because explaining a comment looks up each of its words up to 25 times.
    """
    for index, ending in enumerate(_ENDINGS):
        if last_letters.endswith(ending):
            return index
    return len(_ENDINGS)

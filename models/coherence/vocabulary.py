"""Tokens of a text, and the ids by which language models know them: as words, and as parts of a sentence's syntax."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from models.coherence.ngram_model import Ids

UNKNOWN, NUMBER, FIRST_WORD = 1, 2, 3
FUNCTION_WORDS = 250
"""How many of the most frequent words have a syntax id of their own; other words share one per ending."""

_ENDINGS = (
    *("ing", "ed", "ly", "tion", "ment", "ness", "ity", "able", "ous", "ful"),
    *("ive", "al", "er", "est", "'s", "n't", "s", "e", "y"),
)
_MAX_ENDING_CHARS = max(map(len, _ENDINGS))
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[.!?]+|[^\w\s]|\w+", re.IGNORECASE)


def split_tokens(text: str) -> list[str]:
    """Return the lowercase words, numbers and marks of a text, in order."""
    return [token.lower() for token in _TOKEN.findall(text)]


class Vocabulary:
    """Word ids: 0 starts a text, 1 is an unknown word, 2 a number, then come `terms`, one a line, by frequency."""

    def __init__(self, terms: str) -> None:
        self.terms = terms
        self._index()

    @classmethod
    def learn(cls, texts: Sequence[Sequence[str]], *, most: int, min_count: int = 3) -> "Vocabulary":
        """Return the `most` frequent tokens of tokenised texts, among those that occur at least `min_count` times."""
        counts = Counter(token for tokens in texts for token in tokens if not token.isdigit())
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls("\n".join(token for token, count in ranked[:most] if count >= min_count))

    @property
    def size(self) -> int:
        """The number of word ids."""
        return FIRST_WORD + len(self._word_ids)

    @property
    def syntax_vocabulary_size(self) -> int:
        """The number of syntax ids: each ending, and no ending, has one for known and one for unknown words."""
        return FIRST_WORD + FUNCTION_WORDS + 2 * (len(_ENDINGS) + 1)

    def word_ids(self, tokens: Sequence[str]) -> Ids:
        """Return the word id of each token, shape (tokens,)."""
        ids = [NUMBER if token.isdigit() else self._word_ids.get(token, UNKNOWN) for token in tokens]
        return np.array(ids, dtype=np.int64)

    def syntax_ids(self, tokens: Sequence[str], word_ids: Ids) -> Ids:
        """Return the syntax id of each token, shape (tokens,).

        Function words and numbers keep their word ids. Of other words only the ending remains, and whether the word is
        known: what is left is the skeleton of a sentence, whatever it is about.
        """
        last = FIRST_WORD + FUNCTION_WORDS
        # After the function words, two ids per ending: for unknown words, and for known ones.
        return np.array(
            [
                word
                if word == NUMBER or FIRST_WORD <= word < last
                else last + 2 * _ending(token[-_MAX_ENDING_CHARS:]) + (word != UNKNOWN)
                for token, word in zip(tokens, word_ids.tolist(), strict=True)
            ],
            dtype=np.int64,
        )

    def _index(self) -> None:
        terms = self.terms.split("\n") if self.terms else []
        self._word_ids = {term: FIRST_WORD + index for index, term in enumerate(terms)}

    def __getstate__(self) -> dict[str, Any]:
        return {"terms": self.terms}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index()


@lru_cache(maxsize=1 << 14)
def _ending(last_letters: str) -> int:
    """Return the index of a word's ending; cached, because an explanation asks 25 times for each word of a comment."""
    indexes = (index for index, ending in enumerate(_ENDINGS) if last_letters.endswith(ending))
    return next(indexes, len(_ENDINGS))

"""Words as relevance compares them: stems, and how rare they are; no meaning, which is the encoder's matter."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from nltk.stem.snowball import EnglishStemmer
from numpy.typing import NDArray

LONGEST_WORD = 40  # code points; longer runs are addresses and noise
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_stemmer = EnglishStemmer()


def words(text: str) -> list[str]:
    """The words and numbers of a text as written, without punctuation."""
    return [word for word in _WORD.findall(text) if len(word) <= LONGEST_WORD]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of a word in any case (Porter 2001); remembered, since stemming is the slowest step."""
    answer: str = _stemmer.stem(word.lower().replace("’", "'"))
    return answer


def stems(text: str) -> Counter[str]:
    """How often each stem occurs in a text."""
    return Counter(stem(word) for word in words(text))


class Rarity:
    """How telling a stem is: its inverse document frequency, log((documents + 1) / (frequency + 1)).

    `listing` names the stems, one a line, and `frequencies` says in how many of `documents` texts each occurs; kept
    as one string and one array because that is small on disk and quick to load.
    """

    def __init__(self, listing: str, frequencies: NDArray[np.int32], documents: int) -> None:
        self.listing = listing
        self.frequencies = frequencies
        self.documents = documents
        self._index()

    @classmethod
    def learn(cls, texts: Iterable[str], *, least: int = 2) -> "Rarity":
        """Counts stems over texts, one text a document; stems in fewer than `least` count as never seen."""
        counted: Counter[str] = Counter()
        documents = 0
        for text in texts:
            counted.update(set(stems(text)))
            documents += 1
        kept = sorted(name for name, count in counted.items() if count >= least)
        return cls("\n".join(kept), np.array([counted[name] for name in kept], dtype=np.int32), documents)

    def __call__(self, name: str) -> float:
        """The rarity of one stem, in nats; greatest for a stem never seen."""
        rarity: float = self._rarities.get(name, self._unseen)
        return rarity

    def total(self, names: Iterable[str]) -> float:
        """The rarity of several stems together, in nats."""
        return sum(self._each(names))

    def _each(self, names: Iterable[str]) -> Iterator[float]:
        return (self._rarities.get(name, self._unseen) for name in names)

    def _index(self) -> None:
        self._unseen = float(np.log(self.documents + 1))
        values = np.log((self.documents + 1) / (self.frequencies + 1.0))
        self._rarities = dict(zip(self.listing.split("\n"), values.tolist(), strict=True)) if self.listing else {}

    def __getstate__(self) -> dict[str, Any]:
        return {
            "listing": self.listing,
            "frequencies": self.frequencies,
            "documents": self.documents,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index()

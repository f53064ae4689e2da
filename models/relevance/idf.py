"""Inverse document frequency of word stems: how informative each stem is."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.text.stems import stems


class InverseDocumentFrequency:
    """How telling a stem is: its inverse document frequency, log((documents + 1) / (frequency + 1)).

    `terms` names the stems, one a line, and `document_frequencies` says in how many of `document_count` texts each occurs; kept
    as one string and one array because that is small on disk and quick to load.
    """

    def __init__(self, terms: str, document_frequencies: NDArray[np.int32], document_count: int) -> None:
        self.terms = terms
        self.document_frequencies = document_frequencies
        self.document_count = document_count
        self._index()

    @classmethod
    def learn(cls, texts: Iterable[str], *, min_count: int = 2) -> "InverseDocumentFrequency":
        """Counts stems over texts, one text a document; stems in fewer than `min_count` count as never seen."""
        counted: Counter[str] = Counter()
        document_count = 0
        for text in texts:
            counted.update(set(stems(text)))
            document_count += 1
        kept = sorted(name for name, count in counted.items() if count >= min_count)
        return cls("\n".join(kept), np.array([counted[name] for name in kept], dtype=np.int32), document_count)

    def __call__(self, name: str) -> float:
        """The rarity of one stem, in nats; greatest for a stem never seen."""
        idf: float = self._rarities.get(name, self._unseen)
        return idf

    def _index(self) -> None:
        self._unseen = float(np.log(self.document_count + 1))
        values = np.log((self.document_count + 1) / (self.document_frequencies + 1.0))
        self._rarities = dict(zip(self.terms.split("\n"), values.tolist(), strict=True)) if self.terms else {}

    def __getstate__(self) -> dict[str, Any]:
        return {
            "terms": self.terms,
            "document_frequencies": self.document_frequencies,
            "document_count": self.document_count,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index()

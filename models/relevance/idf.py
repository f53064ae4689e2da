"""Inverse document frequency of word stems: how informative each stem is."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.text.stems import stems


class InverseDocumentFrequency:
    """The inverse document frequency of stems, log((documents + 1) / (document frequency + 1)), in nats.

    `terms` has a stem per line. `document_frequencies` has the number of texts that contain each stem, in the same
    order. `document_count` is the number of all texts. One string and one array are small on disk and fast to load.
    """

    def __init__(self, terms: str, document_frequencies: NDArray[np.int32], document_count: int) -> None:
        self.terms = terms
        self.document_frequencies = document_frequencies
        self.document_count = document_count
        self._index_terms()

    @classmethod
    def learn(cls, texts: Iterable[str], *, min_count: int = 2) -> "InverseDocumentFrequency":
        """Count how many texts contain each stem. A stem in fewer than `min_count` texts counts as unseen."""
        counts: Counter[str] = Counter()
        document_count = 0
        for text in texts:
            counts.update(set(stems(text)))  # a set, so that a stem counts once per text
            document_count += 1
        terms = sorted(stem for stem, count in counts.items() if count >= min_count)
        return cls("\n".join(terms), np.array([counts[stem] for stem in terms], dtype=np.int32), document_count)

    def __call__(self, stem: str) -> float:
        """Return the inverse document frequency of one stem. An unseen stem has the highest."""
        idf: float = self._idf_by_stem.get(stem, self._idf_of_unseen)
        return idf

    def _index_terms(self) -> None:
        self._idf_of_unseen = float(np.log(self.document_count + 1))
        values = np.log((self.document_count + 1) / (self.document_frequencies + 1.0))
        self._idf_by_stem = dict(zip(self.terms.split("\n"), values.tolist(), strict=True)) if self.terms else {}

    def __getstate__(self) -> dict[str, Any]:
        return {
            "terms": self.terms,
            "document_frequencies": self.document_frequencies,
            "document_count": self.document_count,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index_terms()

"""Whether a text stays with its subject: latent semantic vectors of words; says nothing of grammar or truth.

After Foltz, Kintsch and Landauer (1998), with words in place of sentences because comments have few of those.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

from models.coherence.ngram_model import Ids

MEASURES = ("cohesion", "cohesion_neighbours", "cohesion_halves", "cohesion_worst")

MIN_WORDS = 4
WINDOW = 6
_UNKNOWN = float("nan")
_MIN_IDF = 2.5
_MIN_FREQUENCY = 5


class LatentSemanticVectors:
    """A vector per word id, shape (size, dimensions), as long as the word is telling; zero for the common words."""

    def __init__(self, vectors: NDArray[np.float16]) -> None:
        self.vectors = vectors

    @classmethod
    def learn(cls, texts: Sequence[Ids], *, size: int, dimensions: int, seed: int) -> "LatentSemanticVectors":
        """Reduces which words occur in which texts, weighted by rarity (Deerwester and others 1990).

        Words in more than one of twelve texts, or in fewer than five of them, get no vector.
        """
        kinds = [np.unique(ids) for ids in texts]
        row = np.repeat(np.arange(len(kinds)), [len(each) for each in kinds])
        column = np.concatenate(kinds)
        frequency = np.bincount(column, minlength=size)
        rarity = np.log(len(texts) / (frequency + 1))
        weight = np.where((frequency >= _MIN_FREQUENCY) & (rarity > _MIN_IDF), rarity, 0.0)
        length = np.sqrt(np.bincount(row, weights=weight[column] ** 2, minlength=len(kinds)))
        values = weight[column] / np.maximum(length[row], 1e-9)
        table = csr_matrix((values, (row, column)), shape=(len(kinds), size))
        _, _, directions = randomized_svd(table, dimensions, n_iter=3, random_state=seed)
        units = _unit_rows(directions.T * weight[:, None])
        return cls((units * weight[:, None]).astype(np.float16))

    def measure(self, ids: Ids) -> list[float]:
        """MEASURES of a text: likeness of all its telling words, of neighbours, of its halves, and the worst break.

        NaN where fewer than four words are telling.
        """
        found = self.vectors[ids].astype(np.float32)
        found = found[found.any(axis=1)]
        count = len(found)
        if count < MIN_WORDS:
            return [_UNKNOWN] * len(MEASURES)
        own = float((found * found).sum())
        total = found.sum(axis=0)
        halves = _cosine(found[: count // 2].sum(axis=0), found[count // 2 :].sum(axis=0))
        return [
            float(total @ total - own) / (count - 1) / own,
            float((found[1:] * found[:-1]).sum()) / (count - 1) * count / own,
            halves,
            _largest_drop(found) if count >= 2 * WINDOW else halves,
        ]


def _largest_drop(found: NDArray[np.float32]) -> float:
    """The least likeness between six telling words and the six after them."""
    sums = np.cumsum(np.vstack([np.zeros_like(found[:1]), found]), axis=0)
    windows = _unit_rows(sums[WINDOW:] - sums[:-WINDOW])
    return float((windows[WINDOW:] * windows[:-WINDOW]).sum(axis=1).min())


def _cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    return float(first @ second / max(float(np.linalg.norm(first) * np.linalg.norm(second)), 1e-9))


def _unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return scaled

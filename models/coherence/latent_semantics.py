"""Topical cohesion of a text, from latent semantic vectors of its words.

After Foltz, Kintsch and Landauer (1998), with words in place of sentences because comments have few sentences.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

from models.coherence.ngram_model import Ids

MEASURES = ("cohesion", "cohesion_neighbours", "cohesion_halves", "cohesion_lowest")

MIN_WORDS = 4
WINDOW = 6
_UNKNOWN = float("nan")
_MIN_IDF = 2.5
"""Words with a lower inverse document frequency, in nats, are in more than one of twelve texts: too common to count."""

_MIN_FREQUENCY = 5
_TINY = 1e-9


class LatentSemanticVectors:
    """A vector per word id, shape (ids, dimensions), with its inverse document frequency as length.

    Common words, and words that are too rare to have a meaningful vector, have a vector of zeros.
    """

    def __init__(self, vectors: NDArray[np.float16]) -> None:
        self.vectors = vectors

    @classmethod
    def learn(cls, texts: Sequence[Ids], *, size: int, dimensions: int, seed: int) -> "LatentSemanticVectors":
        """Reduce the TF-IDF matrix of texts and words by a singular value decomposition (Deerwester et al. 1990)."""
        distinct = [np.unique(ids) for ids in texts]
        row = np.repeat(np.arange(len(distinct)), [len(ids) for ids in distinct])
        column = np.concatenate(distinct)
        frequency = np.bincount(column, minlength=size)
        idf = np.log(len(texts) / (frequency + 1))
        weight = np.where((frequency >= _MIN_FREQUENCY) & (idf > _MIN_IDF), idf, 0.0)
        length = np.sqrt(np.bincount(row, weights=weight[column] ** 2, minlength=len(distinct)))
        values = weight[column] / np.maximum(length[row], _TINY)
        matrix = csr_matrix((values, (row, column)), shape=(len(distinct), size))
        _, _, directions = randomized_svd(matrix, dimensions, n_iter=3, random_state=seed)
        units = _unit_rows(directions.T * weight[:, None])
        return cls((units * weight[:, None]).astype(np.float16))

    def measure(self, ids: Ids) -> dict[str, float]:
        """Return MEASURES of a text: how similar all of its words are, its neighbouring words, and its halves.

        The last measure is the lowest similarity between consecutive windows. All are NaN if fewer than four words have
        a vector.
        """
        vectors = self.vectors[ids].astype(np.float32)
        vectors = vectors[vectors.any(axis=1)]
        count = len(vectors)
        if count < MIN_WORDS:
            return dict.fromkeys(MEASURES, _UNKNOWN)
        squares = float((vectors * vectors).sum())
        total = vectors.sum(axis=0)
        halves = _cosine(vectors[: count // 2].sum(axis=0), vectors[count // 2 :].sum(axis=0))
        return {
            # |sum|² is the sum of all products of two vectors; without the squares, those of different ones remain.
            "cohesion": float(total @ total - squares) / (count - 1) / squares,
            "cohesion_neighbours": float((vectors[1:] * vectors[:-1]).sum()) / (count - 1) * count / squares,
            "cohesion_halves": halves,
            "cohesion_lowest": _largest_drop(vectors) if count >= 2 * WINDOW else halves,
        }


def _largest_drop(vectors: NDArray[np.float32]) -> float:
    """Return the lowest cosine between the sum of six vectors and the sum of the six after them."""
    sums = np.cumsum(np.vstack([np.zeros_like(vectors[:1]), vectors]), axis=0)
    windows = _unit_rows(sums[WINDOW:] - sums[:-WINDOW])
    return float((windows[WINDOW:] * windows[:-WINDOW]).sum(axis=1).min())


def _cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    return float(first @ second / max(float(np.linalg.norm(first) * np.linalg.norm(second)), _TINY))


def _unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)
    return scaled

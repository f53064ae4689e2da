"""Topical cohesion of a text, from latent semantic vectors of its words.

After Foltz, Kintsch and Landauer (1998), with words in place of sentences because comments have few sentences.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

from models.coherence.ngram_model import Ids

COHESION_MEASURES = ("cohesion", "cohesion_neighbours", "cohesion_halves", "cohesion_lowest")
"""Similarity of all words of a text, of neighbouring words, of its two halves, and of its least similar windows."""

MIN_WORDS = 4
WORDS_PER_WINDOW = 6
_UNKNOWN = float("nan")
_MIN_IDF = 2.5
"""In nats. Words with a lower inverse document frequency are too common: they are in more than one of twelve texts."""

_MIN_FREQUENCY = 5
"""Words in fewer texts are too rare for a meaningful vector."""

_TINY = 1e-9
"""Replaces a length of zero in divisions."""


class LatentSemanticVectors:
    """A vector per word id, shape (ids, dimensions). Its length is the word's inverse document frequency.

    Words that are too common or too rare have a vector of zeros.
    """

    def __init__(self, vectors: NDArray[np.float16]) -> None:
        self.vectors = vectors

    @classmethod
    def learn(cls, texts: Sequence[Ids], *, size: int, dimensions: int, seed: int) -> "LatentSemanticVectors":
        """Fit vectors to texts: a singular value decomposition of their TF-IDF matrix (Deerwester et al. 1990).

        `texts` are arrays of word ids below `size`. A word counts once per text.
        """
        distinct = [np.unique(ids) for ids in texts]
        # The matrix in coordinate form: `row` is the text and `column` the word id of each entry.
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
        """Return the COHESION_MEASURES of a text with these word ids.

        All are NaN if fewer than MIN_WORDS of its words have a vector.
        """
        vectors = self.vectors[ids].astype(np.float32)
        vectors = vectors[vectors.any(axis=1)]  # without the words whose vector is zero
        count = len(vectors)
        if count < MIN_WORDS:
            return dict.fromkeys(COHESION_MEASURES, _UNKNOWN)
        squares = float((vectors * vectors).sum())
        total = vectors.sum(axis=0)
        halves = _cosine(vectors[: count // 2].sum(axis=0), vectors[count // 2 :].sum(axis=0))
        return {
            # |sum|² is the sum of the products of all pairs. Minus the squares, only pairs of different words remain.
            "cohesion": float(total @ total - squares) / (count - 1) / squares,
            "cohesion_neighbours": float((vectors[1:] * vectors[:-1]).sum()) / (count - 1) * count / squares,
            "cohesion_halves": halves,
            "cohesion_lowest": _lowest_window_similarity(vectors) if count >= 2 * WORDS_PER_WINDOW else halves,
        }


def _lowest_window_similarity(vectors: NDArray[np.float32]) -> float:
    """Return the lowest cosine between the sum of six vectors and the sum of the six after them."""
    # A window's sum is the difference of two cumulative sums.
    sums = np.cumsum(np.vstack([np.zeros_like(vectors[:1]), vectors]), axis=0)
    windows = _unit_rows(sums[WORDS_PER_WINDOW:] - sums[:-WORDS_PER_WINDOW])
    return float((windows[WORDS_PER_WINDOW:] * windows[:-WORDS_PER_WINDOW]).sum(axis=1).min())


def _cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    return float(first @ second / max(float(np.linalg.norm(first) * np.linalg.norm(second)), _TINY))


def _unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows scaled to unit length."""
    scaled: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)
    return scaled

"""N-gram language models of characters and of word ids: how expected each element of a sequence is.

NLTK's models look n-grams up one at a time in nested dictionaries, which is too slow here and too large to save. These
hold the same kind of estimate in sorted arrays, so that a comment takes a handful of look-ups.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Nats = NDArray[np.float64]
"""Natural logarithms of probabilities."""

DISCOUNT = 0.75
"""Subtracted from every count: absolute discounting (Ney, Essen and Kneser 1994), the usual value for English."""

ALPHABET_SIZE = 32
"""Symbols of the character model: 26 letters, white space, digits, three kinds of marks, and the rest."""

_ORDER = 4
_GROUPS = (" \n\t\r", "0123456789", "'`", ".,!?", '"()-:;')


def _symbol_table() -> NDArray[np.int64]:
    """Return the symbol of each ASCII code, and of all other characters at the end, shape (129,)."""
    table = np.full(129, ALPHABET_SIZE - 1)
    for code in range(26):
        table[ord("a") + code] = table[ord("A") + code] = code
    for group, members in enumerate(_GROUPS):
        table[[ord(member) for member in members]] = 26 + group
    return table


_SYMBOL_OF = _symbol_table()
_SPACE = 26


def symbols(text: str) -> Ids:
    """Return the symbol of each code point, shape (characters,)."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _SYMBOL_OF[np.minimum(points, 128)]


class CharacterModel:
    """Log-probability of each character after the three before it; `table` is (32, 32, 32, 32), in nats."""

    def __init__(self, table: NDArray[np.float16]) -> None:
        self.table = table

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "CharacterModel":
        """Estimate orders 1 to 4, each interpolated with the one below (Witten and Bell 1991)."""
        windows = np.concatenate([_windows(text) for text in texts])
        counts = np.bincount(windows, minlength=ALPHABET_SIZE**_ORDER).reshape((ALPHABET_SIZE,) * _ORDER)
        estimate: Nats = np.full(ALPHABET_SIZE, 1.0 / ALPHABET_SIZE)
        for order in range(1, _ORDER + 1):
            # Counts of n-grams of this order: summed over the characters before them.
            level = counts.sum(axis=tuple(range(_ORDER - order)))
            seen = level.sum(axis=-1, keepdims=True)
            distinct = (level > 0).sum(axis=-1, keepdims=True)
            # The more different characters follow a context, the more weight the shorter context gets.
            mixed = (level + distinct * estimate) / np.maximum(seen + distinct, 1)
            estimate = np.where(seen > 0, mixed, estimate)
        return cls(np.log(estimate).astype(np.float16))

    def score(self, text: str) -> Nats:
        """Return the log-probability of each character of a text, shape (characters,)."""
        return self.table.ravel()[_windows(text)].astype(np.float64)


def _windows(text: str) -> Ids:
    """Return each character with the three before it, as an index into the flat table; a text begins after a space."""
    padded = np.concatenate([np.full(_ORDER - 1, _SPACE), symbols(text)])
    size = len(padded) - _ORDER + 1
    index = np.zeros(size, dtype=np.int64)
    for offset in range(_ORDER):
        index = index * ALPHABET_SIZE + padded[offset : offset + size]
    return index


class WordModel:
    """Log-probability of each word id after the two before it, as a back-off model. Ids are 1 to `size` - 1.

    `unigrams`, shape (size,), has log-probabilities, and `unigram_backoff` the log-weight of ids that were not seen
    after an id. `bigrams` and `trigrams` are sorted keys, with parallel arrays of log-probabilities, and for bigrams of
    back-off weights. The key of a bigram is first * size + second. That of a trigram is (index of its first bigram) *
    size + third.
    """

    START = 0
    """Precedes every sequence twice, and is never scored."""

    def __init__(
        self,
        *,
        unigrams: NDArray[np.float32],
        unigram_backoff: NDArray[np.float32],
        bigrams: Ids,
        bigram_logs: NDArray[np.float32],
        bigram_backoff: NDArray[np.float32],
        trigrams: Ids,
        trigram_logs: NDArray[np.float32],
    ) -> None:
        self.unigrams, self.unigram_backoff = unigrams, unigram_backoff
        self.bigrams, self.bigram_logs, self.bigram_backoff = bigrams, bigram_logs, bigram_backoff
        self.trigrams, self.trigram_logs = trigrams, trigram_logs

    @classmethod
    def learn(cls, sequences: Iterable[Ids], *, size: int, min_count: int = 2) -> "WordModel":
        """Estimate the model by absolute discounting, each order interpolated with the one below.

        A bigram or trigram that occurs less than `min_count` times counts as unseen.
        """
        first, second, third = _trigrams(sequences)
        counts = np.bincount(third, minlength=size) + 0.5  # an id that was never seen has a probability, too
        unigrams = np.log(counts / counts.sum())
        bigrams, bigram_logs, unigram_backoff = _discounted(
            second, third, unigrams[third], size=size, contexts=size, min_count=min_count
        )
        # Key 0 is the pair (START, START), the context of the first id of a sequence.
        bigrams, bigram_logs = np.insert(bigrams, 0, 0), np.insert(bigram_logs, 0, 0.0)
        bigram, is_seen = _find(bigrams, second * size + third)
        backed_off = np.where(is_seen, bigram_logs[bigram], unigram_backoff[second] + unigrams[third])
        context, is_known = _find(bigrams, first * size + second)
        trigrams, trigram_logs, bigram_backoff = _discounted(
            context[is_known],
            third[is_known],
            backed_off[is_known],
            size=size,
            contexts=len(bigrams),
            min_count=min_count,
        )
        return cls(
            unigrams=unigrams.astype(np.float32),
            unigram_backoff=unigram_backoff.astype(np.float32),
            bigrams=bigrams,
            bigram_logs=bigram_logs.astype(np.float32),
            bigram_backoff=bigram_backoff.astype(np.float32),
            trigrams=trigrams,
            trigram_logs=trigram_logs.astype(np.float32),
        )

    def score(self, ids: Ids) -> tuple[Nats, Ids]:
        """Return the log-probability of each id in its context, and the length of the longest known n-gram (1 to 3)."""
        padded = np.concatenate([[self.START, self.START], ids])
        first, second, third = padded[:-2], padded[1:-1], padded[2:]
        size = len(self.unigrams)
        bigram, has_bigram = _find(self.bigrams, second * size + third)
        by_bigram = np.where(has_bigram, self.bigram_logs[bigram], self.unigram_backoff[second] + self.unigrams[third])
        context, has_context = _find(self.bigrams, first * size + second)
        trigram, has_trigram = _find(self.trigrams, context * size + third)
        has_trigram &= has_context
        backed_off = np.where(has_context, self.bigram_backoff[context] + by_bigram, by_bigram)
        logs = np.where(has_trigram, self.trigram_logs[trigram], backed_off)
        return logs.astype(np.float64), 1 + has_bigram.astype(np.int64) + has_trigram


def _trigrams(sequences: Iterable[Ids]) -> tuple[Ids, Ids, Ids]:
    """Return the first, second and third id of every trigram in sequences, three arrays of shape (ids,)."""
    # One long sequence with two starts before each text, so that no trigram crosses from one text to the next.
    stream = np.concatenate([part for ids in sequences for part in ([WordModel.START] * 2, ids)]).astype(np.int64)
    scored = stream[2:] != WordModel.START
    return stream[:-2][scored], stream[1:-1][scored], stream[2:][scored]


def _discounted(
    context: Ids, word: Ids, lower: Nats, *, size: int, contexts: int, min_count: int
) -> tuple[Ids, Nats, Nats]:
    """Return n-gram keys with their log-probabilities, and the back-off log-weight of each context.

    `context`, `word` and `lower` are parallel arrays over occurrences; `lower` is the log-probability of each word by
    the shorter context.
    """
    keys, index, counts = np.unique(context * size + word, return_index=True, return_counts=True)
    totals = np.bincount(context, minlength=contexts)
    is_frequent = counts >= min_count
    keys, counts, below = keys[is_frequent], counts[is_frequent], lower[index[is_frequent]]
    share = (counts - DISCOUNT) / totals[keys // size]
    rest = 1.0 - np.bincount(keys // size, weights=share, minlength=contexts)
    return keys, np.log(share + rest[keys // size] * np.exp(below)), np.log(np.maximum(rest, 1e-9))


def _find(keys: Ids, wanted: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Return the index of each wanted key in the sorted keys, and whether it is one of them."""
    index = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return index, keys[index] == wanted

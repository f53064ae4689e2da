"""How expected a sequence is: n-gram language models of characters and of word ids, as arrays; no judgement of text.

NLTK's own models answer one n-gram at a time from nested dictionaries, too slow here and too large to save; these
hold the same kind of estimate in sorted arrays, so that a comment takes a handful of look-ups.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Nats = NDArray[np.float64]

DISCOUNT = 0.75
"""Subtracted from every count: absolute discounting (Ney, Essen and Kneser 1994), the usual value for English."""

ALPHABET_SIZE = 32
"""What characters are told apart: 26 letters, white space, digits, three kinds of marks, and the rest."""

_ORDER = 4
_GROUPS = (" \n\t\r", "0123456789", "'`", ".,!?", '"()-:;')


def _symbol_table() -> NDArray[np.int64]:
    """The symbol of each ASCII code, and of everything else in the last place."""
    table = np.full(129, ALPHABET_SIZE - 1)
    for code in range(26):
        table[ord("a") + code] = table[ord("A") + code] = code
    for group, members in enumerate(_GROUPS):
        table[[ord(member) for member in members]] = 26 + group
    return table


_SYMBOL_OF = _symbol_table()
_SPACE = 26


def symbols(text: str) -> Ids:
    """The symbol of each code point."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _SYMBOL_OF[np.minimum(points, 128)]


class CharacterModel:
    """Log-probability of each character after the three before it; `table` is (32, 32, 32, 32), in nats."""

    def __init__(self, table: NDArray[np.float16]) -> None:
        self.table = table

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "CharacterModel":
        """Interpolates the orders 1 to 4, each with the one below (Witten and Bell 1991)."""
        windows = np.concatenate([_windows(text) for text in texts])
        counts = np.bincount(windows, minlength=ALPHABET_SIZE**_ORDER).reshape((ALPHABET_SIZE,) * _ORDER)
        estimate: Nats = np.full(ALPHABET_SIZE, 1.0 / ALPHABET_SIZE)
        for order in range(1, _ORDER + 1):
            level = counts.sum(axis=tuple(range(_ORDER - order)))
            seen = level.sum(axis=-1, keepdims=True)
            kinds = (level > 0).sum(axis=-1, keepdims=True)
            mixed = (level + kinds * estimate) / np.maximum(seen + kinds, 1)
            estimate = np.where(seen > 0, mixed, estimate)
        return cls(np.log(estimate).astype(np.float16))

    def score(self, text: str) -> Nats:
        """Log-probability of each character of a text, shape (characters,)."""
        return self.table.ravel()[_windows(text)].astype(np.float64)


def _windows(text: str) -> Ids:
    """Each character with the three before it, as an index into a flat table; a text begins after white space."""
    padded = np.concatenate([np.full(_ORDER - 1, _SPACE), symbols(text)])
    size = len(padded) - _ORDER + 1
    index = np.zeros(size, dtype=np.int64)
    for place in range(_ORDER):
        index = index * ALPHABET_SIZE + padded[place : place + size]
    return index


class WordModel:
    """Log-probability of each word id after the two before it, in backing-off form; ids are 1 to `size` - 1.

    `unigrams` and `unigram_backoff`, shape (size,): log-probability of an id by itself, and log-weight of what follows it
    unseen. `bigrams` and `trigrams`: sorted keys, with log-probabilities beside them, and for pairs the log-weight of
    unseen followers. A pair's key is first * size + second, a triple's is (place of its pair) * size + third.
    """

    START = 0
    """Stands twice before every sequence, and is never scored."""

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
        """Counts ids; a pair or triple seen fewer than `min_count` times gives its share to the unseen ones.

        Absolute discounting, each order interpolated with the one below.
        """
        first, second, third = _trigrams(sequences)
        counts = np.bincount(third, minlength=size) + 0.5
        unigrams = np.log(counts / counts.sum())
        bigrams, bigram_logs, unigram_backoff = _discounted(
            second, third, unigrams[third], size=size, contexts=size, min_count=min_count
        )
        bigrams, bigram_logs = np.insert(bigrams, 0, 0), np.insert(bigram_logs, 0, 0.0)  # the start of a sequence
        seen, is_seen = _find(bigrams, second * size + third)
        backed = np.where(is_seen, bigram_logs[seen], unigram_backoff[second] + unigrams[third])
        place, known = _find(bigrams, first * size + second)
        trigrams, trigram_logs, bigram_backoff = _discounted(
            place[known], third[known], backed[known], size=size, contexts=len(bigrams), min_count=min_count
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
        """Log-probability of each id in its place, and the length of the n-gram that was known (1 to 3)."""
        padded = np.concatenate([[self.START, self.START], ids])
        first, second, third = padded[:-2], padded[1:-1], padded[2:]
        size = len(self.unigrams)
        pair, paired = _find(self.bigrams, second * size + third)
        short = np.where(paired, self.bigram_logs[pair], self.unigram_backoff[second] + self.unigrams[third])
        context, continued = _find(self.bigrams, first * size + second)
        triple, tripled = _find(self.trigrams, context * size + third)
        tripled &= continued
        backed = np.where(continued, self.bigram_backoff[context] + short, short)
        logs = np.where(tripled, self.trigram_logs[triple], backed)
        return logs.astype(np.float64), 1 + paired.astype(np.int64) + tripled


def _trigrams(sequences: Iterable[Ids]) -> tuple[Ids, Ids, Ids]:
    stream = np.concatenate([part for ids in sequences for part in ([WordModel.START] * 2, ids)]).astype(np.int64)
    scored = stream[2:] != WordModel.START
    return stream[:-2][scored], stream[1:-1][scored], stream[2:][scored]


def _discounted(
    context: Ids, word: Ids, lower: Nats, *, size: int, contexts: int, min_count: int
) -> tuple[Ids, Nats, Nats]:
    """Keys, log-probabilities and the contexts' remaining log-weights.

    `lower` is the log-probability of each occurrence by the shorter context.
    """
    keys, index, counts = np.unique(context * size + word, return_index=True, return_counts=True)
    held = np.bincount(context, minlength=contexts)
    kept = counts >= min_count
    keys, counts, below = keys[kept], counts[kept], lower[index[kept]]
    share = (counts - DISCOUNT) / held[keys // size]
    rest = 1.0 - np.bincount(keys // size, weights=share, minlength=contexts)
    return keys, np.log(share + rest[keys // size] * np.exp(below)), np.log(np.maximum(rest, 1e-9))


def _find(keys: Ids, wanted: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Where each wanted key stands among the sorted keys, and whether it does."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return place, keys[place] == wanted

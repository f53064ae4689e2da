"""N-gram language models of characters and of word ids: how probable each element of a sequence is after those before.

NLTK's models keep n-grams in nested dictionaries, which are slow to query and large to save. These models use the same
kind of estimate but keep it in arrays, so that a comment takes a few vectorised look-ups.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Nats = NDArray[np.float64]
"""Natural logarithms of probabilities."""

DISCOUNT = 0.75
"""Absolute discounting subtracts this from every count (Ney, Essen and Kneser 1994). Usual for English."""

ALPHABET_SIZE = 32
"""Symbols of the character model: 26 letters, white space, digits, three kinds of marks, and the rest."""

_ORDER = 4
"""Length of the character model's n-grams."""

# Characters of a group are one symbol. The groups follow the 26 letters, so white space is symbol 26.
_GROUPS = (" \n\t\r", "0123456789", "'`", ".,!?", '"()-:;')


def _symbol_table() -> NDArray[np.int64]:
    """Return the symbol of each ASCII code, shape (129,). The last entry is the symbol of all other characters."""
    table = np.full(129, ALPHABET_SIZE - 1)  # the last symbol is "the rest"
    for code in range(26):
        table[ord("a") + code] = table[ord("A") + code] = code
    for group, members in enumerate(_GROUPS):
        table[[ord(member) for member in members]] = 26 + group
    return table


_SYMBOL_OF = _symbol_table()
_SPACE = 26


def symbols(text: str) -> Ids:
    """Return the symbol of each character of a text, shape (characters,)."""
    code_points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _SYMBOL_OF[np.minimum(code_points, 128)]


class CharacterModel:
    """Log-probability of each character after the three before it; `table` is (32, 32, 32, 32), in nats."""

    def __init__(self, table: NDArray[np.float16]) -> None:
        self.table = table

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "CharacterModel":
        """Fit the model to texts. Each order (1 to 4) is interpolated with the order below (Witten and Bell 1991)."""
        ngrams = np.concatenate([_ngram_indexes(text) for text in texts])
        counts = np.bincount(ngrams, minlength=ALPHABET_SIZE**_ORDER).reshape((ALPHABET_SIZE,) * _ORDER)
        estimate: Nats = np.full(ALPHABET_SIZE, 1.0 / ALPHABET_SIZE)
        for order in range(1, _ORDER + 1):
            # Summing over the first characters of the 4-grams leaves the counts of shorter n-grams.
            order_counts = counts.sum(axis=tuple(range(_ORDER - order)))
            context_counts = order_counts.sum(axis=-1, keepdims=True)
            distinct_followers = (order_counts > 0).sum(axis=-1, keepdims=True)
            # The more different characters follow a context, the more weight the shorter context gets.
            mixed = (order_counts + distinct_followers * estimate) / np.maximum(context_counts + distinct_followers, 1)
            estimate = np.where(context_counts > 0, mixed, estimate)
        return cls(np.log(estimate).astype(np.float16))

    def score(self, text: str) -> Nats:
        """Return the log-probability of each character of a text, shape (characters,)."""
        return self.table.ravel()[_ngram_indexes(text)].astype(np.float64)


def _ngram_indexes(text: str) -> Ids:
    """Return, for each character, the index in the flat table of the n-gram that ends with it, shape (characters,)."""
    # The first characters have spaces before them.
    padded = np.concatenate([np.full(_ORDER - 1, _SPACE), symbols(text)])
    size = len(padded) - _ORDER + 1
    indexes = np.zeros(size, dtype=np.int64)
    # Symbols are the digits of a number in base 32.
    for offset in range(_ORDER):
        indexes = indexes * ALPHABET_SIZE + padded[offset : offset + size]
    return indexes


class WordModel:
    """Log-probability of each word id after the two ids before it. Ids are 1 to `size` - 1.

    This is a back-off model: an unseen n-gram gets the log-probability of the shorter n-gram plus the back-off
    log-weight of its context. `unigrams` has the log-probability of each id, and `unigram_backoff` the log-weight of
    each id as a context, shape (size,) each. `bigrams` and `trigrams` are sorted keys. Arrays of the same length
    have the log-probability and, for bigrams, the back-off log-weight of each key.

    The key of a bigram is first * size + second. The key of a trigram is bigram * size + third, where `bigram` is the
    index of its first two ids in `bigrams`.
    """

    START = 0
    """This id stands twice before every sequence, as context. It is never scored."""

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
        """Fit the model to sequences of ids below `size`.

        Absolute discounting, each order interpolated with the order below. A bigram or trigram that occurs less than
        `min_count` times counts as unseen.
        """
        first, second, third = _trigrams(sequences)
        counts = np.bincount(third, minlength=size) + 0.5  # so that an unseen id has a probability above 0
        unigrams = np.log(counts / counts.sum())
        bigrams, bigram_logs, unigram_backoff = _estimate_discounted(
            second, third, unigrams[third], size=size, contexts=size, min_count=min_count
        )
        # Key 0 is the pair (START, START), the context of the first id of a sequence.
        bigrams, bigram_logs = np.insert(bigrams, 0, 0), np.insert(bigram_logs, 0, 0.0)
        bigram, has_bigram = _find(bigrams, second * size + third)
        by_bigram = np.where(has_bigram, bigram_logs[bigram], unigram_backoff[second] + unigrams[third])
        context, has_context = _find(bigrams, first * size + second)
        trigrams, trigram_logs, bigram_backoff = _estimate_discounted(
            context[has_context],
            third[has_context],
            by_bigram[has_context],
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
        """Return the log-probability of each id in its context, and the length of the longest known n-gram.

        Two arrays of shape (ids,). The length is from 1 to 3, and counts the n-grams that end with the id.
        """
        padded = np.concatenate([[self.START, self.START], ids])
        first, second, third = padded[:-2], padded[1:-1], padded[2:]
        size = len(self.unigrams)
        bigram, has_bigram = _find(self.bigrams, second * size + third)
        by_bigram = np.where(has_bigram, self.bigram_logs[bigram], self.unigram_backoff[second] + self.unigrams[third])
        context, has_context = _find(self.bigrams, first * size + second)
        trigram, has_trigram = _find(self.trigrams, context * size + third)
        has_trigram &= has_context  # without its bigram, `context` is only the index of a neighbouring key
        backed_off = np.where(has_context, self.bigram_backoff[context] + by_bigram, by_bigram)
        logs = np.where(has_trigram, self.trigram_logs[trigram], backed_off)
        return logs.astype(np.float64), 1 + has_bigram.astype(np.int64) + has_trigram


def _trigrams(sequences: Iterable[Ids]) -> tuple[Ids, Ids, Ids]:
    """Return the first, second and third id of every trigram in sequences, three arrays of shape (ids,)."""
    # The two starts before each sequence make sure that no trigram spans two sequences.
    starts = [WordModel.START, WordModel.START]
    stream = np.concatenate([part for ids in sequences for part in (starts, ids)]).astype(np.int64)
    ends_with_id = stream[2:] != WordModel.START
    return stream[:-2][ends_with_id], stream[1:-1][ends_with_id], stream[2:][ends_with_id]


def _estimate_discounted(
    context: Ids, word: Ids, shorter_logs: Nats, *, size: int, contexts: int, min_count: int
) -> tuple[Ids, Nats, Nats]:
    """Return n-gram keys with their log-probabilities, and the back-off log-weight of each context.

    `context`, `word` and `shorter_logs` have an element per occurrence of an n-gram. `shorter_logs` is the
    log-probability of the word after the context without its first id. Contexts are 0 to `contexts` - 1.
    """
    keys, first_occurrences, counts = np.unique(context * size + word, return_index=True, return_counts=True)
    totals = np.bincount(context, minlength=contexts)
    is_frequent = counts >= min_count
    keys, counts, first_occurrences = keys[is_frequent], counts[is_frequent], first_occurrences[is_frequent]
    key_contexts = keys // size
    share = (counts - DISCOUNT) / totals[key_contexts]
    # The probability that discounting and rare n-grams leave over goes to the shorter context.
    rest = 1.0 - np.bincount(key_contexts, weights=share, minlength=contexts)
    logs = np.log(share + rest[key_contexts] * np.exp(shorter_logs[first_occurrences]))
    return keys, logs, np.log(np.maximum(rest, 1e-9))


def _find(keys: Ids, wanted: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Return the index of each wanted key in the sorted keys, and whether it is there (if not, ignore the index)."""
    index = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return index, keys[index] == wanted

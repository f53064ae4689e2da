"""Features of coherence: how predictable characters, words and syntax are, and how cohesive and repetitive they are."""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from models.coherence.latent_semantics import COHESION_MEASURES, LatentSemanticVectors
from models.coherence.ngram_model import CharacterModel, Ids, Nats, WordModel
from models.coherence.vocabulary import UNKNOWN, Vocabulary, split_tokens
from models.feature_rows import to_row
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS, normalise

_WORD_FEATURES = (
    "unknown_words",
    "unknown_words_max",
    "unigram_mean",
    "context_gain_mean",
    "context_gain_min",
    "context_gain_max",
    "bigrams_seen",
    "trigrams_seen",
    "missing_pairs_mean",
    "missing_pairs_max",
    "syntax_mean",
    "syntax_gain_mean",
    "syntax_gain_min",
    "syntax_trigrams_seen",
)
_NO_REPETITION = {
    "distinct_tokens": 1.0,
    "most_common_token": 0.0,
    "repeated_trigrams": 0.0,
    "log_longest_run": 0.0,
    "compression_ratio": 1.0,
}
"""Values for a text without tokens."""

FEATURES = (
    "log_tokens",
    *("characters_mean", "characters_std", "characters_min", "characters_low"),
    *_WORD_FEATURES,
    *COHESION_MEASURES,
    *_NO_REPETITION,
    *("letters", "digits", "marks", "code", "mean_word_length", "log_longest_word", "vowels", "one_letter_words"),
)
"""The columns of the feature matrix, in order."""

# Program code and markup: brackets and operators, camelCase, a method call such as `a.b(`, or a hexadecimal number.
_CODE = re.compile(r"[{}<>\[\]=;_|\\]|[a-z][A-Z]|\w\.\w+\(|0x")
_BIGRAM, _TRIGRAM = 2, 3
_CHARACTERS_PER_WINDOW, _WORDS_PER_WINDOW, _UNKNOWN_WORDS_PER_WINDOW = 16, 8, 6
"""Lengths of the windows in which log-probabilities are averaged. The lowest mean shows a text's most unusual part."""

_LOG_TRAINING_TOKENS = 14.0
"""Natural log of the number of tokens (1.2 million) that the word model was trained on. Two words whose
log-probabilities sum to more than -14 are expected to occur next to each other at least once in so many tokens."""


class CoherenceFeatures(TransformerMixin, BaseEstimator):
    """Turn texts into a matrix with a row per text and the columns FEATURES. The language models are fitted beforehand.

    A `str` is normalised first, as for toxicity. A `NormalisedText` is not normalised again, because its visible `<b>`,
    typed as `&lt;b&gt;`, would then be removed as markup.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        character_model: CharacterModel,
        word_model: WordModel,
        syntax_model: WordModel,
        topic_vectors: LatentSemanticVectors,
    ) -> None:
        self.vocabulary = vocabulary
        self.character_model = character_model
        self.word_model = word_model
        self.syntax_model = syntax_model
        self.topic_vectors = topic_vectors

    def fit(self, texts: Any, labels: Any = None) -> "CoherenceFeatures":  # noqa: ARG002 - scikit-learn's names
        """Return the transformer itself: there is nothing to fit."""
        return self

    def transform(self, texts: Sequence[str | NormalisedText]) -> NDArray[np.float64]:
        """Return the features of texts, shape (n, len(FEATURES))."""
        return np.array([self._row(_normalise(text).text[:MAX_CHARS]) for text in texts])

    def _row(self, text: str) -> list[float]:
        tokens = split_tokens(text)
        ids = self.vocabulary.word_ids(tokens)
        values = {
            "log_tokens": float(np.log1p(len(tokens))),
            **self._character_features(text),
            **(self._word_features(tokens, ids) if tokens else dict.fromkeys(_WORD_FEATURES, 0.0)),
            **self.topic_vectors.measure(ids),
            **_repetition_features(text, tokens),
            **_surface_features(text, tokens),
        }
        return to_row(values, FEATURES)

    def _character_features(self, text: str) -> dict[str, float]:
        """Return the mean log-probability of the characters, and how much it varies over the text."""
        log_probabilities = self.character_model.score(text or " ")  # an empty text has no mean
        windows = _running_means(log_probabilities, _CHARACTERS_PER_WINDOW)
        return {
            "characters_mean": log_probabilities.mean(),
            "characters_std": windows.std(),
            "characters_min": windows.min(),
            # The 10 % quantile reacts less than the minimum to a single odd word.
            "characters_low": float(np.quantile(windows, 0.1)),
        }

    def _word_features(self, tokens: Sequence[str], ids: Ids) -> dict[str, float]:
        """Return features of how predictable the words are.

        A word's gain is its log-probability in context minus that without context. It is low in a scrambled text.
        """
        unknown = (ids == UNKNOWN).astype(float)
        log_probabilities, ngram_lengths = self.word_model.score(ids)
        unigram_logs = self.word_model.unigrams[ids].astype(float)
        context_gains = log_probabilities - unigram_logs
        window_gains = _running_means(context_gains, _WORDS_PER_WINDOW)
        missing = _missing_pairs(unigram_logs, ngram_lengths, unknown)
        # The same for syntax: every word but the most common ones is replaced by its ending.
        syntax_ids = self.vocabulary.syntax_ids(tokens, ids)
        syntax_logs, syntax_ngram_lengths = self.syntax_model.score(syntax_ids)
        syntax_gains = syntax_logs - self.syntax_model.unigrams[syntax_ids]
        return {
            "unknown_words": unknown.mean(),
            "unknown_words_max": _running_means(unknown, _UNKNOWN_WORDS_PER_WINDOW).max(),
            "unigram_mean": unigram_logs.mean(),
            "context_gain_mean": context_gains.mean(),
            "context_gain_min": window_gains.min(),
            "context_gain_max": window_gains.max(),
            "bigrams_seen": (ngram_lengths >= _BIGRAM).mean(),
            "trigrams_seen": (ngram_lengths == _TRIGRAM).mean(),
            "missing_pairs_mean": missing.mean(),
            "missing_pairs_max": _running_means(missing, _UNKNOWN_WORDS_PER_WINDOW).max(),
            "syntax_mean": syntax_logs.mean(),
            "syntax_gain_mean": syntax_gains.mean(),
            "syntax_gain_min": _running_means(syntax_gains, _WORDS_PER_WINDOW).min(),
            "syntax_trigrams_seen": (syntax_ngram_lengths == _TRIGRAM).mean(),
        }


def _normalise(text: str | NormalisedText) -> NormalisedText:
    return text if isinstance(text, NormalisedText) else normalise(text[:MAX_CHARS], html=True)


def _missing_pairs(unigram_logs: Nats, ngram_lengths: Ids, unknown: Nats) -> Nats:
    """Return, for each word, how surprising it is that training never saw it after the word before, shape (words,).

    The value is the log of how often chance alone would have put the two words together in the training data, at
    least 0 (once). It is 0 for pairs that training saw and for unknown words. `ngram_lengths` has the length of the
    longest known n-gram at each word.
    """
    log_before = np.concatenate([[0.0], unigram_logs[:-1]])
    log_expected_count = np.maximum(_LOG_TRAINING_TOKENS + log_before + unigram_logs, 0.0)
    missing: Nats = np.where((ngram_lengths < _BIGRAM) & (unknown == 0), log_expected_count, 0.0)
    missing[0] = 0.0  # the first word has no word before it
    return missing


def _running_means(values: Nats, size: int) -> Nats:
    """Return the mean of each window of `size` consecutive values. Fewer values have one mean."""
    if len(values) <= size:
        return np.array([values.mean()])
    # A window's sum is the difference of two cumulative sums, so its size costs no time.
    sums = np.cumsum(np.concatenate([[0.0], values]))
    means: Nats = (sums[size:] - sums[:-size]) / size
    return means


def _repetition_features(text: str, tokens: Sequence[str]) -> dict[str, float]:
    """Return features of how much a text repeats itself."""
    if not tokens:
        return _NO_REPETITION
    counts = Counter(tokens)
    trigrams = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
    encoded = text.encode("utf-8", "surrogatepass")
    return {
        "distinct_tokens": len(counts) / len(tokens),
        "most_common_token": max(counts.values()) / len(tokens),
        "repeated_trigrams": 1.0 - len(set(trigrams)) / len(trigrams) if trigrams else 0.0,
        "log_longest_run": float(np.log(_longest_run(tokens))),
        "compression_ratio": len(zlib.compress(encoded)) / len(encoded),
    }


def _longest_run(tokens: Sequence[str]) -> int:
    """Return the length of the longest run of the same token."""
    longest = run = 1
    for left, right in pairwise(tokens):
        run = run + 1 if left == right else 1
        longest = max(longest, run)
    return longest


def _surface_features(text: str, tokens: Sequence[str]) -> dict[str, float]:
    """Return the shares of kinds of characters and tokens, and the lengths of words."""
    visible = max(1, len("".join(text.split())))  # characters other than white space; at least 1 to divide by
    words = [token for token in tokens if token[0].isalpha()]
    lengths = [len(word) for word in words] or [0]
    letters = "".join(words)
    return {
        "letters": len(letters) / visible,
        "digits": sum(len(token) for token in tokens if token.isdigit()) / visible,
        "marks": sum(not token[0].isalnum() for token in tokens) / max(1, len(tokens)),
        "code": len(_CODE.findall(text)) / visible,
        "mean_word_length": float(np.mean(lengths)),
        "log_longest_word": float(np.log1p(max(lengths))),
        "vowels": sum(letters.count(vowel) for vowel in "aeiouy") / max(1, len(letters)),
        "one_letter_words": lengths.count(1) / len(lengths),
    }

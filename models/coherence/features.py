"""Features of coherence: how expected characters, words and syntax are, how cohesive and how repetitive a text is."""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from models.coherence.latent_semantics import MEASURES, LatentSemanticVectors
from models.coherence.ngram_model import CharacterModel, Ids, Nats, WordModel
from models.coherence.vocabulary import UNKNOWN, Vocabulary, split_tokens
from models.feature_rows import to_row
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS, normalise

_WORDS = (
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
FEATURES = (
    "log_tokens",
    *("characters_mean", "characters_std", "characters_min", "characters_low"),
    *_WORDS,
    *MEASURES,
    *_NO_REPETITION,
    *("letters", "digits", "marks", "code", "mean_word_length", "log_longest_word", "vowels", "one_letter_words"),
)
"""The columns of the feature matrix, in order."""

_CODE = re.compile(r"[{}<>\[\]=;_|\\]|[a-z][A-Z]|\w\.\w+\(|0x")
_BIGRAM, _TRIGRAM = 2, 3
_CHARACTER_WINDOW, _WINDOW, _UNKNOWN_WINDOW = 16, 8, 6
"""Characters or words over which a mean is taken, to find the least expected stretch of a text."""

_LOG_TRAINING_TOKENS = 14.0
"""Log of the number of tokens that the word model was learned from. If the joint log-probability of two words is above
minus this, they should have been seen next to each other."""


class CoherenceFeatures(TransformerMixin, BaseEstimator):
    """Features of texts: rows are texts, columns are FEATURES. The language models are parameters, learned beforehand.

    Texts are normalised first, as for toxicity. A `NormalisedText` is used as it is: normalised again, markup that was
    spelt out as `&lt;b&gt;` would be taken for markup.
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
        """Return the transformer: it has nothing to learn."""
        return self

    def transform(self, texts: Sequence[str | NormalisedText]) -> NDArray[np.float64]:
        """Return the features of texts, shape (n, len(FEATURES))."""
        return np.array([self._row(_normalise(text).text[:MAX_CHARS]) for text in texts])

    def _row(self, text: str) -> list[float]:
        tokens = split_tokens(text)
        ids = self.vocabulary.word_ids(tokens)
        values = {
            "log_tokens": float(np.log1p(len(tokens))),
            **self._characters(text),
            **(self._words(tokens, ids) if tokens else dict.fromkeys(_WORDS, 0.0)),
            **self.topic_vectors.measure(ids),
            **_repetition(text, tokens),
            **_form(text, tokens),
        }
        return to_row(values, FEATURES)

    def _characters(self, text: str) -> dict[str, float]:
        """Log-probability of characters: its mean, and how uneven it is over the text."""
        logs = self.character_model.score(text or " ")  # an empty text has no mean
        windows = _running_means(logs, _CHARACTER_WINDOW)
        return {
            "characters_mean": logs.mean(),
            "characters_std": windows.std(),
            "characters_min": windows.min(),
            # Less sensitive than the minimum to one odd word.
            "characters_low": float(np.quantile(windows, 0.1)),
        }

    def _words(self, tokens: Sequence[str], ids: Ids) -> dict[str, float]:
        """Log-probability of words, and what the context adds to it: little in a scrambled text."""
        unknown = (ids == UNKNOWN).astype(float)
        logs, order = self.word_model.score(ids)
        unigram = self.word_model.unigrams[ids].astype(float)
        gains = _running_means(logs - unigram, _WINDOW)
        missing = _missing_pairs(unigram, order, unknown)
        syntax_ids = self.vocabulary.syntax_ids(tokens, ids)
        syntax_logs, syntax_order = self.syntax_model.score(syntax_ids)
        syntax_gain = syntax_logs - self.syntax_model.unigrams[syntax_ids]
        return {
            "unknown_words": unknown.mean(),
            "unknown_words_max": _running_means(unknown, _UNKNOWN_WINDOW).max(),
            "unigram_mean": unigram.mean(),
            "context_gain_mean": (logs - unigram).mean(),
            "context_gain_min": gains.min(),
            "context_gain_max": gains.max(),
            "bigrams_seen": (order >= _BIGRAM).mean(),
            "trigrams_seen": (order == _TRIGRAM).mean(),
            "missing_pairs_mean": missing.mean(),
            "missing_pairs_max": _running_means(missing, _UNKNOWN_WINDOW).max(),
            "syntax_mean": syntax_logs.mean(),
            "syntax_gain_mean": syntax_gain.mean(),
            "syntax_gain_min": _running_means(syntax_gain, _WINDOW).min(),
            "syntax_trigrams_seen": (syntax_order == _TRIGRAM).mean(),
        }


def _normalise(text: str | NormalisedText) -> NormalisedText:
    return text if isinstance(text, NormalisedText) else normalise(text[:MAX_CHARS], html=True)


def _missing_pairs(unigram: Nats, order: Ids, unknown: Nats) -> Nats:
    """Return how much more likely than once each unseen pair of words was in the training data, in nats; else 0.

    `unigram` are log-probabilities; `order` is the length of the longest n-gram that was seen.
    """
    before = np.concatenate([[0.0], unigram[:-1]])
    expected = np.maximum(_LOG_TRAINING_TOKENS + before + unigram, 0.0)
    missing: Nats = np.where((order < _BIGRAM) & (unknown == 0), expected, 0.0)
    missing[0] = 0.0  # nothing is before the first word
    return missing


def _running_means(values: Nats, size: int) -> Nats:
    """Return the means over windows of a size, or the one mean of fewer values."""
    if len(values) <= size:
        return np.array([values.mean()])
    # Differences of cumulative sums: one pass, whatever the window.
    sums = np.cumsum(np.concatenate([[0.0], values]))
    means: Nats = (sums[size:] - sums[:-size]) / size
    return means


def _repetition(text: str, tokens: Sequence[str]) -> dict[str, float]:
    """How much of a text repeats."""
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
    """Return how often in a row the same token occurs, at most."""
    longest = run = 1
    for left, right in pairwise(tokens):
        run = run + 1 if left == right else 1
        longest = max(longest, run)
    return longest


def _form(text: str, tokens: Sequence[str]) -> dict[str, float]:
    """Shares of kinds of characters and tokens, and lengths of words."""
    visible = max(1, len("".join(text.split())))
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

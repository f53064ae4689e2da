"""Whether a text is intact rather than a constructed corruption; not whether it is well written, true or polite.

One pipeline from text to probability: `CoherenceFeatures` measures how expected the characters, the words and the
skeleton of function words and endings are, where the least expected stretch lies, whether the text stays with its
subject, and how much of it repeats.
"""

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline

from models.coherence.latent_semantics import MEASURES, LatentSemanticVectors
from models.coherence.ngram_model import CharacterModel, Ids, Nats, WordModel
from models.comment import Span
from models.explanation import MIN_WEIGHT, occlude
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS, normalise
from models.text.segmentation import sentence_spans, window_spans

UNKNOWN, NUMBER, FIRST_WORD = 1, 2, 3
FUNCTION_WORDS = 250
"""So many of the most frequent words are kept in the skeleton; all others are told apart by their endings."""

_CHARACTERS = ("characters_mean", "characters_spread", "characters_worst", "characters_low")
_WORDS = (
    "unknown",
    "unknown_worst",
    "words_mean",
    "words_gain",
    "words_gain_worst",
    "words_gain_best",
    "words_known_pairs",
    "words_known_triples",
    "absent_pairs",
    "absent_worst",
    "skeleton_mean",
    "skeleton_gain",
    "skeleton_gain_worst",
    "skeleton_known_triples",
)
_REPETITION = ("distinct", "commonest", "repeated_triples", "longest_run", "compression")
_FORM = ("letters", "digits", "marks", "code", "word_length", "longest_word", "vowels", "one_letter")
FEATURES = ("tokens", *_CHARACTERS, *_WORDS, *MEASURES, *_REPETITION, *_FORM)
"""The columns of the feature matrix, in order."""

MAX_PIECES = 24
PIECE_WORDS = 8
"""An explanation leaves out one sentence at a time, or where there is one only, so many words; 24 pieces at most."""

_ENDINGS = (
    *("ing", "ed", "ly", "tion", "ment", "ness", "ity", "able", "ous", "ful"),
    *("ive", "al", "er", "est", "'s", "n't", "s", "e", "y"),
)
_MAX_ENDING_CHARS = max(map(len, _ENDINGS))
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+|[.!?]+|[^\w\s]|\w+", re.IGNORECASE)
_CODE = re.compile(r"[{}<>\[\]=;_|\\]|[a-z][A-Z]|\w\.\w+\(|0x")
_TRIPLE, _CHARACTER_WINDOW, _WINDOW, _UNKNOWN_WINDOW = 3, 16, 8, 6
_EXPECTED = 14.0
"""Log of the tokens that the word model was learned from: two words of joint log-probability above minus this should
have been seen side by side."""


def abstention(text: str) -> str | None:
    """`too_short` where there is not one word to judge in a text that was read before, else None."""
    return None if re.search(r"\w", text) else "too_short"


def explain(pipeline: Pipeline, text: str) -> tuple[Span, ...]:
    """How much each sentence, or each few words of a single one, moved the score, by leaving it out.

    The text was read before.
    """
    pieces = sentence_spans(text[:MAX_CHARS])
    if len(pieces) == 1 or len(pieces) > MAX_PIECES:
        words = len(text[:MAX_CHARS].split())
        pieces = window_spans(text[:MAX_CHARS], words=max(PIECE_WORDS, -(-words // MAX_PIECES)))
    if len(pieces) < 2:  # noqa: PLR2004 - without its only piece a text says nothing
        return ()
    spans = occlude(lambda texts: pipeline.predict_proba(list(map(NormalisedText, texts)))[:, 1], text, pieces)
    return tuple(span for span in spans if abs(span.weight) >= MIN_WEIGHT)


def split_tokens(text: str) -> list[str]:
    """Words in lower case, numbers and marks, in order."""
    return [token.lower() for token in _TOKEN.findall(text)]


class Vocabulary:
    """Numbers for words: 0 starts a text, 1 is unknown, 2 a number, then `terms`, one a line, by frequency."""

    def __init__(self, terms: str) -> None:
        self.terms = terms
        self._index()

    @classmethod
    def learn(cls, texts: Sequence[Sequence[str]], *, most: int, min_count: int = 3) -> "Vocabulary":
        """The most frequent tokens of tokenised texts."""
        counted = Counter(token for tokens in texts for token in tokens if not token.isdigit())
        ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        return cls("\n".join(token for token, count in ranked[:most] if count >= min_count))

    @property
    def size(self) -> int:
        """One more than the greatest word number."""
        return FIRST_WORD + len(self._word_ids)

    @property
    def syntax_vocabulary_size(self) -> int:
        """One more than the greatest skeleton number."""
        return FIRST_WORD + FUNCTION_WORDS + 2 * (len(_ENDINGS) + 1)

    def word_ids(self, tokens: Sequence[str]) -> Ids:
        """The number of each token."""
        ids = [NUMBER if token.isdigit() else self._word_ids.get(token, UNKNOWN) for token in tokens]
        return np.array(ids, dtype=np.int64)

    def syntax_ids(self, tokens: Sequence[str], words: Ids) -> Ids:
        """The same for frequent words and numbers; of the rest, the ending and whether the word is known."""
        last = FIRST_WORD + FUNCTION_WORDS
        return np.array(
            [
                word
                if word == NUMBER or FIRST_WORD <= word < last
                else last + 2 * _ending(token[-_MAX_ENDING_CHARS:]) + (word != UNKNOWN)
                for token, word in zip(tokens, words.tolist(), strict=True)
            ],
            dtype=np.int64,
        )

    def _index(self) -> None:
        listed = self.terms.split("\n") if self.terms else []
        self._word_ids = {token: FIRST_WORD + place for place, token in enumerate(listed)}

    def __getstate__(self) -> dict[str, Any]:
        return {"terms": self.terms}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._index()


class CoherenceFeatures(TransformerMixin, BaseEstimator):
    """Measures texts; rows are texts, columns are FEATURES. What is learned beforehand arrives as parameters.

    A text is read first, as toxicity reads it; a `NormalisedText` was read before. Read a second time, markup that
    somebody spelt out as `&lt;b&gt;` would be taken for markup.
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

    def fit(self, texts: Any, labels: Any = None) -> "CoherenceFeatures":  # noqa: ARG002 - scikit-learn's form
        """Learns nothing: the language models are parameters."""
        return self

    def transform(self, texts: Sequence[str | NormalisedText]) -> NDArray[np.float64]:
        """Features of texts, shape (n, len(FEATURES))."""
        return np.array([self._row(_read(text).text[:MAX_CHARS]) for text in texts])

    def _row(self, text: str) -> list[float]:
        tokens = split_tokens(text)
        words = self.vocabulary.word_ids(tokens)
        return [
            float(np.log1p(len(tokens))),
            *self._characters(text),
            *(self._words(tokens, words) if tokens else [0.0] * len(_WORDS)),
            *self.topic_vectors.measure(words),
            *_repetition(text, tokens),
            *_form(text, tokens),
        ]

    def _characters(self, text: str) -> list[float]:
        logs = self.character_model.score(text or " ")
        windows = _running_means(logs, _CHARACTER_WINDOW)
        return [logs.mean(), windows.std(), windows.min(), float(np.quantile(windows, 0.1))]

    def _words(self, tokens: Sequence[str], words: Ids) -> list[float]:
        unknown = (words == UNKNOWN).astype(float)
        logs, depth = self.word_model.score(words)
        single = self.word_model.unigrams[words].astype(float)
        gains = _running_means(logs - single, _WINDOW)
        absent = _absent(single, depth, unknown)
        syntax = self.vocabulary.syntax_ids(tokens, words)
        syntax_logs, syntax_depth = self.syntax_model.score(syntax)
        syntax_gain = syntax_logs - self.syntax_model.unigrams[syntax]
        return [
            unknown.mean(),
            _running_means(unknown, _UNKNOWN_WINDOW).max(),
            single.mean(),
            (logs - single).mean(),
            gains.min(),
            gains.max(),
            (depth > 1).mean(),
            (depth == _TRIPLE).mean(),
            absent.mean(),
            _running_means(absent, _UNKNOWN_WINDOW).max(),
            syntax_logs.mean(),
            syntax_gain.mean(),
            _running_means(syntax_gain, _WINDOW).min(),
            (syntax_depth == _TRIPLE).mean(),
        ]


def _read(text: str | NormalisedText) -> NormalisedText:
    return text if isinstance(text, NormalisedText) else normalise(text[:MAX_CHARS], html=True)


def _absent(single: Nats, depth: Ids, unknown: Nats) -> Nats:
    """How surely each pair of words should have been seen together before, and was not, in nats."""
    before = np.concatenate([[0.0], single[:-1]])
    expected = np.maximum(_EXPECTED + before + single, 0.0)
    absent: Nats = np.where((depth == 1) & (unknown == 0), expected, 0.0)
    absent[0] = 0.0
    return absent


@lru_cache(maxsize=1 << 14)
def _ending(last_letters: str) -> int:
    """The place of a word's ending; remembered, because an explanation asks 25 times for each word of a comment."""
    places = (place for place, ending in enumerate(_ENDINGS) if last_letters.endswith(ending))
    return next(places, len(_ENDINGS))


def _running_means(values: Nats, size: int) -> Nats:
    """Means over windows of a size, or the one mean of something shorter."""
    if len(values) <= size:
        return np.array([values.mean()])
    sums = np.cumsum(np.concatenate([[0.0], values]))
    means: Nats = (sums[size:] - sums[:-size]) / size
    return means


def _repetition(text: str, tokens: Sequence[str]) -> list[float]:
    if not tokens:
        return [1.0, 0.0, 0.0, 0.0, 1.0]
    counted = Counter(tokens)
    triples = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
    packed = text.encode("utf-8", "surrogatepass")
    return [
        len(counted) / len(tokens),
        max(counted.values()) / len(tokens),
        1.0 - len(set(triples)) / len(triples) if triples else 0.0,
        float(np.log(_longest_run(tokens))),
        len(zlib.compress(packed)) / len(packed),
    ]


def _longest_run(tokens: Sequence[str]) -> int:
    longest = run = 1
    for left, right in pairwise(tokens):
        run = run + 1 if left == right else 1
        longest = max(longest, run)
    return longest


def _form(text: str, tokens: Sequence[str]) -> list[float]:
    visible = max(1, len("".join(text.split())))
    lengths = [len(token) for token in tokens if token[0].isalpha()] or [0]
    joined = "".join(token for token in tokens if token[0].isalpha())
    return [
        len(joined) / visible,
        sum(len(token) for token in tokens if token.isdigit()) / visible,
        sum(not token[0].isalnum() for token in tokens) / max(1, len(tokens)),
        len(_CODE.findall(text)) / visible,
        float(np.mean(lengths)),
        float(np.log1p(max(lengths))),
        sum(joined.count(vowel) for vowel in "aeiouy") / max(1, len(joined)),
        lengths.count(1) / len(lengths),
    ]

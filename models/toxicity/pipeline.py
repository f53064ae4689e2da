"""Toxicity and its attributes: one pipeline from raw text to probabilities, and what each word contributed to them.

A text is read twice: as its words and letters, which know every insult that was ever common, and by the encoder,
which hears what is meant without one. Both readings enter one linear head for each target, so every word's
contribution is a sum. What the heads learn from, and at which base rate, is training's business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from joblib import Memory, Parallel, delayed
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from models.comment import ATTRIBUTES
from models.encoder import DIMENSIONS, Encoded, Encoder
from models.text.normalise import normalise
from models.text.tokens import Tokenizer, Tokens
from models.toxicity.lexicon_features import LexiconFeatures
from models.toxicity.tfidf import CharTfidf, WordTfidf

TARGETS = ("toxicity", *ATTRIBUTES)
"""The columns of labels, log-odds and probabilities."""

Floats = NDArray[np.float64]
_MAX_STEPS = 500
_TOLERANCE = 1e-5
"""At scikit-learn's default the solver stops early on rows of unit length, and the areas suffer by a point."""


class LogisticHeads(ClassifierMixin, BaseEstimator):
    """A logistic regression for each target over the same features; a missing label leaves its row out.

    `weights_` is (features, targets) and `intercept_` (targets,), so that contributions are a product away.
    """

    weights_: NDArray[np.float32]
    intercept_: Floats

    def __init__(self, *, C: float = 2.0, n_jobs: int = 1) -> None:
        self.C = C
        self.n_jobs = n_jobs

    def fit(self, X: sp.csr_matrix, y: Floats, sample_weight: Floats | None = None) -> "LogisticHeads":  # noqa: N803 - scikit-learn's name
        """Fit each target on the rows that have its label; `y` is (rows, targets) of 0, 1 and NaN."""
        weight = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight)
        fits = Parallel(n_jobs=self.n_jobs)(delayed(_fit_one)(X, target, weight, self.C) for target in np.asarray(y).T)
        self.weights_ = np.stack([coefficients for coefficients, _ in fits], axis=1).astype(np.float32)
        self.intercept_ = np.array([intercept for _, intercept in fits])
        self.classes_ = np.array([0, 1])
        return self

    def decision_function(self, X: sp.csr_matrix) -> Floats:  # noqa: N803 - scikit-learn's name
        """Answer log-odds, shape (rows, targets); a row's do not depend on its neighbours."""
        odds: Floats = X @ self.weights_ + self.intercept_
        return odds

    def predict_proba(self, X: sp.csr_matrix) -> Floats:  # noqa: N803 - scikit-learn's name
        """Answer the probability of each target, shape (rows, targets)."""
        probabilities: Floats = expit(self.decision_function(X))
        return probabilities

    def predict(self, X: sp.csr_matrix) -> NDArray[np.intp]:  # noqa: N803 - scikit-learn's name
        """Answer 1 where a target is likelier than not."""
        return (self.decision_function(X) > 0).astype(np.intp)

    def rescale(self, slopes: Floats, offsets: Floats) -> None:
        """Replace log-odds x by slope * x + offset: Platt's calibration, which leaves contributions exact."""
        self.weights_ = (self.weights_ * slopes).astype(np.float32)
        self.intercept_ = self.intercept_ * slopes + offsets


class ToxicityEmbedding(TransformerMixin, BaseEstimator):
    """Turns raw texts into what the encoder hears in them, shape (texts, 384); `encoder` is bound after loading."""

    width = DIMENSIONS

    def __init__(self, encoder: Encoder | None = None) -> None:
        self.encoder = encoder

    def fit(self, texts: Iterable[str], labels: Any = None) -> "ToxicityEmbedding":  # noqa: ARG002 - scikit-learn's signature
        """Learn nothing: the encoder is tuned beforehand."""
        return self

    def transform(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Normalise each text and answer its tone. Raises RuntimeError if no encoder is bound."""
        return self.bound_encoder.toxicity_states([normalise(text, html=True).text for text in texts])

    @property
    def bound_encoder(self) -> Encoder:
        """The encoder. Raises RuntimeError if none is bound."""
        if self.encoder is None:
            raise RuntimeError("toxicity needs an encoder: bind one after loading")
        return self.encoder

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "encoder": None}


@dataclass(frozen=True, slots=True)
class Contributions:
    """A text's log-odds in parts: what each of its words adds, (words, targets), and what none of them does."""

    words: Floats
    rest: Floats

    @property
    def probabilities(self) -> Floats:
        """Of each target, shape (targets,)."""
        probabilities: Floats = expit(self.words.sum(axis=0) + self.rest)
        return probabilities


def build_ngram_pipeline(
    entries: str = "", *, C: float = 2.0, n_jobs: int = 1, memory: Memory | None = None
) -> Pipeline:
    """Make the unfitted pipeline over words and letters alone; `entries` are the listed words of `models.toxicity.lexicon_features`."""
    features = FeatureUnion(
        [("words", WordTfidf()), ("characters", CharTfidf()), ("lexicon", LexiconFeatures(entries))]
    )
    steps = [("tokenizer", Tokenizer()), ("features", features), ("heads", LogisticHeads(C=C, n_jobs=n_jobs))]
    return Pipeline(steps, memory=memory)


def add_encoder(ngrams: Pipeline, heads: LogisticHeads, encoder: Encoder) -> Pipeline:
    """Join a fitted wording with the encoder's reading; `heads` weigh the wording's features, then the tone's."""
    features = FeatureUnion([("ngrams", ngrams[:-1]), ("toxicity_embedding", ToxicityEmbedding(encoder))])
    return Pipeline([("features", features), ("heads", heads)])


def bound_encoder(pipeline: Pipeline) -> Encoder:
    """Answer the encoder that a pipeline was bound to. Raises RuntimeError if there is none."""
    _, (_, toxicity_embedding) = pipeline["features"].transformer_list
    listening: ToxicityEmbedding = toxicity_embedding
    return listening.bound_encoder


def explain(pipeline: Pipeline, reading: Tokens, encoded: Encoded) -> Contributions:
    """Take one text's log-odds apart; their sum is the pipeline's to 1e-6, in a tenth of the time.

    A word's part is exact for words and letters. Of the tone, which is a mean over word pieces, each piece's share
    goes to the word that it stands in, so there a word answers also for what its neighbours made of it.
    """
    (_, ngrams), _ = pipeline["features"].transformer_list
    heads: LogisticHeads = pipeline["heads"]
    parts = np.zeros((len(reading.words), len(TARGETS)))
    start = 0
    for _, block in ngrams["features"].transformer_list:
        term_contributions = block.term_contributions(reading.words)
        np.add.at(
            parts,
            term_contributions.words,
            term_contributions.values[:, None] * heads.weights_[start + term_contributions.columns],
        )
        start += block.width
    piece_contributions = encoded.toxicity_states @ heads.weights_[start:] / len(encoded.toxicity_states)
    places = _word_of_each_piece(encoded.spans, reading.spans)
    inside = places >= 0
    np.add.at(parts, places[inside], piece_contributions[inside])
    return Contributions(parts, heads.intercept_ + piece_contributions[~inside].sum(axis=0))


def _word_of_each_piece(pieces: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """Answer the word in which each piece begins, or -1 for a piece in none; both are in the order of the text."""
    if not words:
        return np.full(len(pieces), -1)
    starts, ends = np.array(words).T
    begins, stops = np.array(pieces).T
    places = np.searchsorted(starts, begins, side="right") - 1
    is_inside = (places >= 0) & (begins < ends[places]) & (begins < stops)
    return np.where(is_inside, places, -1)


def _fit_one(features: sp.csr_matrix, labels: Floats, weight: Floats, C: float) -> tuple[Floats, float]:
    known = ~np.isnan(labels)
    model = LogisticRegression(C=C, max_iter=_MAX_STEPS, tol=_TOLERANCE)
    model.fit(features[known], labels[known].astype(int), sample_weight=weight[known])
    return model.coef_[0], float(model.intercept_[0])

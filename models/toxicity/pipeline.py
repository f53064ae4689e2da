"""Toxicity and its attributes: a pipeline from raw text to probabilities, and the contribution of each word to them.

A text has two representations. N-grams and lexicons detect known insults. The toxicity embedding of the encoder detects
toxic meaning without insults. Both are features of one linear model per target, so the log-odds of a text are the sum
of the contributions of its words.
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
"""With scikit-learn's default of 1e-4, the solver stops too early on rows of unit length, and AUC is 0.01 lower."""


class LogisticHeads(ClassifierMixin, BaseEstimator):
    """A logistic regression (a head) for each target, all on the same features.

    A row may have labels for some of the targets only. `weights_` has shape (features, targets), and `intercept_` has
    shape (targets,). `C` is the inverse of the penalty, as in scikit-learn.
    """

    weights_: NDArray[np.float32]
    intercept_: Floats

    def __init__(self, *, C: float = 2.0, n_jobs: int = 1) -> None:  # noqa: N803 - scikit-learn's name
        self.C = C
        self.n_jobs = n_jobs

    def fit(self, X: sp.csr_matrix, y: Floats, sample_weight: Floats | None = None) -> "LogisticHeads":  # noqa: N803 - scikit-learn's name
        """Fit each target on the rows with its label. `y` has shape (rows, targets): 0, 1, or NaN for no label."""
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight)
        fits = Parallel(n_jobs=self.n_jobs)(
            delayed(_fit_target)(X, target, weights, self.C) for target in np.asarray(y).T
        )
        self.weights_ = np.stack([coefficients for coefficients, _ in fits], axis=1).astype(np.float32)
        self.intercept_ = np.array([intercept for _, intercept in fits])
        self.classes_ = np.array([0, 1])
        return self

    def decision_function(self, X: sp.csr_matrix) -> Floats:  # noqa: N803 - scikit-learn's name
        """Return log-odds, shape (rows, targets). The result for a row does not depend on other rows."""
        odds: Floats = X @ self.weights_ + self.intercept_
        return odds

    def predict_proba(self, X: sp.csr_matrix) -> Floats:  # noqa: N803 - scikit-learn's name
        """Return the probability of each target, shape (rows, targets)."""
        probabilities: Floats = expit(self.decision_function(X))
        return probabilities

    def predict(self, X: sp.csr_matrix) -> NDArray[np.intp]:  # noqa: N803 - scikit-learn's name
        """Return 1 if a target is more likely than not, else 0, shape (rows, targets)."""
        return (self.decision_function(X) > 0).astype(np.intp)

    def rescale(self, slopes: Floats, offsets: Floats) -> None:
        """Calibrate the heads: log-odds x become slope * x + offset, as in Platt scaling (1999).

        Both arrays have shape (targets,). The change is linear, so the contributions of words still add up exactly.
        """
        self.weights_ = (self.weights_ * slopes).astype(np.float32)
        self.intercept_ = self.intercept_ * slopes + offsets


class ToxicityEmbedding(TransformerMixin, BaseEstimator):
    """Turn raw texts into toxicity embeddings, shape (texts, 384). Bind the encoder after loading."""

    width = DIMENSIONS

    def __init__(self, encoder: Encoder | None = None) -> None:
        self.encoder = encoder

    def fit(self, texts: Iterable[str], labels: Any = None) -> "ToxicityEmbedding":  # noqa: ARG002 - scikit-learn's names
        """Return the transformer itself: there is nothing to fit, because the encoder is tuned beforehand."""
        return self

    def transform(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Normalise each text and return its toxicity embedding. Raises RuntimeError if no encoder is bound."""
        return self.bound_encoder.embed_toxicity([normalise(text, html=True).text for text in texts])

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
    """The log-odds of a text as a sum. `words` has what each word adds, and `rest` has what belongs to no word.

    Shapes: (words, targets) and (targets,).
    """

    words: Floats
    rest: Floats

    @property
    def probabilities(self) -> Floats:
        """The probability of each target, shape (targets,)."""
        probabilities: Floats = expit(self.words.sum(axis=0) + self.rest)
        return probabilities


def build_ngram_pipeline(
    entries: str = "",
    *,
    C: float = 2.0,  # noqa: N803 - scikit-learn's name
    n_jobs: int = 1,
    memory: Memory | None = None,
) -> Pipeline:
    """Return the unfitted pipeline of n-grams and lexicons. `entries` is the parameter of LexiconFeatures."""
    features = FeatureUnion(
        [("words", WordTfidf()), ("characters", CharTfidf()), ("lexicon", LexiconFeatures(entries))]
    )
    steps = [("tokenizer", Tokenizer()), ("features", features), ("heads", LogisticHeads(C=C, n_jobs=n_jobs))]
    return Pipeline(steps, memory=memory)


def add_encoder(ngrams: Pipeline, heads: LogisticHeads, encoder: Encoder) -> Pipeline:
    """Return a pipeline with the features of a fitted n-gram pipeline, the toxicity embedding, and `heads` on both."""
    features = FeatureUnion([("ngrams", ngrams[:-1]), ("toxicity_embedding", ToxicityEmbedding(encoder))])
    return Pipeline([("features", features), ("heads", heads)])


def bound_encoder(pipeline: Pipeline) -> Encoder:
    """Return the encoder of a pipeline. Raises RuntimeError if none is bound."""
    _, (_, embedding) = pipeline["features"].transformer_list
    toxicity_embedding: ToxicityEmbedding = embedding
    return toxicity_embedding.bound_encoder


def explain(pipeline: Pipeline, tokens: Tokens, encoded: Encoded) -> Contributions:
    """Split the log-odds of one text into the contributions of its words.

    The sum equals the pipeline's log-odds to within 1e-6, and takes a tenth of the time. The contributions of n-grams
    and lexicons are exact. The toxicity embedding is a mean over encoder tokens, so each token adds a summand, which is
    assigned to its word. The vector of a token also depends on its context, so this part includes the effect of
    neighbouring words on the token.
    """
    (_, ngrams), _ = pipeline["features"].transformer_list
    heads: LogisticHeads = pipeline["heads"]
    contributions = np.zeros((len(tokens.words), len(TARGETS)))
    start = 0  # the first column of each block of features
    for _, block in ngrams["features"].transformer_list:
        terms = block.term_contributions(tokens.words)
        # Not `+=`, which adds only once for each word: a word is in `terms.words` several times.
        np.add.at(contributions, terms.words, terms.values[:, None] * heads.weights_[start + terms.columns])
        start += block.width
    # The last block is the toxicity embedding: what each encoder token adds, shape (tokens, targets).
    from_encoder = encoded.toxicity_states @ heads.weights_[start:] / len(encoded.toxicity_states)
    word_indexes = _find_words(encoded.spans, tokens.spans)
    is_inside = word_indexes >= 0
    np.add.at(contributions, word_indexes[is_inside], from_encoder[is_inside])
    return Contributions(contributions, heads.intercept_ + from_encoder[~is_inside].sum(axis=0))


def _find_words(tokens: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """Return the index of the word in which each encoder token starts, shape (tokens,), or -1 for no word.

    Both arguments are spans (start, end) in text order. Special tokens have empty spans, and are in no word.
    """
    if not words:
        return np.full(len(tokens), -1)
    word_starts, word_ends = np.array(words).T
    starts, ends = np.array(tokens).T
    # The last word that starts at or before each token.
    indexes = np.searchsorted(word_starts, starts, side="right") - 1
    is_inside = (indexes >= 0) & (starts < word_ends[indexes]) & (starts < ends)
    return np.where(is_inside, indexes, -1)


def _fit_target(features: sp.csr_matrix, labels: Floats, weights: Floats, C: float) -> tuple[Floats, float]:  # noqa: N803 - scikit-learn's name
    is_labelled = ~np.isnan(labels)
    model = LogisticRegression(C=C, max_iter=_MAX_STEPS, tol=_TOLERANCE)
    model.fit(features[is_labelled], labels[is_labelled].astype(int), sample_weight=weights[is_labelled])
    return model.coef_[0], float(model.intercept_[0])

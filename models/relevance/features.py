"""Features of relevance: a comment's similarity to its context in meaning and in words.

Meaning is compared by cosines of embeddings, words by the inverse document frequency of the stems that two texts share.
Context that is not known has NaN features, which the classifier can handle.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from models.comment import Article, ArticleVectors, Comment, Passage, Vector
from models.encoder import EmbeddedComment, Encoder, article_vectors, embed_comment, embed_passage
from models.feature_rows import to_row
from models.relevance.idf import InverseDocumentFrequency
from models.text.normalise import strip_markup
from models.text.segmentation import sentence_spans
from models.text.stems import stem, stems
from models.text.words import words

MAX_THREAD = 30
"""Earlier comments of a thread that count, the newest ones: they are what a reader has just read."""

COMMON_IDF = 1.5
"""Inverse document frequency, in nats, of words that are in more than a fifth of all texts and so connect nothing."""

MAX_ARTICLE_CHARS = 40_000
"""Code points of an article whose words are compared: some 6,000 words."""

NEUTRAL_FEATURES = ("length", "specificity", "generality", "passages", "earlier")
"""Features that tell the classifier how to weigh the others; they are no similarities themselves."""

FEATURES = (
    *("cosine_title", "cosine_parent"),
    *("standardised_title", "standardised_article", "standardised_parent", "standardised_thread"),
    *("standardised_passage", "standardised_earlier"),
    *("tfidf_title", "shared_title", "covered_title"),
    *("tfidf_article", "shared_article", "covered_article"),
    *("tfidf_thread", "shared_thread", "covered_thread"),
    "names_article",
    *NEUTRAL_FEATURES,
)
"""The columns of the feature matrix, in order."""

MONOTONE = tuple(int(name not in NEUTRAL_FEATURES) for name in FEATURES)
"""For a classifier's `monotonic_cst`: more similarity can only mean more relevance."""

_UNKNOWN = float("nan")
_TINY = 1e-9


class RelevanceFeatures(TransformerMixin, BaseEstimator):
    """Features of comments in their context: rows are comments, columns are FEATURES, NaN is unknown.

    `idf` weights words. `background`, shape (m, 384), has the embeddings of unrelated comments, against which cosines
    are standardised. A comment whose specificity (in nats) is below `min_specificity` fits any article. `encoder` is
    bound after loading, and is not saved.
    """

    def __init__(
        self,
        idf: InverseDocumentFrequency,
        background: NDArray[np.float32],
        min_specificity: float = 0.0,
        encoder: Encoder | None = None,
    ) -> None:
        self.idf = idf
        self.background = background
        self.min_specificity = min_specificity
        self.encoder = encoder

    def fit(self, comments: Any, labels: Any = None) -> "RelevanceFeatures":  # noqa: ARG002 - scikit-learn's names
        """Return the transformer: it has nothing to learn."""
        return self

    def transform(self, comments: Sequence[Comment | EmbeddedComment]) -> NDArray[np.float64]:
        """Return the features of comments, shape (n, len(FEATURES)). Raises RuntimeError if no encoder is bound."""
        article_cache: dict[tuple[str, str], ArticleVectors] = {}
        return np.array([self._row(self._embedded(item), article_cache) for item in comments])

    @property
    def bound_encoder(self) -> Encoder:
        """The encoder. Raises RuntimeError if none is bound."""
        if self.encoder is None:
            raise RuntimeError("relevance needs an encoder: bind one after loading")
        return self.encoder

    def specificity(self, text: str) -> float:
        """Return how much the distinct words of a text say: the sum of their inverse document frequencies, in nats.

        COMMON_IDF is subtracted from each.
        """
        return self._stems_of(text).total_weight

    def _embedded(self, item: Comment | EmbeddedComment) -> EmbeddedComment:
        return item if isinstance(item, EmbeddedComment) else embed_comment(self.bound_encoder, item)

    def _row(self, item: EmbeddedComment, article_cache: dict[tuple[str, str], ArticleVectors]) -> list[float]:
        comment, vector = item.comment, item.vector
        background_similarity = self.background @ vector
        title, article, passages = self._article(comment.article or Article(), article_cache)
        parent = self._vectors([comment.parent] if comment.parent else [])
        thread = self._vectors(comment.thread[-MAX_THREAD:])
        contexts = {"title": title, "article": article, "parent": parent, "thread": _centre(thread)}
        standardised = {
            f"standardised_{name}": self._standardise(context, vector, background_similarity)
            for name, context in contexts.items()
        }
        values = {
            "cosine_title": _cosine(title, vector),
            "cosine_parent": _cosine(parent, vector),
            **standardised,
            "standardised_passage": self._standardise_nearest(passages, vector),
            "standardised_earlier": self._standardise_nearest(thread, vector),
            **self._compare_words(comment),
            "length": float(np.log1p(len(words(comment.text)))),
            "generality": float(background_similarity.mean()),
            "passages": _magnitude(passages),
            "earlier": _magnitude(thread),
        }
        return to_row(values, FEATURES)

    def _article(
        self, article: Article, cache: dict[tuple[str, str], ArticleVectors]
    ) -> tuple[Vector | None, Vector | None, Vector | None]:
        """Return the title (1, 384), the article's centre (1, 384) and its passages (n, 384), None if unknown.

        `cache` has the articles of a batch, so that each is embedded once.
        """
        key = (article.title, article.text)  # not the article, whose vectors cannot be hashed
        if key not in cache:
            cache[key] = article_vectors(self.bound_encoder, article)
        vectors = cache[key]
        title = None if vectors.title is None else vectors.title[None]
        passages = vectors.passages if len(vectors.passages) else None
        # The title counts as one more passage.
        parts = [part for part in (title, passages) if part is not None]
        return title, _centre(np.concatenate(parts) if parts else None), passages

    def _vectors(self, passages: Sequence[Passage]) -> Vector | None:
        return np.stack([embed_passage(self.bound_encoder, passage) for passage in passages]) if passages else None

    def _standardise(self, context: Vector | None, vector: Vector, background_similarity: Vector) -> float:
        """Return a cosine in standard deviations above those of unrelated comments, averaged over both sides.

        This is the symmetric score normalisation of speaker verification (Kenny 2010). A title that is similar to
        everything counts less, and so does such a comment.
        """
        if context is None:
            return _UNKNOWN
        cosine = float(context[0] @ vector)
        of_comment, of_context = background_similarity, self.background @ context[0]
        return (
            float((cosine - of_comment.mean()) / of_comment.std() + (cosine - of_context.mean()) / of_context.std()) / 2
        )

    def _standardise_nearest(self, rows: Vector | None, vector: Vector) -> float:
        """Return the highest cosine with any row, standardised by the highest cosines of unrelated comments.

        Unrelated comments have the same number of rows to choose from, so a long article is no advantage.
        """
        if rows is None:
            return _UNKNOWN
        of_background = (self.background @ rows.T).max(axis=1)
        return float(((rows @ vector).max() - of_background.mean()) / of_background.std())

    def _compare_words(self, comment: Comment) -> dict[str, float]:
        """Compare the comment's stems with those of title, article and earlier comments."""
        article = comment.article or Article()
        earlier = [passage for passage in (comment.parent, *comment.thread[-MAX_THREAD:]) if passage is not None]
        earlier_text = "\n".join(strip_markup(passage.text).text for passage in earlier)
        own = self._stems_of(comment.text)
        # None is unknown, which is different from a text without a common word.
        title = self._stems_of(article.title) if article.title.strip() else None
        whole = _WeightedStems(article_stems(article), self.idf) if article.text.strip() else None
        thread = self._stems_of(earlier_text) if earlier else None
        compared = {
            f"{measure}_{name}": value
            for name, context in (("title", title), ("article", whole), ("thread", thread))
            for measure, value in own.compare(context).items()
        }
        return {**compared, "names_article": _shared_names(comment.text, whole), "specificity": own.total_weight}

    def _stems_of(self, text: str) -> "_WeightedStems":
        return _WeightedStems(stems(text), self.idf)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "encoder": None}


class _WeightedStems:
    """The distinct stems of a text. The weight of each is its inverse document frequency above COMMON_IDF."""

    __slots__ = ("norm", "total_weight", "weights")

    def __init__(self, counts: Counter[str], idf: InverseDocumentFrequency) -> None:
        weights = {name: idf(name) - COMMON_IDF for name in counts}
        self.weights = {name: weight for name, weight in weights.items() if weight > 0}
        self.total_weight = sum(self.weights.values())
        self.norm = float(np.sqrt(sum(weight * weight for weight in self.weights.values())))

    def compare(self, other: "_WeightedStems | None") -> dict[str, float]:
        """Return the cosine of weights, the log of the shared weight, and the share of this text's weight it is."""
        if other is None:
            return {"tfidf": _UNKNOWN, "shared": _UNKNOWN, "covered": _UNKNOWN}
        common = [self.weights[name] for name in self.weights.keys() & other.weights.keys()]
        if not common:
            return {"tfidf": 0.0, "shared": 0.0, "covered": 0.0}
        shared = sum(common)
        dot = sum(weight * weight for weight in common)
        return {
            "tfidf": dot / (self.norm * other.norm),
            "shared": float(np.log1p(shared)),
            "covered": shared / self.total_weight,
        }


def article_stems(article: Article) -> Counter[str]:
    """Count the stems in an article's title and in the beginning of its text."""
    return _cached_stems(f"{article.title}\n{article.text[:MAX_ARTICLE_CHARS]}")


def names_in(text: str) -> list[str]:
    """Return the words that begin with a capital letter or a digit, but do not begin a sentence."""
    inner = (word for start, end in sentence_spans(text) for word in words(text[start:end])[1:])
    return [word for word in inner if not word[0].islower()]


@lru_cache(maxsize=256)
def _cached_stems(text: str) -> Counter[str]:
    """Cache the stems of recent articles, because many comments come under one article."""
    return stems(text)


def _shared_names(text: str, article: _WeightedStems | None) -> float:
    """Return the log of the weight of the names that a text shares with the article."""
    if article is None:
        return _UNKNOWN
    names = {stem(word) for word in names_in(text)}
    return float(np.log1p(sum(article.weights.get(name, 0.0) for name in names)))


def _cosine(context: Vector | None, vector: Vector) -> float:
    return _UNKNOWN if context is None else float(context[0] @ vector)


def _centre(rows: Vector | None) -> Vector | None:
    """Return the mean of unit rows, scaled to unit length, shape (1, 384)."""
    if rows is None:
        return None
    mean: Vector = rows.mean(axis=0, keepdims=True)
    return mean / np.float32(max(float(np.linalg.norm(mean)), _TINY))


def _magnitude(rows: Vector | None) -> float:
    """Return the number of rows as a power of two, rounded: the exact number would identify the article."""
    return 0.0 if rows is None else float(np.round(np.log2(len(rows))) + 1)

"""Features of relevance: how similar a comment is to its article and thread in meaning and in words.

Similarity of meaning is the cosine of two embeddings. Similarity of words is the inverse document frequency of the
stems that two texts share. Features of unknown context are NaN, which the classifier accepts.
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

MAX_EARLIER_COMMENTS = 30
"""Only so many earlier comments of a thread count, the newest ones. They are what the writer has just read."""

COMMON_IDF = 1.5
"""In nats. A word with a lower inverse document frequency is in more than a fifth of all texts. Sharing it means
nothing."""

MAX_ARTICLE_CHARS = 40_000
"""Words are compared with so many code points of an article, about 6,000 words."""

NEUTRAL_FEATURES = ("length", "specificity", "generality", "passages", "earlier")
"""Features that are not similarities. They tell the classifier how to weigh the others.

`length` is the log of the number of words. `specificity` is the weight of the words. `generality` is the mean cosine
with unrelated comments. `passages` and `earlier` are rough numbers of passages and of earlier comments.
"""

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
"""The classifier's `monotonic_cst`, 1 or 0 per feature: with 1, a higher value can only raise the score."""

_UNKNOWN = float("nan")
_TINY = 1e-9
"""Replaces a length of zero in a division."""


class RelevanceFeatures(TransformerMixin, BaseEstimator):
    """Turn comments into a matrix with a row per comment and the columns FEATURES. NaN means unknown.

    `idf` weighs words. `background`, shape (m, 384), has the embeddings of unrelated comments, against which cosines
    are standardised. A comment with a specificity below `min_specificity` (in nats) is too generic to score. `encoder`
    is not saved with the estimator: bind it after loading.
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
        """Return the transformer itself: there is nothing to fit."""
        return self

    def transform(self, comments: Sequence[Comment | EmbeddedComment]) -> NDArray[np.float64]:
        """Return the features of comments, shape (n, len(FEATURES)). Raises RuntimeError if no encoder is bound."""
        article_cache: dict[tuple[str, str], ArticleVectors] = {}  # by title and text
        return np.array([self._row(self._embedded(item), article_cache) for item in comments])

    @property
    def bound_encoder(self) -> Encoder:
        """The encoder. Raises RuntimeError if none is bound."""
        if self.encoder is None:
            raise RuntimeError("relevance needs an encoder: bind one after loading")
        return self.encoder

    def specificity(self, text: str) -> float:
        """Return how informative a text is: the sum of the weights of its distinct stems, in nats.

        The weight of a stem is its inverse document frequency minus COMMON_IDF, or 0 if that is negative.
        """
        return self._stems_of(text).total_weight

    def _embedded(self, item: Comment | EmbeddedComment) -> EmbeddedComment:
        return item if isinstance(item, EmbeddedComment) else embed_comment(self.bound_encoder, item)

    def _row(self, item: EmbeddedComment, article_cache: dict[tuple[str, str], ArticleVectors]) -> list[float]:
        comment, vector = item.comment, item.vector
        background_similarity = self.background @ vector
        title, article_centre, passages = self._article_vectors(comment.article or Article(), article_cache)
        parent = self._vectors([comment.parent] if comment.parent else [])
        thread = self._vectors(comment.thread[-MAX_EARLIER_COMMENTS:])
        contexts = {"title": title, "article": article_centre, "parent": parent, "thread": _centre(thread)}
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

    def _article_vectors(
        self, article: Article, cache: dict[tuple[str, str], ArticleVectors]
    ) -> tuple[Vector | None, Vector | None, Vector | None]:
        """Return the vectors of the title (1, 384), the article's centre (1, 384) and its passages (n, 384).

        Each is None if unknown. `cache` has the articles of a batch, so that each is embedded once.
        """
        key = (article.title, article.text)  # `article` itself cannot be a key: its vectors are not hashable
        if key not in cache:
            cache[key] = article_vectors(self.bound_encoder, article)
        vectors = cache[key]
        title = None if vectors.title is None else vectors.title[None]
        passages = vectors.passages if len(vectors.passages) else None
        # For the centre, the title counts as one more passage.
        parts = [part for part in (title, passages) if part is not None]
        return title, _centre(np.concatenate(parts) if parts else None), passages

    def _vectors(self, passages: Sequence[Passage]) -> Vector | None:
        """Return the embeddings of passages, shape (n, 384), or None if there is no passage."""
        return np.stack([embed_passage(self.bound_encoder, passage) for passage in passages]) if passages else None

    def _standardise(self, context: Vector | None, vector: Vector, background_similarity: Vector) -> float:
        """Return by how many standard deviations the cosine of context and comment exceeds that of unrelated comments.

        The result is the mean of two such values: unrelated comments are compared once with the comment, and once with
        the context. A title or a comment that is similar to everything therefore counts less. This is the symmetric
        score normalisation of speaker verification (Kenny 2010).
        """
        if context is None:
            return _UNKNOWN
        cosine = float(context[0] @ vector)
        of_comment, of_context = background_similarity, self.background @ context[0]
        by_comment = (cosine - of_comment.mean()) / of_comment.std()
        by_context = (cosine - of_context.mean()) / of_context.std()
        return float(by_comment + by_context) / 2

    def _standardise_nearest(self, rows: Vector | None, vector: Vector) -> float:
        """Return the comment's highest cosine with any of the rows, standardised like `_standardise`.

        It is compared with the highest cosine of each unrelated comment. These choose from the same rows, so a long
        article is no advantage.
        """
        if rows is None:
            return _UNKNOWN
        of_background = (self.background @ rows.T).max(axis=1)
        return float(((rows @ vector).max() - of_background.mean()) / of_background.std())

    def _compare_words(self, comment: Comment) -> dict[str, float]:
        """Compare the comment's stems with those of title, article and earlier comments.

        The comment's text has no markup any more. The text of earlier comments may have some.
        """
        article = comment.article or Article()
        parent = [comment.parent] if comment.parent is not None else []
        earlier = [*parent, *comment.thread[-MAX_EARLIER_COMMENTS:]]
        earlier_text = "\n".join(strip_markup(passage.text).text for passage in earlier)
        comment_stems = self._stems_of(comment.text)
        # None means unknown, so its features are NaN. A known text without a shared word has features of 0.
        title = self._stems_of(article.title) if article.title.strip() else None
        full_article = _WeightedStems(article_stems(article), self.idf) if article.text.strip() else None
        thread = self._stems_of(earlier_text) if earlier else None
        compared = {
            f"{measure}_{name}": value
            for name, context in (("title", title), ("article", full_article), ("thread", thread))
            for measure, value in comment_stems.compare(context).items()
        }
        return {
            **compared,
            "names_article": _weigh_shared_names(comment.text, full_article),
            "specificity": comment_stems.total_weight,
        }

    def _stems_of(self, text: str) -> "_WeightedStems":
        return _WeightedStems(stems(text), self.idf)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "encoder": None}


class _WeightedStems:
    """The distinct stems of a text with their weights: the inverse document frequency minus COMMON_IDF.

    Stems whose weight would not be positive are left out. `norm` is the Euclidean length of the weights.
    """

    __slots__ = ("norm", "total_weight", "weights")

    def __init__(self, counts: Counter[str], idf: InverseDocumentFrequency) -> None:
        weights = {name: idf(name) - COMMON_IDF for name in counts}
        self.weights = {name: weight for name, weight in weights.items() if weight > 0}
        self.total_weight = sum(self.weights.values())
        self.norm = float(np.sqrt(sum(weight * weight for weight in self.weights.values())))

    def compare(self, other: "_WeightedStems | None") -> dict[str, float]:
        """Compare the weights with those of another text; NaN if that is None.

        `tfidf` is the cosine of the weights. `shared` is the log of the weight of the common stems, plus 1. `covered`
        is the share of this text's weight that the common stems have.
        """
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


def find_names(text: str) -> list[str]:
    """Return the words that are probably names: they start with a capital or a digit, but do not start a sentence."""
    names = []
    for start, end in sentence_spans(text):
        later_words = words(text[start:end])[1:]
        names += [word for word in later_words if not word[0].islower()]
    return names


@lru_cache(maxsize=256)
def _cached_stems(text: str) -> Counter[str]:
    """Count stems. Recent texts are cached, because many comments have the same article."""
    return stems(text)


def _weigh_shared_names(text: str, article: _WeightedStems | None) -> float:
    """Return the log of the total weight (plus 1) of the names that a text shares with the article."""
    if article is None:
        return _UNKNOWN
    names = {stem(word) for word in find_names(text)}
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
    """Return log2 of the number of rows, rounded, plus 1; 0 for no rows.

    With the exact number, the classifier could recognise the article.
    """
    return 0.0 if rows is None else float(np.round(np.log2(len(rows))) + 1)

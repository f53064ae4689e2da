"""Whether a comment belongs to its article rather than to a random other one; not whether it is worth reading.

One pipeline from comments to probability: `RelevanceFeatures` compares meaning (cosines of embeddings) and words
(rarity-weighted overlap of stems) with whatever context is known, and a monotone classifier weighs them. What is
not known is NaN, which the classifier understands; where nothing can be told, `abstention` says so.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline

from models.comment import Article, ArticleVectors, Comment, Passage, RelevanceReasons, Vector
from models.encoder import EmbeddedComment, Encoder, article_vectors, embed_comment, embed_passage
from models.relevance.idf import InverseDocumentFrequency
from models.text.normalise import strip_markup
from models.text.segmentation import sentence_spans
from models.text.stems import stem, stems, words

MAX_THREAD = 30
"""How many earlier comments of a thread count, the newest ones: they are what a reader had just read."""

COMMON_IDF = 1.5
"""Nats of rarity that do not count: words in more than a fifth of all texts connect nothing."""

MAX_ARTICLE_CHARS = 40_000
"""Code points of an article whose words are compared: some 6,000 words."""

MIN_WORDS = 3
"""A comment of fewer words is too short to tell."""

NEUTRAL_FEATURES = ("length", "specificity", "generality", "passages", "earlier")
"""Features that say how much the others mean, not how near comment and context are."""

FEATURES = (
    "cosine_title",
    "cosine_parent",
    "standard_title",
    "standard_article",
    "standard_parent",
    "standard_thread",
    "standard_passage",
    "standard_nearest",
    "tfidf_title",
    "shared_title",
    "covered_title",
    "tfidf_article",
    "shared_article",
    "covered_article",
    "tfidf_thread",
    "shared_thread",
    "covered_thread",
    "names_article",
    *NEUTRAL_FEATURES,
)
"""The columns of the feature matrix, in order."""

MONOTONE = tuple(int(name not in NEUTRAL_FEATURES) for name in FEATURES)
"""For a classifier's `monotonic_cst`: more likeness can only mean more relevant."""

_UNKNOWN = float("nan")
_TERMS_SHOWN = 8


class RelevanceFeatures(TransformerMixin, BaseEstimator):
    """Compares comments with their context; rows are comments, columns are FEATURES, NaN is unknown.

    `idf` weighs words, `background` (m, 384) is a sample of unrelated comments against which cosines are
    standardised, and `min_specificity` (nats) is the rarity of its words below which a comment fits anything.
    `encoder` is bound after loading, and is no part of what is saved.
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

    def fit(self, comments: Any, labels: Any = None) -> "RelevanceFeatures":  # noqa: ARG002 - scikit-learn's form
        """Learns nothing: what there is to learn arrives as parameters."""
        return self

    def transform(self, comments: Sequence[Comment | EmbeddedComment]) -> NDArray[np.float64]:
        """Features of comments, shape (n, len(FEATURES)). Raises RuntimeError if no encoder is bound."""
        known: dict[tuple[str, str], ArticleVectors] = {}
        return np.array([self._row(self._embedded(item), known) for item in comments])

    @property
    def bound_encoder(self) -> Encoder:
        """The encoder. Raises RuntimeError if none is bound."""
        if self.encoder is None:
            raise RuntimeError("relevance needs an encoder: bind one after loading")
        return self.encoder

    def specificity(self, text: str) -> float:
        """The rarity of a text's distinct words together, in nats above COMMON_IDF each."""
        return self._bag_of(text).total_weight

    def _embedded(self, item: Comment | EmbeddedComment) -> EmbeddedComment:
        return item if isinstance(item, EmbeddedComment) else embed_comment(self.bound_encoder, item)

    def _row(self, item: EmbeddedComment, known: dict[tuple[str, str], ArticleVectors]) -> list[float]:
        comment, vector = item.comment, item.vector
        own = self._bag_of(comment.text)
        background_similarity = self.background @ vector
        title, article, passages = self._article(comment.article or Article(), known)
        parent = self._vectors([comment.parent] if comment.parent else [])
        thread = self._vectors(comment.thread[-MAX_THREAD:])
        bags = self._bags(comment)
        return [
            *(_cosine(context, vector) for context in (title, parent)),
            *(
                self._standardise(each, vector, background_similarity)
                for each in (title, article, parent, _centre(thread))
            ),
            *(self._standardise_nearest(rows, vector) for rows in (passages, thread)),
            *(value for bag in bags for value in own.compare(bag)),
            _names(comment.text, bags[1]),
            float(np.log1p(len(words(comment.text)))),
            own.total_weight,
            float(background_similarity.mean()),
            *(_magnitude(rows) for rows in (passages, thread)),
        ]

    def _article(
        self, article: Article, known: dict[tuple[str, str], ArticleVectors]
    ) -> tuple[Vector | None, Vector | None, Vector | None]:
        """Matrices of the title, the article's centre and its passages; a batch embeds each article once."""
        key = (article.title, article.text)
        if key not in known:
            known[key] = article_vectors(self.bound_encoder, article)
        vectors = known[key]
        title = None if vectors.title is None else vectors.title[None]
        passages = vectors.passages if len(vectors.passages) else None
        parts = [part for part in (title, passages) if part is not None]
        return title, _centre(np.concatenate(parts) if parts else None), passages

    def _vectors(self, passages: Sequence[Passage]) -> Vector | None:
        return np.stack([embed_passage(self.bound_encoder, passage) for passage in passages]) if passages else None

    def _standardise(self, context: Vector | None, vector: Vector, background_similarity: Vector) -> float:
        """A cosine in standard deviations above those of unrelated comments, on average from both sides.

        This is the symmetric score normalisation of speaker verification (Kenny 2010): a headline that is near to
        everything, and a comment that is, then tell as little as they should.
        """
        if context is None:
            return _UNKNOWN
        cosine = float(context[0] @ vector)
        other = self.background @ context[0]
        return (
            float(
                (cosine - background_similarity.mean()) / background_similarity.std()
                + (cosine - other.mean()) / other.std()
            )
            / 2
        )

    def _standardise_nearest(self, rows: Vector | None, vector: Vector) -> float:
        """The nearest row's cosine against the nearest ones of unrelated comments, so that many rows help nobody."""
        if rows is None:
            return _UNKNOWN
        others = (self.background @ rows.T).max(axis=1)
        return float(((rows @ vector).max() - others.mean()) / others.std())

    def _bags(self, comment: Comment) -> list["_BagOfStems | None"]:
        article = comment.article or Article()
        passages = (comment.parent, *comment.thread[-MAX_THREAD:])
        said = [strip_markup(passage.text).text for passage in passages if passage is not None]
        return [
            self._bag_of(article.title) if article.title.strip() else None,
            _BagOfStems(_article_stems(article), self.idf) if article.text.strip() else None,
            self._bag_of("\n".join(said)) if said else None,
        ]

    def _bag_of(self, text: str) -> "_BagOfStems":
        return _BagOfStems(stems(text), self.idf)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "encoder": None}


class _BagOfStems:
    """A text's stems, each weighing what its rarity exceeds COMMON_IDF by."""

    __slots__ = ("norm", "total_weight", "weights")

    def __init__(self, counts: Counter[str], idf: InverseDocumentFrequency) -> None:
        excess = {name: idf(name) - COMMON_IDF for name in counts}
        self.weights = {name: weight for name, weight in excess.items() if weight > 0}
        self.total_weight = sum(self.weights.values())
        self.norm = float(np.sqrt(sum(weight * weight for weight in self.weights.values())))

    def compare(self, other: "_BagOfStems | None") -> list[float]:
        """Cosine of weights, log of the shared weight, and the share of this bag's weight that the other has."""
        if other is None:
            return [_UNKNOWN] * 3
        common = [self.weights[name] for name in self.weights.keys() & other.weights.keys()]
        if not common:
            return [0.0] * 3
        shared = sum(common)
        dot = sum(weight * weight for weight in common)
        return [dot / (self.norm * other.norm), float(np.log1p(shared)), shared / self.total_weight]


def abstention(pipeline: Pipeline, comment: Comment) -> str | None:
    """Why there is nothing to tell (`article_unknown`, `too_short`, `too_generic`), or None if there is."""
    features: RelevanceFeatures = pipeline[0]
    if comment.article is None or not comment.article.is_known:
        return "article_unknown"
    if len(words(comment.text)) < MIN_WORDS:
        return "too_short"
    return "too_generic" if features.specificity(comment.text) < features.min_specificity else None


def explain(pipeline: Pipeline, item: EmbeddedComment) -> RelevanceReasons:
    """What a score rests on: rarest shared and unshared words as the comment has them, and the closest passage."""
    features: RelevanceFeatures = pipeline[0]
    article = item.comment.article or Article()
    if not article.is_known:
        return RelevanceReasons()
    theirs = _article_stems(article)
    rare = _rarest(words(item.comment.text), features.idf)
    passage, similarity = _closest(article, article_vectors(features.bound_encoder, article), item.vector)
    return RelevanceReasons(
        matched=tuple(word for word in rare if stem(word) in theirs)[:_TERMS_SHOWN],
        missed=tuple(word for word in rare if stem(word) not in theirs)[:_TERMS_SHOWN],
        passage=passage,
        passage_similarity=similarity,
    )


def names_in(text: str) -> list[str]:
    """Words that begin with a capital or a digit, but do not begin a sentence."""
    inner = (word for start, end in sentence_spans(text) for word in words(text[start:end])[1:])
    return [word for word in inner if not word[0].islower()]


def _article_stems(article: Article) -> Counter[str]:
    return _counted(f"{article.title}\n{article.text[:MAX_ARTICLE_CHARS]}")


@lru_cache(maxsize=256)
def _counted(text: str) -> Counter[str]:
    """Remembers the latest articles' words: many comments come under one article. Comments are not remembered."""
    return stems(text)


def _rarest(found: Iterable[str], idf: InverseDocumentFrequency) -> list[str]:
    """One word per stem, the rarest first, without those too common to connect anything."""
    by_stem = {stem(word): word for word in found}
    rare = [name for name in by_stem if idf(name) > 2 * COMMON_IDF]
    return [by_stem[name] for name in sorted(rare, key=lambda name: (-idf(name), name))]


def _closest(article: Article, vectors: ArticleVectors, vector: Vector) -> tuple[str, float]:
    """The passage, or where there is none the title, that is nearest, with its cosine."""
    if len(vectors.passages) == 0 and vectors.title is not None:
        return article.title, float(vectors.title @ vector)
    cosines = vectors.passages @ vector
    start, end = vectors.spans[int(cosines.argmax())]
    return article.text[start:end], float(cosines.max())


def _names(text: str, article: _BagOfStems | None) -> float:
    if article is None:
        return _UNKNOWN
    names = {stem(word) for word in names_in(text)}
    return float(np.log1p(sum(article.weights.get(name, 0.0) for name in names)))


def _cosine(context: Vector | None, vector: Vector) -> float:
    return _UNKNOWN if context is None else float(context[0] @ vector)


def _centre(rows: Vector | None) -> Vector | None:
    if rows is None:
        return None
    mean: Vector = rows.mean(axis=0, keepdims=True)
    return mean / np.float32(max(float(np.linalg.norm(mean)), 1e-9))


def _magnitude(rows: Vector | None) -> float:
    """How many there are, to the nearest power of two: more would tell one article from another."""
    return 0.0 if rows is None else float(np.round(np.log2(len(rows))) + 1)

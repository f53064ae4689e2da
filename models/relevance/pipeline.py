"""Relevance: whether a comment belongs to its article rather than to a random other one.

It is not about whether a comment is worth reading. The pipeline is `RelevanceFeatures` and a monotone classifier. It is
only asked if there is enough to compare; otherwise `abstention` returns the reason.
"""

from collections.abc import Iterable

from sklearn.pipeline import Pipeline

from models.comment import Article, ArticleVectors, Comment, RelevanceReasons, Vector
from models.encoder import EmbeddedComment, article_vectors
from models.relevance.features import COMMON_IDF, RelevanceFeatures, article_stems
from models.relevance.idf import InverseDocumentFrequency
from models.text.stems import stem
from models.text.words import words

MIN_WORDS = 3
"""A comment of fewer words is too short to compare."""

_MAX_TERMS = 8


def abstention(pipeline: Pipeline, comment: Comment) -> str | None:
    """Return why there is nothing to compare (`article_unknown`, `too_short`, `too_generic`), or None if there is."""
    features: RelevanceFeatures = pipeline[0]
    if comment.article is None or not comment.article.is_known:
        return "article_unknown"
    if len(words(comment.text)) < MIN_WORDS:
        return "too_short"
    return "too_generic" if features.specificity(comment.text) < features.min_specificity else None


def explain(pipeline: Pipeline, item: EmbeddedComment) -> RelevanceReasons:
    """Return the most informative words that comment and article share or do not share, and the closest passage."""
    features: RelevanceFeatures = pipeline[0]
    article = item.comment.article or Article()
    if not article.is_known:
        return RelevanceReasons()
    in_article = article_stems(article)
    informative = _most_informative(words(item.comment.text), features.idf)
    passage, similarity = _closest_passage(article, article_vectors(features.bound_encoder, article), item.vector)
    return RelevanceReasons(
        matched=tuple(word for word in informative if stem(word) in in_article)[:_MAX_TERMS],
        missed=tuple(word for word in informative if stem(word) not in in_article)[:_MAX_TERMS],
        passage=passage,
        passage_similarity=similarity,
    )


def _most_informative(text_words: Iterable[str], idf: InverseDocumentFrequency) -> list[str]:
    """Return one word per stem, the rarest first, without those that are too common to connect anything."""
    by_stem = {stem(word): word for word in text_words}
    informative = [name for name in by_stem if idf(name) > 2 * COMMON_IDF]
    return [by_stem[name] for name in sorted(informative, key=lambda name: (-idf(name), name))]


def _closest_passage(article: Article, vectors: ArticleVectors, vector: Vector) -> tuple[str, float]:
    """Return the closest passage with its cosine, or the title if the article has no text."""
    if len(vectors.passages) == 0 and vectors.title is not None:
        return article.title, float(vectors.title @ vector)
    cosines = vectors.passages @ vector
    start, end = vectors.spans[int(cosines.argmax())]
    return article.text[start:end], float(cosines.max())

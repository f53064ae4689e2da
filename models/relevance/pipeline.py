"""Relevance: the probability that a comment belongs to its article rather than to a random other one.

Relevance does not measure whether a comment is worth reading. The pipeline has two steps: `RelevanceFeatures` and a
monotone classifier. Before scoring, call `find_reason_to_abstain`: some comments have too little to compare.
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

_MAX_EXPLAINING_WORDS = 8
"""An explanation has at most so many matched words, and as many missed words."""


def find_reason_to_abstain(pipeline: Pipeline, comment: Comment) -> str | None:
    """Return why relevance must not be scored: `article_unknown`, `too_short` or `too_generic`. None if it can be."""
    features: RelevanceFeatures = pipeline[0]
    if comment.article is None or not comment.article.is_known:
        return "article_unknown"
    if len(words(comment.text)) < MIN_WORDS:
        return "too_short"
    return "too_generic" if features.specificity(comment.text) < features.min_specificity else None


def explain(pipeline: Pipeline, item: EmbeddedComment) -> RelevanceReasons:
    """Return the comment's most informative words that the article has or lacks, and the article's closest passage."""
    features: RelevanceFeatures = pipeline[0]
    article = item.comment.article or Article()
    if not article.is_known:
        return RelevanceReasons()
    stems_of_article = article_stems(article)
    informative = _most_informative(words(item.comment.text), features.idf)
    passage, similarity = _closest_passage(article, article_vectors(features.bound_encoder, article), item.vector)
    return RelevanceReasons(
        matched=tuple(word for word in informative if stem(word) in stems_of_article)[:_MAX_EXPLAINING_WORDS],
        missed=tuple(word for word in informative if stem(word) not in stems_of_article)[:_MAX_EXPLAINING_WORDS],
        passage=passage,
        passage_similarity=similarity,
    )


def _most_informative(text_words: Iterable[str], idf: InverseDocumentFrequency) -> list[str]:
    """Return one word per stem, the rarest first, without common words."""
    word_by_stem = {stem(word): word for word in text_words}
    # Stricter than for the features: moderators should see only words that are typical of a topic.
    informative = [name for name in word_by_stem if idf(name) > 2 * COMMON_IDF]
    rarest_first = sorted(informative, key=lambda name: (-idf(name), name))
    return [word_by_stem[name] for name in rarest_first]


def _closest_passage(article: Article, vectors: ArticleVectors, vector: Vector) -> tuple[str, float]:
    """Return the closest passage with its cosine, or the title if the article has no text."""
    if len(vectors.passages) == 0 and vectors.title is not None:
        return article.title, float(vectors.title @ vector)
    cosines = vectors.passages @ vector
    start, end = vectors.spans[int(cosines.argmax())]
    return article.text[start:end], float(cosines.max())

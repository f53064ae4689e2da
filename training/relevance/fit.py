"""Fits relevance to tell comments in their own context from comments in the context of another comment.

A context is an article, a parent comment and a thread. Few corpora have articles, so other texts stand in for them,
such as the heading of a talk page.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline

from models.boosting import SingleThreadBoosting
from models.comment import Article, Comment, Passage
from models.encoder import Encoder, bind
from models.relevance.features import FEATURES, MAX_EARLIER_COMMENTS, MONOTONE, RelevanceFeatures
from models.relevance.idf import InverseDocumentFrequency
from models.relevance.pipeline import MIN_WORDS
from models.text.normalise import normalise
from models.text.segmentation import passage_spans
from training.corpora.contexts import (
    CommentInContext,
    pair_with_articles,
    pair_with_first_sentences,
    pair_with_headings,
    pair_with_parents,
)
from training.corpora.licensed_corpora import Corpora
from training.encoder.embedding_cache import CachingEncoder
from training.relevance.pairs import ContrastivePair, build_contrastive_pairs

Floats = NDArray[np.float64]

BACKGROUND_SIZE = 256
"""The number of comments against which cosines are standardised."""

MAX_REPLIES = 4_000
MAX_ROW_CHARS = 4_000
"""Training rows are cut to so many characters. The encoder sees only the first 128 word pieces."""

NEWS_WEIGHT = 5.0
"""The weight of a pair under a real article. Only 523 comments have one, and they are what the service will see."""

Z_95 = 1.96
"""The normal quantile of a two-sided 95 % interval."""

MIN_ROWS = 100
"""An abstention threshold needs so many rows below it. A dozen rows may be in the right order by chance."""

HARDEST_SOURCE = "news, headline"
"""The source on which the abstention threshold is chosen: real comments under a headline without a text."""


def fit_relevance(
    corpora: Path, *, encoder: Encoder, seed: int, vectors: Path | None = None
) -> tuple[Pipeline, dict[str, Any]]:
    """Fit the pipeline, and return it with details for the card.

    `vectors` is a folder that caches embeddings. Deterministic for a seed. It takes about four minutes, nearly all for
    embedding, and seconds if the embeddings are cached.
    """
    caching = CachingEncoder(encoder, folder=vectors)
    comments = list(_read_comments(Corpora(corpora), seed=seed))
    pairs = build_contrastive_pairs(comments, seed=seed)
    caching.prefetch(texts_to_embed(item.comment for item in comments))
    features = _fit_features(Corpora(corpora), caching, seed=seed)
    matrix = features.transform([pair.comment for pair in pairs])
    out_of_fold = _score_out_of_fold(matrix, pairs, seed=seed)
    features.min_specificity = _choose_min_specificity(matrix, pairs, out_of_fold)
    classifier = _fit_classifier(matrix, pairs, seed=seed)
    pipeline = Pipeline([("features", features), ("classifier", classifier)])
    return bind(pipeline, encoder), _describe(pairs, out_of_fold, features)


def texts_to_embed(comments: Iterable[Comment]) -> Iterator[str]:
    """Yield every text that relevance embeds for these comments, as it is embedded, so that all can be cached first."""
    for comment in comments:
        article = comment.article or Article()
        parent = [comment.parent] if comment.parent else []
        passages = [Passage(comment.text), *comment.thread[-MAX_EARLIER_COMMENTS:], *parent]
        yield from (normalise(passage.text).text for passage in passages)
        yield from (article.text[start:end] for start, end in passage_spans(article.text))
        if article.title.strip():
            yield article.title


def _read_comments(corpora: Corpora, *, seed: int) -> Iterator[CommentInContext]:
    talk = [row for row in corpora.train_rows("wikipedia_talk") if row["text_normalised"] == "0"]
    long = _shorten(corpora.train_rows("civil_spans")) + _shorten(talk[::6])
    yield from pair_with_articles(corpora.train_rows("fox"))
    yield from pair_with_parents(_shorten(corpora.train_rows("wikipedia_context")[:MAX_REPLIES]))
    yield from pair_with_headings(_shorten(talk))
    yield from pair_with_first_sentences(long, seed=seed)


def _shorten(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [{**row, "text": row["text"][:MAX_ROW_CHARS]} for row in rows]


def _fit_features(corpora: Corpora, encoder: CachingEncoder, *, seed: int) -> RelevanceFeatures:
    """Count document frequencies over all corpora with a suitable licence, and sample a background of news comments."""
    names = ("civil_spans", "civil_balanced", "fox", "wikipedia_context", "surge")
    idf = InverseDocumentFrequency.learn(row["text"] for name in names for row in corpora.train_rows(name))
    civil = corpora.train_rows("civil_spans")
    sample = np.random.default_rng(seed).choice(len(civil), BACKGROUND_SIZE, replace=False)
    texts = [normalise(civil[int(row)]["text"][:MAX_ROW_CHARS]).text for row in sample]
    encoder.prefetch(texts)
    return RelevanceFeatures(idf, encoder.embed(texts), encoder=encoder)


def _fit_classifier(matrix: Floats, pairs: Sequence[ContrastivePair], *, seed: int) -> SingleThreadBoosting:
    """Fit boosted trees, which accept NaN for unknown features.

    The trees are few and monotone, because most contexts stand in for articles and must not be fitted too closely.
    """
    classifier = SingleThreadBoosting(
        max_iter=80,
        max_leaf_nodes=12,
        min_samples_leaf=60,
        l2_regularization=5.0,
        monotonic_cst=MONOTONE,
        early_stopping=False,
        random_state=seed,
    )
    weights = [NEWS_WEIGHT if _is_news(pair) else 1.0 for pair in pairs]
    labels = [pair.label for pair in pairs]
    fitted: SingleThreadBoosting = classifier.fit(matrix, labels, sample_weight=weights)
    return fitted


def _score_out_of_fold(matrix: Floats, pairs: Sequence[ContrastivePair], *, seed: int) -> Floats:
    """Score each pair with a model that was trained neither on its comment's group nor on its context.

    `matrix` has the shape (pairs, features), the result (pairs,).
    """
    groups = np.array([pair.group for pair in pairs])
    contexts = np.array([pair.context for pair in pairs])
    scores = np.empty(len(pairs))
    for fold in _folds(pairs, groups):
        in_fold = np.isin(groups, fold)
        # A comment of another group may be in a context of this fold, so it is left out of training as well.
        training = np.flatnonzero(~(in_fold | np.isin(contexts, fold)))
        model = _fit_classifier(matrix[training], [pairs[int(row)] for row in training], seed=seed)
        scores[in_fold] = model.predict_proba(matrix[in_fold])[:, 1]
    return scores


def _folds(pairs: Sequence[ContrastivePair], groups: NDArray[np.str_]) -> Iterator[NDArray[np.str_]]:
    """Yield the groups to hold out together: each real article by itself, and all other groups in three parts."""
    news = np.unique([pair.group for pair in pairs if _is_news(pair)])
    stand_ins = np.setdiff1d(groups, news)
    # Slices of one element, because a fold is an array of groups.
    yield from (news[index : index + 1] for index in range(len(news)))
    yield from (stand_ins[part::3] for part in range(3))


def _choose_min_specificity(matrix: Floats, pairs: Sequence[ContrastivePair], scores: Floats) -> float:
    """Choose the specificity below which relevance abstains.

    Unspecific comments, such as "Well said!", fit under any article. The result is the highest bound below which
    scores are not shown to be better than chance, or below which too few rows are. Comments that are too short to be
    scored do not count.
    """
    length = matrix[:, FEATURES.index("length")]
    # The feature `length` is log(1 + words); 1e-9 allows for rounding.
    rows = np.array([pair.source == HARDEST_SOURCE for pair in pairs]) & (length >= np.log1p(MIN_WORDS) - 1e-9)
    specificity = matrix[rows, FEATURES.index("specificity")]
    labels = np.array([pair.label for pair in pairs])[rows]
    scores = scores[rows]
    min_specificity = 0.0
    # Up to the least specific 39 % of comments, in steps of 1 %.
    for bound in np.quantile(specificity, np.arange(0.01, 0.4, 0.01)):
        below = specificity < bound
        if below.sum() < MIN_ROWS or not _beats_chance(labels[below], scores[below]):
            min_specificity = float(bound)
    return min_specificity


def _beats_chance(labels: NDArray[np.int_], scores: Floats) -> bool:
    """Return whether the 95 % interval of the AUC lies above .5 (standard error: Hanley and McNeil 1982)."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if min(positives, negatives) == 0:
        return False
    auc = float(roc_auc_score(labels, scores))
    # The paper's Q1 and Q2: the chance that two positives beat one negative, and that one positive beats two negatives.
    q1, q2 = auc / (2 - auc) - auc**2, 2 * auc**2 / (1 + auc) - auc**2
    variance = (auc * (1 - auc) + (positives - 1) * q1 + (negatives - 1) * q2) / (positives * negatives)
    return bool(auc - Z_95 * variance**0.5 > 0.5)  # noqa: PLR2004 - chance


def _describe(pairs: Sequence[ContrastivePair], scores: Floats, features: RelevanceFeatures) -> dict[str, Any]:
    rows_of_source: dict[str, list[int]] = defaultdict(list)
    for row, pair in enumerate(pairs):
        rows_of_source[pair.source].append(row)
    labels = np.array([pair.label for pair in pairs])
    return {
        "rows": {source: len(rows) for source, rows in rows_of_source.items()},
        "auc_out_of_fold": {
            source: round(float(roc_auc_score(labels[rows], scores[rows])), 4)
            for source, rows in rows_of_source.items()
        },
        "min_specificity": round(features.min_specificity, 3),
        # The terms are one string, with one stem on each line.
        "stems": features.idf.terms.count("\n") + 1,
    }


def _is_news(pair: ContrastivePair) -> bool:
    return pair.source.startswith("news")

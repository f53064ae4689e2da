"""Fits relevance on comments in their own and in other contexts; its measuring is `training.relevance.evaluate`."""

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
from models.relevance.features import FEATURES, MAX_THREAD, MONOTONE, RelevanceFeatures
from models.relevance.idf import InverseDocumentFrequency
from models.relevance.pipeline import MIN_WORDS
from models.text.normalise import normalise
from models.text.segmentation import passage_spans
from training.corpora.registry import Corpora
from training.encoder.embedding_cache import CachingEncoder
from training.relevance.pairs import (
    Contrast,
    Placed,
    contrast,
    place_under_articles,
    place_under_headings,
    place_under_openings,
    place_under_parents,
)

BACKGROUND = 256
"""Comments against which cosines are standardised."""

MAX_REPLIES = 4_000
MAX_ROW_CHARS = 4_000
"""Code points of a lesson that are read: the encoder sees 128 word pieces anyway."""

NEWS_WEIGHT = 5.0
"""What a row under a real article counts for: there are 523 of them, and they alone are what serving will see."""

SURE = 1.96
"""Standard errors to the lower end of a 95 % interval."""

MIN_ROWS = 100
"""Rows below a bound that can show anything: of a dozen, all may be in order by luck."""

HARDEST = "news, headline"
"""The lessons by which it is learned when a comment fits anything: real comments under a headline and nothing else."""


def fit_relevance(
    corpora: Path, *, encoder: Encoder, seed: int, vectors: Path | None = None
) -> tuple[Pipeline, dict[str, Any]]:
    """Fits the pipeline and answers it with facts for the card; `vectors` is a folder that keeps embeddings.

    Deterministic by the seed. Takes some four minutes, nearly all of it embedding; seconds with kept vectors.
    """
    remembering = CachingEncoder(encoder, folder=vectors)
    placed = list(_lessons(Corpora(corpora), seed=seed))
    lessons = contrast(placed, seed=seed)
    remembering.prefetch(texts_in(item.comment for item in placed))
    features = _features(Corpora(corpora), remembering, seed=seed)
    matrix = features.transform([lesson.comment for lesson in lessons])
    unseen = _out_of_fold(matrix, lessons, seed=seed)
    features.min_specificity = _learn_specificity(matrix, lessons, unseen)
    classifier = _fitted(matrix, lessons, seed=seed)
    pipeline = Pipeline([("features", features), ("classifier", classifier)])
    return bind(pipeline, encoder), _facts(lessons, unseen, features)


def texts_in(comments: Iterable[Comment]) -> Iterator[str]:
    """Every text that relevance will embed for these comments, as it will embed it."""
    for comment in comments:
        article = comment.article or Article()
        said = [Passage(comment.text), *comment.thread[-MAX_THREAD:]] + ([comment.parent] if comment.parent else [])
        yield from (normalise(passage.text).text for passage in said)
        yield from (article.text[start:end] for start, end in passage_spans(article.text))
        if article.title.strip():
            yield article.title


def _lessons(corpora: Corpora, *, seed: int) -> Iterator[Placed]:
    talk = [row for row in corpora.train_rows("wikipedia_talk") if row["text_normalised"] == "0"]
    long = _shortened(corpora.train_rows("civil_spans")) + _shortened(talk[::6])
    yield from place_under_articles(corpora.train_rows("fox"))
    yield from place_under_parents(_shortened(corpora.train_rows("wikipedia_context")[:MAX_REPLIES]))
    yield from place_under_headings(_shortened(talk))
    yield from place_under_openings(long, seed=seed)


def _shortened(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [{**row, "text": row["text"][:MAX_ROW_CHARS]} for row in rows]


def _features(corpora: Corpora, encoder: CachingEncoder, *, seed: int) -> RelevanceFeatures:
    """Word rarities from all licensed prose, news comments first among them, and a background of news comments."""
    names = ("civil_spans", "civil_balanced", "fox", "wikipedia_context", "surge")
    idf = InverseDocumentFrequency.learn(row["text"] for name in names for row in corpora.train_rows(name))
    civil = corpora.train_rows("civil_spans")
    chosen = np.random.default_rng(seed).choice(len(civil), BACKGROUND, replace=False)
    texts = [normalise(civil[int(place)]["text"][:MAX_ROW_CHARS]).text for place in chosen]
    encoder.prefetch(texts)
    return RelevanceFeatures(idf, encoder.embed(texts), encoder=encoder)


def _fitted(matrix: NDArray[np.float64], lessons: Sequence[Contrast], *, seed: int) -> SingleThreadBoosting:
    """Trees, because they take NaN for unknown; monotone and few, because the lessons are stand-ins."""
    classifier = SingleThreadBoosting(
        max_iter=80,
        max_leaf_nodes=12,
        min_samples_leaf=60,
        l2_regularization=5.0,
        monotonic_cst=MONOTONE,
        early_stopping=False,
        random_state=seed,
    )
    weights = [NEWS_WEIGHT if _is_news(lesson) else 1.0 for lesson in lessons]
    labels = [lesson.label for lesson in lessons]
    fitted: SingleThreadBoosting = classifier.fit(matrix, labels, sample_weight=weights)
    return fitted


def _out_of_fold(matrix: NDArray[np.float64], lessons: Sequence[Contrast], *, seed: int) -> NDArray[np.float64]:
    """Scores by models that have seen neither the comment nor its own context, each real article left out in turn."""
    groups = np.array([lesson.group for lesson in lessons])
    contexts = np.array([lesson.context for lesson in lessons])
    scores = np.empty(len(lessons))
    for held in _folds(lessons, groups):
        left_out = np.isin(groups, held) | np.isin(contexts, held)
        kept = np.flatnonzero(~left_out)
        model = _fitted(matrix[kept], [lessons[int(row)] for row in kept], seed=seed)
        asked = np.isin(groups, held)
        scores[asked] = model.predict_proba(matrix[asked])[:, 1]
    return scores


def _folds(lessons: Sequence[Contrast], groups: NDArray[np.str_]) -> Iterator[NDArray[np.str_]]:
    """Groups to hold out together: each real article by itself, the stand-ins in three parts."""
    news = np.unique([lesson.group for lesson in lessons if _is_news(lesson)])
    others = np.setdiff1d(groups, news)
    yield from (news[place : place + 1] for place in range(len(news)))
    yield from (others[part::3] for part in range(3))


def _learn_specificity(matrix: NDArray[np.float64], lessons: Sequence[Contrast], scores: NDArray[np.float64]) -> float:
    """The specificity up to which comments under a real headline are not shown to be better placed than by chance.

    Comments are taken from the least specific on; the answer is the last bound at which the interval of the area
    under the curve still reaches .5, or has too few rows. Comments too short to be scored do not count.
    """
    length = matrix[:, FEATURES.index("length")]
    rows = np.array([lesson.source == HARDEST for lesson in lessons]) & (length >= np.log1p(MIN_WORDS) - 1e-9)
    specificity = matrix[rows, FEATURES.index("specificity")]
    labels = np.array([lesson.label for lesson in lessons])[rows]
    unseen = scores[rows]
    limit = 0.0
    for bound in np.quantile(specificity, np.arange(0.01, 0.4, 0.01)):
        below = specificity < bound
        if below.sum() < MIN_ROWS or not _beats_chance(labels[below], unseen[below]):
            limit = float(bound)
    return limit


def _beats_chance(labels: NDArray[np.int_], scores: NDArray[np.float64]) -> bool:
    """Whether the area under the curve is above .5 for certain; its standard error after Hanley and McNeil (1982)."""
    positive = int(labels.sum())
    negative = len(labels) - positive
    if min(positive, negative) == 0:
        return False
    area = float(roc_auc_score(labels, scores))
    one, two = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    variance = (area * (1 - area) + (positive - 1) * one + (negative - 1) * two) / (positive * negative)
    return bool(area - SURE * variance**0.5 > 0.5)  # noqa: PLR2004 - chance


def _facts(lessons: Sequence[Contrast], scores: NDArray[np.float64], features: RelevanceFeatures) -> dict[str, Any]:
    rows: dict[str, list[int]] = defaultdict(list)
    for place, lesson in enumerate(lessons):
        rows[lesson.source].append(place)
    labels = np.array([lesson.label for lesson in lessons])
    return {
        "rows": {source: len(places) for source, places in rows.items()},
        "auc_out_of_fold": {
            source: round(float(roc_auc_score(labels[places], scores[places])), 4) for source, places in rows.items()
        },
        "min_specificity": round(features.min_specificity, 3),
        "stems": features.idf.terms.count("\n") + 1,
    }


def _is_news(lesson: Contrast) -> bool:
    return lesson.source.startswith("news")

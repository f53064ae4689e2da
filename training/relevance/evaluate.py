"""Measures whether relevance distinguishes a comment's own article from other articles of the same newspaper.

Relevance is defined by the comparison with a random other article. The article that is most similar is the hard case.
No release is trained on the news sets.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.comment import Article, Comment, Passage
from models.encoder import Encoder, bind, embed_article, embed_comment
from models.relevance.features import FEATURES, MAX_EARLIER_COMMENTS
from models.relevance.pipeline import find_reason_to_abstain
from models.text.words import words
from training.corpora.contexts import CommentInContext
from training.corpora.keys import Row
from training.corpora.licensed_corpora import Corpora
from training.encoder.embedding_cache import CachingEncoder
from training.relevance.pairs import swap_context
from training.statistics.bootstrap import Measurement, auc_row, rate_row

Floats = NDArray[np.float64]

NO_LIMIT = 100_000
STRATA = ((1, 10), (11, 20), (21, 40), (41, 80), (81, NO_LIMIT))
"""Lengths of comments, in words, that are also measured separately."""

LEAD_CHARS = 700
"""The title and so many characters of an article's text decide which other article is nearest."""

ABSTAINED = 0.5
"""The score that an abstention counts as."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """The scores of the same comments in their own and in another context, each of shape (comments,).

    An abstention counts as .5. The cosines between comment and headline are the baseline.
    """

    own: Floats
    other: Floats
    own_cosine: Floats
    other_cosine: Floats


def evaluate_relevance(
    pipeline: Pipeline, encoder: Encoder, corpora: Corpora, *, seed: int, vectors: Path | None = None
) -> list[Measurement]:
    """Measure own against other articles on c3, by headline with and without the thread, and on cocolofa.

    `vectors` is a folder that caches embeddings. The pipeline uses the cache meanwhile, and `encoder` again at the end.
    """
    caching = CachingEncoder(encoder, folder=vectors)
    bind(pipeline, caching)
    try:
        return list(_evaluate(pipeline, caching, corpora, seed=seed))
    finally:
        bind(pipeline, encoder)
        caching.save()


def _evaluate(pipeline: Pipeline, encoder: CachingEncoder, corpora: Corpora, *, seed: int) -> Iterator[Measurement]:
    headlines = list(_pair_with_headlines(corpora.rows("c3"), encoder))
    articles = list(_pair_with_articles(corpora.rows("cocolofa"), encoder))
    yield _measure_coverage(pipeline, headlines, "c3", seed=seed)
    without_thread = [replace(item, comment=replace(item.comment, thread=())) for item in headlines]
    yield from _measure(pipeline, "c3, headline", without_thread, encoder, seed=seed, by_length=True)
    yield from _measure(pipeline, "c3, headline and thread", headlines, encoder, seed=seed)
    yield from _measure(pipeline, "cocolofa, article", articles, encoder, seed=seed)


def _pair_with_headlines(rows: Sequence[Row], encoder: CachingEncoder) -> Iterator[CommentInContext]:
    """Yield the comments of c3, each with the earlier comments under the same headline as its thread.

    The corpus has no times, but the last number of a comment's id rises with time.
    """
    threads: dict[str, list[Passage]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["comment_id"].rsplit("_", 1)[1])):
        if title := row["article_title"].strip():
            thread = threads[title]
            comment = Comment(text=row["text"], article=Article(title), thread=tuple(thread[-MAX_EARLIER_COMMENTS:]))
            yield CommentInContext("c3", title, comment)
            thread.append(Passage(row["text"], embed_comment(encoder, comment).vector))


def _pair_with_articles(rows: Sequence[Row], encoder: CachingEncoder) -> Iterator[CommentInContext]:
    articles: dict[str, Article] = {}
    for row in rows:
        article_id = row["article_id"]
        if article_id not in articles:
            articles[article_id] = embed_article(encoder, Article(row["article_title"], row["article_text"]))
        yield CommentInContext("cocolofa", article_id, Comment(text=row["text"], article=articles[article_id]))


def _measure(
    pipeline: Pipeline,
    name: str,
    comments: Sequence[CommentInContext],
    encoder: CachingEncoder,
    *,
    seed: int,
    by_length: bool = False,
) -> Iterator[Measurement]:
    groups = np.array([item.group for item in comments])
    length = np.array([len(words(item.comment.text)) for item in comments])
    # Without partners, each comment is moved to a random other group.
    for which, partners in {"random": None, "nearest": _find_nearest(comments, encoder)}.items():
        trial = _score_trial(pipeline, comments, partners, seed=seed)
        metric = f"AUC, {which} other"
        yield _auc(name, metric, trial.own, trial.other, groups, seed=seed)
        yield _auc(name, f"{metric}, cosine alone", trial.own_cosine, trial.other_cosine, groups, seed=seed)
        for low, high in STRATA if by_length and partners is None else ():
            rows = (length >= low) & (length <= high)
            stratum = f"{low} to {high} words" if high < NO_LIMIT else f"over {low - 1}"
            yield _auc(name, f"{metric}, {stratum}", trial.own[rows], trial.other[rows], groups[rows], seed=seed)


def _score_trial(
    pipeline: Pipeline, comments: Sequence[CommentInContext], partners: Mapping[str, str] | None, *, seed: int
) -> _Trial:
    """Score comments in their own context, and in the context of a random comment of another group.

    `partners` names the other group for each group. With None it is a random one.
    """
    rng = np.random.default_rng(seed)
    by_group: dict[str, list[CommentInContext]] = defaultdict(list)
    for item in comments:
        by_group[item.group].append(item)
    swapped = []
    for item in comments:
        group = partners[item.group] if partners else _draw_other_group(sorted(by_group), item.group, rng)
        other = by_group[group][int(rng.integers(len(by_group[group])))]
        swapped.append(swap_context(item.comment, other.comment))
    own_scores, own_cosine = _score(pipeline, [item.comment for item in comments])
    other_scores, other_cosine = _score(pipeline, swapped)
    return _Trial(own_scores, other_scores, own_cosine, other_cosine)


def _score(pipeline: Pipeline, comments: Sequence[Comment]) -> tuple[Floats, Floats]:
    """Return the scores, with ABSTAINED for unknown, and the cosines with the headline, each (comments,)."""
    # Step 0 of the pipeline computes features, step 1 classifies. Column 1 is the class "in its own context".
    matrix = pipeline[0].transform(comments)
    scores = pipeline[1].predict_proba(matrix)[:, 1]
    has_abstained = np.array([find_reason_to_abstain(pipeline, comment) is not None for comment in comments])
    return np.where(has_abstained, ABSTAINED, scores), matrix[:, FEATURES.index("cosine_title")]


def _find_nearest(comments: Sequence[CommentInContext], encoder: CachingEncoder) -> dict[str, str]:
    """Return each group's nearest other group, by the cosine between the embeddings of their articles' beginnings."""
    articles = {item.group: item.comment.article or Article() for item in comments}
    names = list(articles)
    leads = [f"{article.title} {article.text[:LEAD_CHARS]}".strip() for article in articles.values()]
    vectors = encoder.embed(leads)
    cosines = vectors @ vectors.T
    # Otherwise each article would be nearest to itself.
    np.fill_diagonal(cosines, -1.0)
    return {name: names[int(nearest)] for name, nearest in zip(names, cosines.argmax(axis=1), strict=True)}


def _draw_other_group(groups: Sequence[str], own: str, rng: np.random.Generator) -> str:
    # Draw among all groups but the last. If the draw is the comment's own group, the last one replaces it.
    index = int(rng.integers(len(groups) - 1))
    return groups[index] if groups[index] != own else groups[-1]


def _auc(name: str, metric: str, own: Floats, other: Floats, groups: NDArray[np.str_], *, seed: int) -> Measurement:
    """Measure how often a comment scores higher in its own context than a comment in another context."""
    labels = np.repeat([1, 0], [len(own), len(other)])
    scores = np.concatenate([own, other])
    return auc_row(name, metric, labels=labels, scores=scores, groups=[*groups, *groups], seed=seed)


def _measure_coverage(pipeline: Pipeline, comments: Sequence[CommentInContext], name: str, *, seed: int) -> Measurement:
    is_scored = np.array([find_reason_to_abstain(pipeline, item.comment) is None for item in comments])
    return rate_row(name, "share scored", is_scored, groups=[item.group for item in comments], seed=seed)

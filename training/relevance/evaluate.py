"""Measures whether relevance finds a comment's own article among others of the newspaper; nothing is learned here.

The news sets may be measured on only. The nearest other article is the hard question, a random one the defined.
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
from models.relevance.features import FEATURES, MAX_THREAD
from models.relevance.pipeline import abstention
from models.text.words import words
from training.corpora.registry import Corpora
from training.corpora.registry import Row as CorpusRow
from training.encoder.embedding_cache import RememberingEncoder
from training.evaluation.bootstrap import Row, auc_row, share_row
from training.relevance.pairs import Placed, in_context

ENDLESS = 100_000
STRATA = ((1, 10), (11, 20), (21, 40), (41, 80), (81, ENDLESS))
"""Lengths of comments in words for which results are shown apart."""

OPENING = 700
"""Code points of an article's text that, with its title, say which other article is nearest."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """Scores of the same comments in two contexts, unknown as .5, and the headline's cosine as the baseline."""

    own: NDArray[np.float64]
    other: NDArray[np.float64]
    own_cosine: NDArray[np.float64]
    other_cosine: NDArray[np.float64]


def evaluate_relevance(
    pipeline: Pipeline, encoder: Encoder, corpora: Corpora, *, seed: int, vectors: Path | None = None
) -> list[Row]:
    """Own against other articles on c3 (headlines, with and without the thread) and cocolofa, with intervals.

    `vectors` is a folder that keeps embeddings for the next time. The pipeline has its encoder back in any case.
    """
    remembering = RememberingEncoder(encoder, folder=vectors)
    bind(pipeline, remembering)
    try:
        return list(_evaluate(pipeline, remembering, corpora, seed=seed))
    finally:
        bind(pipeline, encoder)
        remembering.keep()


def _evaluate(pipeline: Pipeline, encoder: RememberingEncoder, corpora: Corpora, *, seed: int) -> Iterator[Row]:
    headlines = list(_under_headlines(corpora.rows("c3"), encoder))
    articles = list(_under_articles(corpora.rows("cocolofa"), encoder))
    yield _scored(pipeline, headlines, "c3", seed=seed)
    bare = [replace(item, comment=replace(item.comment, thread=())) for item in headlines]
    yield from _measure(pipeline, "c3, headline", bare, encoder, seed=seed, by_length=True)
    yield from _measure(pipeline, "c3, headline and thread", headlines, encoder, seed=seed)
    yield from _measure(pipeline, "cocolofa, article", articles, encoder, seed=seed)


def _under_headlines(rows: Sequence[CorpusRow], encoder: RememberingEncoder) -> Iterator[Placed]:
    """c3's comments; without times, earlier is the smaller last number in the comment's id."""
    threads: dict[str, list[Passage]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["comment_id"].rsplit("_", 1)[1])):
        if title := row["article_title"].strip():
            thread = threads[title]
            comment = Comment(text=row["text"], article=Article(title), thread=tuple(thread[-MAX_THREAD:]))
            yield Placed("c3", title, comment)
            thread.append(Passage(row["text"], embed_comment(encoder, comment).vector))


def _under_articles(rows: Sequence[CorpusRow], encoder: RememberingEncoder) -> Iterator[Placed]:
    known: dict[str, Article] = {}
    for row in rows:
        key = row["article_id"]
        if key not in known:
            known[key] = embed_article(encoder, Article(row["article_title"], row["article_text"]))
        yield Placed("cocolofa", key, Comment(text=row["text"], article=known[key]))


def _measure(
    pipeline: Pipeline,
    name: str,
    placed: Sequence[Placed],
    encoder: RememberingEncoder,
    *,
    seed: int,
    by_length: bool = False,
) -> Iterator[Row]:
    groups = np.array([item.group for item in placed])
    length = np.array([len(words(item.comment.text)) for item in placed])
    for which, partner in {"random": None, "nearest": _nearest(placed, encoder)}.items():
        trial = _try(pipeline, placed, partner, seed=seed)
        yield _row(name, f"AUC, {which} other", trial.own, trial.other, groups, seed=seed)
        yield _row(name, f"AUC, {which} other, cosine alone", trial.own_cosine, trial.other_cosine, groups, seed=seed)
        for low, high in STRATA if by_length and partner is None else ():
            rows = (length >= low) & (length <= high)
            label = (
                f"AUC, {which} other, {low} to {high} words"
                if high < ENDLESS
                else f"AUC, {which} other, over {low - 1}"
            )
            yield _row(name, label, trial.own[rows], trial.other[rows], groups[rows], seed=seed)


def _try(pipeline: Pipeline, placed: Sequence[Placed], partner: Mapping[str, str] | None, *, seed: int) -> _Trial:
    rng = np.random.default_rng(seed)
    by_group: dict[str, list[Placed]] = defaultdict(list)
    for item in placed:
        by_group[item.group].append(item)
    moved = []
    for item in placed:
        group = partner[item.group] if partner else _any_other(sorted(by_group), item.group, rng)
        row = by_group[group][int(rng.integers(len(by_group[group])))]
        moved.append(in_context(item.comment, row.comment))
    own = _scores(pipeline, [item.comment for item in placed])
    other = _scores(pipeline, moved)
    return _Trial(own[0], other[0], own[1], other[1])


def _scores(pipeline: Pipeline, comments: Sequence[Comment]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores with unknown as .5, and the cosines with the headline."""
    matrix = pipeline[0].transform(comments)
    scores = pipeline[1].predict_proba(matrix)[:, 1]
    unknown = np.array([abstention(pipeline, comment) is not None for comment in comments])
    return np.where(unknown, 0.5, scores), matrix[:, FEATURES.index("cosine_title")]


def _nearest(placed: Sequence[Placed], encoder: RememberingEncoder) -> dict[str, str]:
    """Each group's nearest other one, by the cosine between titles with the first 700 characters of text."""
    articles = {item.group: item.comment.article or Article() for item in placed}
    names = list(articles)
    vectors = encoder.embed([f"{each.title} {each.text[:OPENING]}".strip() for each in articles.values()])
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1.0)
    return {name: names[int(place)] for name, place in zip(names, likeness.argmax(axis=1), strict=True)}


def _any_other(groups: Sequence[str], own: str, rng: np.random.Generator) -> str:
    place = int(rng.integers(len(groups) - 1))
    return groups[place] if groups[place] != own else groups[-1]


def _row(
    name: str,
    measure: str,
    own: NDArray[np.float64],
    other: NDArray[np.float64],
    groups: NDArray[np.str_],
    *,
    seed: int,
) -> Row:
    labels = np.repeat([1, 0], [len(own), len(other)])
    scores = np.concatenate([own, other])
    return auc_row(name, measure, labels=labels, scores=scores, groups=[*groups, *groups], seed=seed)


def _scored(pipeline: Pipeline, placed: Sequence[Placed], name: str, *, seed: int) -> Row:
    hits = np.array([abstention(pipeline, item.comment) is None for item in placed])
    return share_row(name, "share scored", hits, groups=[item.group for item in placed], seed=seed)

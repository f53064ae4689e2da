"""Scoring rows on every core, with a scorer for each process; it reads and writes no file of comments."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

import joblib
from threadpoolctl import threadpool_limits

from models.comment import Article, Comment, Passage
from models.release import newest_release
from models.scorer import Scorer
from service.batch.comment_files import Result, Row

CHUNK = 64
"""Rows that a process takes at a time: enough to hide the passing, few enough for a lively progress bar."""


MAX_THREADS = 4
"""So many cores are used by threads of this process: five sixths of the work is the encoder's, which holds no lock, and
nothing has to be started and opened again. More than these would wait for one another."""


class RowScorer:
    """A scorer that remembers the articles that it has met last."""

    def __init__(self, scorer: Scorer, *, language: str) -> None:
        """`language` is assumed where a comment is too short to tell."""
        self.model = scorer.version
        self._scorer = scorer
        self._language = language
        self._embed = lru_cache(maxsize=256)(self._embed_article)

    def score(self, rows: Sequence[Row]) -> list[Result]:
        """What the model says of each row, in order."""
        assessments = self._scorer.assess_many([self._comment(row) for row in rows], explain=False)
        return [
            Result(id=row.id, scores=dict(assessment.scores), model=assessment.model)
            for row, assessment in zip(rows, assessments, strict=True)
        ]

    def _comment(self, row: Row) -> Comment:
        known = row.article_title or row.article_text
        return Comment(
            text=row.text,
            article=self._embed(row.article_title, row.article_text) if known else None,
            parent=Passage(row.parent_text) if row.parent_text else None,
            language=self._language,
        )

    def _embed_article(self, title: str, text: str) -> Article:
        return self._scorer.embed_article(Article(title=title, text=text))


def score_rows(rows: Iterable[Row], *, releases: Path, language: str, jobs: int) -> Iterator[list[Result]]:
    """Results of chunks of rows, in order, as they come; about two chunks a process are in memory at a time.

    Raises ReleaseRefused.
    """
    # A batch of several chunks would make the last ones wait for one worker.
    backend = "threading" if jobs <= MAX_THREADS else "loky"
    parallel = joblib.Parallel(n_jobs=jobs, backend=backend, return_as="generator", batch_size=1)
    yield from parallel(joblib.delayed(_score_chunk)(chunk, releases, language) for chunk in _chunks(rows))


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _score_chunk(rows: list[Row], releases: Path, language: str) -> list[Result]:
    return open_scorer(releases, language).score(rows)


@lru_cache(maxsize=1)
def open_scorer(releases: Path, language: str) -> RowScorer:
    """The process's own scorer of the newest release, opened once; raises ReleaseRefused."""
    # Threads of a matrix product would only get in the way of those that score.
    threadpool_limits(limits=1)
    return RowScorer(Scorer(newest_release(releases)), language=language)

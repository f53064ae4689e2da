"""Scoring the rows of a file in parallel, in threads or processes. In processes, each loads its own models."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
from threadpoolctl import threadpool_limits

from models.comment import Article, Comment, Passage
from service.batch.comment_files import Result, Row

if TYPE_CHECKING:
    # It imports scikit-learn, which takes a second: `commentdesk score --help` must not wait for it.
    from models.scorer import Scorer

ROWS_PER_CHUNK = 64
"""Rows that a worker scores at a time: enough to hide the overhead, few enough for a smooth progress bar.

`commentdesk score` also uses it, to start no more workers than there are chunks."""

MAX_THREADS = 4
"""Up to this many workers run as threads, more as processes.

Threads share one copy of the models. The encoder takes five sixths of the time, in which it releases the global
interpreter lock (GIL). With more threads, the remaining sixth would wait for the lock."""


class RowScorer:
    """A scorer for rows. It caches the embeddings of articles, because rows of one article are close together."""

    def __init__(self, scorer: "Scorer", *, language: str) -> None:
        """Wrap a scorer. `language` is assumed for comments that are too short to detect it."""
        self.model = scorer.version
        self._scorer = scorer
        self._language = language
        self._embed = lru_cache(maxsize=256)(self._embed_article)

    def score(self, rows: Sequence[Row]) -> list[Result]:
        """Return the scores of each row, in order."""
        assessments = self._scorer.assess_many([self._comment(row) for row in rows], explain=False)
        return [
            Result(id=row.id, scores=dict(assessment.scores), model=assessment.model)
            for row, assessment in zip(rows, assessments, strict=True)
        ]

    def _comment(self, row: Row) -> Comment:
        article = None
        if row.article_title or row.article_text:
            article = self._embed(row.article_title, row.article_text)
        return Comment(
            text=row.text,
            article=article,
            parent=Passage(row.parent_text) if row.parent_text else None,
            language=self._language,
        )

    def _embed_article(self, title: str, text: str) -> Article:
        return self._scorer.embed_article(Article(title=title, text=text))


def score_rows(rows: Iterable[Row], *, releases: Path, language: str, jobs: int) -> Iterator[list[Result]]:
    """Yield the results of one chunk of rows after the other, in order. `jobs` is the number of workers.

    About two chunks per worker are in memory at a time. Raises ReleaseRefused if no release can be opened.
    """
    # By default, joblib bundles quick tasks. At the end, one worker would then have several chunks left.
    backend = "threading" if jobs <= MAX_THREADS else "loky"
    parallel = joblib.Parallel(n_jobs=jobs, backend=backend, return_as="generator", batch_size=1)
    yield from parallel(joblib.delayed(_score_chunk)(chunk, releases, language) for chunk in _chunks(rows))


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_PER_CHUNK)):
        yield chunk


def _score_chunk(rows: list[Row], releases: Path, language: str) -> list[Result]:
    return open_scorer(releases, language).score(rows)


@lru_cache(maxsize=1)
def open_scorer(releases: Path, language: str) -> RowScorer:
    """Return a scorer of the newest release. It is opened once per process. Raises ReleaseRefused."""
    from models.release import newest_release  # imports scikit-learn, see above
    from models.scorer import Scorer

    # The workers already use every core. Further threads inside a matrix product would only compete with them.
    threadpool_limits(limits=1)
    return RowScorer(Scorer(newest_release(releases)), language=language)

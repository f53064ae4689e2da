"""A site's verdicts as training data: read from the service's export, and split between articles."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.comment import Article, Assessment, Comment, Passage
from models.encoder import embed_passage
from models.release import Release
from models.scorer import Scorer

MIN_VERDICTS = 50
MIN_OF_EACH_LABEL = 10
NEWEST_SHARE = 0.25
"""The share of verdicts that is held out to measure on, at most."""

HELD_OUT_SHARE = 0.5
"""The same share, of the verdicts that the live model was not trained on. The candidate is trained on the rest, which
is what it can know more than the live model."""

MAX_WEIGHT = 20.0


class NotEnoughVerdicts(Exception):
    """There are not enough verdicts to train a model on, or to measure it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """A site's verdicts as sequences of equal length, oldest first.

    `rejected` is 1 or 0, shape (verdicts,). `weights`, (verdicts,), undo the sampling of comments for review.
    `received` is when the text of the comment came in.
    """

    assessments: Sequence[Assessment]
    rejected: NDArray[np.int64]
    weights: NDArray[np.float64]
    articles: Sequence[str]
    received: Sequence[datetime]

    def __len__(self) -> int:
        return len(self.assessments)

    def select(self, rows: NDArray[np.int64]) -> "Verdicts":
        """Return only these rows."""
        return Verdicts(
            assessments=[self.assessments[row] for row in rows],
            rejected=self.rejected[rows],
            weights=self.weights[rows],
            articles=[self.articles[row] for row in rows],
            received=[self.received[row] for row in rows],
        )


def read_verdicts(examples: Path, base: Release) -> Verdicts:
    """Read the exported verdicts. Comments that another base or encoder scored are scored again by this one."""
    assessor = _Assessor(base)
    rows = list(_read_rows(examples))
    return Verdicts(
        assessments=[assessor.assess(row) for row in rows],
        rejected=np.array([row["outcome"] == "reject" for row in rows], dtype=np.int64),
        # Inverse probability weighting (Horvitz and Thompson 1952): a comment that was reviewed with probability p
        # stands for 1/p comments. The bound keeps one audited comment from outweighing a day's work.
        weights=np.array([min(1 / max(row["sampling_probability"], 1e-9), MAX_WEIGHT) for row in rows]),
        articles=[row["article_id"] for row in rows],
        received=[datetime.fromisoformat(row["received_at"]) for row in rows],
    )


def split_newest(verdicts: Verdicts, *, trained_until: datetime | None = None) -> tuple[Verdicts, Verdicts]:
    """Return older verdicts to train on, and the newest ones to measure on, without an article in both.

    The newest articles with a quarter of all verdicts are held out. `trained_until` is the time until which the live
    model was trained. If it is given, only articles of which every comment came in later may be held out, and those
    with half of their verdicts, if that is fewer than a quarter of all. Raises NotEnoughVerdicts.
    """
    if len(verdicts) < MIN_VERDICTS:
        raise NotEnoughVerdicts(f"{len(verdicts)} verdicts; {MIN_VERDICTS} are needed.")
    held_out = _choose_newest(verdicts, trained_until=trained_until)
    is_newest = np.array([article in held_out for article in verdicts.articles])
    older, newest = verdicts.select(np.flatnonzero(~is_newest)), verdicts.select(np.flatnonzero(is_newest))
    subject = "The newest articles have"
    if trained_until is not None:
        subject = f"Of what came in after the live model of {trained_until:%Y-%m-%d}, the part to measure on has"
    _require_both_labels(newest, subject)
    _require_both_labels(older, "The older articles have")
    return older, newest


def _read_rows(examples: Path) -> Iterator[dict[str, Any]]:
    with examples.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


class _Assessor:
    """Returns the scores that this base gave in the service, or scores again in the context that was exported.

    An article and an earlier comment are embedded once, although many comments share them.
    """

    def __init__(self, base: Release) -> None:
        self._scorer = Scorer(base)
        self._identity = (base.version, base.encoder.files_hash)
        self._article = cache(lambda title, text: self._scorer.embed_article(Article(title, text)))
        self._passage = cache(lambda text: Passage(text, embed_passage(base.encoder, Passage(text))))

    def assess(self, row: Mapping[str, Any]) -> Assessment:
        """Raises TypeError for a row that another base scored and that was exported without its context."""
        if (row["model"], row["encoder"]) == self._identity:
            vector = np.array(row["vector"], dtype=np.float32)
            return Assessment(model=row["model"], language=row["language"], scores=row["scores"], vector=vector)
        context = row["context"]
        comment = Comment(
            text=row["text"],
            article=self._article(row["article_title"], row["article_text"]),
            parent=self._passage(row["parent_text"]) if row["parent_text"] else None,
            thread=tuple(map(self._passage, context["thread"])),
            language=context["language"],
            copies=context["copies"],
        )
        return self._scorer.assess(comment, explain=False)


def _choose_newest(verdicts: Verdicts, *, trained_until: datetime | None) -> set[str]:
    """Return the articles to hold out."""
    counts = Counter(verdicts.articles)
    trained_on = {
        article
        for article, received in zip(verdicts.articles, verdicts.received, strict=True)
        if trained_until is not None and received <= trained_until
    }
    # The row of each article's newest verdict: later rows overwrite earlier ones.
    last_row = {article: row for row, article in enumerate(verdicts.articles) if article not in trained_on}
    wanted = NEWEST_SHARE * len(verdicts)
    if trained_until is not None:
        wanted = min(wanted, HELD_OUT_SHARE * sum(counts[article] for article in last_row))
    held_out: set[str] = set()
    for article in sorted(last_row, key=last_row.__getitem__, reverse=True):
        if sum(counts[name] for name in held_out) >= wanted:
            break
        held_out.add(article)
    return held_out


def _require_both_labels(part: Verdicts, subject: str) -> None:
    rejected = int(part.rejected.sum())
    approved = len(part) - rejected
    if min(rejected, approved) < MIN_OF_EACH_LABEL:
        raise NotEnoughVerdicts(
            f"{subject} {rejected} rejections and {approved} approvals; {MIN_OF_EACH_LABEL} of each are needed."
        )

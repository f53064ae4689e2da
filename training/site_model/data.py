"""A site's verdicts, one for each comment that a person reviewed, as training data.

Reads them from the service's export, and splits them between articles, so that no article is both trained on and
measured on.
"""

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
"""The newest articles are held out to measure on, until they have this share of all verdicts."""

HELD_OUT_SHARE = 0.5
"""The same for the share of the verdicts that the live model was not trained on. The candidate is trained on the rest,
which is all that it can know more than the live model."""

MAX_WEIGHT = 20.0
"""The weight of a comment that was reviewed with a probability of 5 % or less."""


class NotEnoughVerdicts(Exception):
    """There are not enough verdicts to train a model on, or to measure it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """A site's verdicts as sequences of equal length, oldest first.

    `rejected` is 1 or 0, shape (verdicts,). `weights`, shape (verdicts,), make up for sampling: some comments were
    reviewed only because they were drawn at random. `articles` has article ids. `received` is the time at which the
    comment's text came in.
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
    """Read the exported verdicts. Comments that another base or encoder scored are scored again by this base."""
    assessor = _Assessor(base)
    rows = list(_read_rows(examples))
    return Verdicts(
        assessments=[assessor.assess(row) for row in rows],
        rejected=np.array([row["outcome"] == "reject" for row in rows], dtype=np.int64),
        # Inverse probability weighting (Horvitz and Thompson 1952): a comment that was reviewed with probability p
        # stands for 1/p comments. The bound keeps one comment of a random sample from outweighing a day's work.
        weights=np.array([min(1 / max(row["sampling_probability"], 1e-9), MAX_WEIGHT) for row in rows]),
        articles=[row["article_id"] for row in rows],
        received=[datetime.fromisoformat(row["received_at"]) for row in rows],
    )


def split_newest(verdicts: Verdicts, *, trained_until: datetime | None = None) -> tuple[Verdicts, Verdicts]:
    """Return older verdicts to train on, and the newest ones to measure on, without an article in both.

    The newest articles are held out until they have a quarter of all verdicts. `trained_until` is the time of the
    export that the live model was trained on. If it is given, only articles whose comments all came in later may be
    held out, until they have a quarter of all verdicts or half of such articles' verdicts, whichever is fewer. Raises
    NotEnoughVerdicts if there are too few verdicts, or too few of a label in either part.
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
    """Returns a comment's exported scores if this base computed them, or else scores it in its exported context.

    Articles and earlier comments are embedded only once, because many comments share them.
    """

    def __init__(self, base: Release) -> None:
        self._scorer = Scorer(base)
        self._base_and_encoder = (base.version, base.encoder.files_hash)
        self._embed_article = cache(lambda title, text: self._scorer.embed_article(Article(title, text)))
        self._embed_passage = cache(lambda text: Passage(text, embed_passage(base.encoder, Passage(text))))

    def assess(self, row: Mapping[str, Any]) -> Assessment:
        """Assess the comment of a row.

        Raises TypeError for a row that another base scored and that was exported without its context.
        """
        if (row["model"], row["encoder"]) == self._base_and_encoder:
            vector = np.array(row["vector"], dtype=np.float32)
            return Assessment(model=row["model"], language=row["language"], scores=row["scores"], vector=vector)
        context = row["context"]
        comment = Comment(
            text=row["text"],
            article=self._embed_article(row["article_title"], row["article_text"]),
            parent=self._embed_passage(row["parent_text"]) if row["parent_text"] else None,
            thread=tuple(map(self._embed_passage, context["thread"])),
            language=context["language"],
            copies=context["copies"],
        )
        return self._scorer.assess(comment, explain=False)


def _choose_newest(verdicts: Verdicts, *, trained_until: datetime | None) -> set[str]:
    """Return the ids of the articles to hold out."""
    verdicts_of_article = Counter(verdicts.articles)
    trained_on = {
        article
        for article, received in zip(verdicts.articles, verdicts.received, strict=True)
        if trained_until is not None and received <= trained_until
    }
    # The row of each article's newest verdict: later rows overwrite earlier ones.
    last_row = {article: row for row, article in enumerate(verdicts.articles) if article not in trained_on}
    target = NEWEST_SHARE * len(verdicts)
    if trained_until is not None:
        target = min(target, HELD_OUT_SHARE * sum(verdicts_of_article[article] for article in last_row))
    held_out: set[str] = set()
    # The articles with the newest verdicts first.
    for article in sorted(last_row, key=last_row.__getitem__, reverse=True):
        if sum(verdicts_of_article[chosen] for chosen in held_out) >= target:
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

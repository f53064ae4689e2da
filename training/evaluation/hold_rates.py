"""Measures the share of comments that each recommended threshold would hold, under their own articles."""

from collections.abc import Iterator

import numpy as np

from models.comment import Article, Comment
from models.release import Release
from models.scorer import Scorer
from training.corpora.keys import Row
from training.corpora.licensed_corpora import Corpora
from training.evaluation.results import HoldRate
from training.evaluation.scoring import is_held

SETS = ("c3", "cocolofa")
"""Corpora of comments with the titles of their articles."""

MAX_COMMENTS = 1_500
"""At most so many comments of a set are scored."""


def measure_hold_rates(corpora: Corpora, release: Release, *, seed: int) -> Iterator[HoldRate]:
    """Score comments as the service does, and yield a rate for each set and each score with a threshold."""
    scorer = Scorer(release)
    for name in SETS:
        comments = _sample_comments(corpora.rows(name), scorer, seed=seed)
        assessments = list(scorer.assess_many(comments))
        for score, threshold in release.card.thresholds.items():
            values = [assessment.scores[score] for assessment in assessments]
            # None is an abstention.
            known = [value for value in values if value is not None]
            held = sum(is_held(score, value, threshold=threshold) for value in known)
            yield HoldRate(
                set=name,
                score=score,
                threshold=threshold,
                known=len(known),
                rows=len(comments),
                held=held / max(1, len(known)),
            )


def _sample_comments(rows: list[Row], scorer: Scorer, *, seed: int) -> list[Comment]:
    titled = [row for row in rows if row["article_title"].strip()]
    sample = [titled[i] for i in np.random.default_rng(seed).permutation(len(titled))[:MAX_COMMENTS]]
    # Each article is embedded once: many comments share it, and embedding takes longer than all the rest.
    articles = {_title_and_text(row) for row in sample}
    embedded = {article: scorer.embed_article(Article(*article)) for article in articles}
    return [Comment(text=row["text"], article=embedded[_title_and_text(row)]) for row in sample]


def _title_and_text(row: Row) -> tuple[str, str]:
    return row["article_title"], row.get("article_text", "")

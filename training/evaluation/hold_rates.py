"""The share of comments under their own articles that is beyond each recommended threshold."""

from collections.abc import Iterator

import numpy as np

from models.comment import Article, Comment
from models.release import Release
from models.scorer import Scorer
from training.corpora.keys import Row
from training.corpora.registry import Corpora
from training.evaluation.results import HoldRate
from training.evaluation.scoring import is_held

SETS = ("c3", "cocolofa")
MAX_COMMENTS = 1_500
"""Comments of a set that are scored, at most: each by itself, as the service does."""


def measure_hold_rates(corpora: Corpora, release: Release, *, seed: int) -> Iterator[HoldRate]:
    """Score comments as the service does, and yield a rate for each set and each score with a threshold."""
    scorer = Scorer(release)
    for name in SETS:
        comments = _sample_comments(corpora.rows(name), scorer, seed=seed)
        assessments = list(scorer.assess_many(comments))
        for score, threshold in release.card.thresholds.items():
            known = [value for assessment in assessments if (value := assessment.scores[score]) is not None]
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
    sample = np.random.default_rng(seed).permutation(len(titled))[:MAX_COMMENTS]
    # Many comments share an article, and embedding it takes longer than all the rest.
    articles = {_article(titled[i]) for i in sample}
    embedded = {article: scorer.embed_article(Article(*article)) for article in articles}
    return [Comment(text=titled[i]["text"], article=embedded[_article(titled[i])]) for i in sample]


def _article(row: Row) -> tuple[str, str]:
    return row["article_title"], row.get("article_text", "")

"""Measures how many advertisements the spam rules find, and how often the rules are right."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.comment import Comment
from models.spam import RULES, spam_reasons
from training.corpora.licensed_corpora import Corpora
from training.evaluation.results import RuleCount, SpamResult
from training.statistics.bootstrap import rate_row

Flags = NDArray[np.bool_]

CORPUS = "youtube"
"""Comments under music videos, labelled as spam or not. The rules were not derived from them."""


def evaluate_spam(corpora: Corpora, *, seed: int) -> SpamResult:
    """Measure precision, recall and false positives of all rules together, and count each rule.

    The corpus has no near-duplicates left, so the rule about them is not measured here.
    """
    rows = corpora.rows(CORPUS)
    is_spam = np.array([row["spam"] == "1" for row in rows])
    dedup_keys = np.array([row["dedup_key"] for row in rows])
    reasons = [spam_reasons(Comment(text=row["text"])) for row in rows]
    is_flagged = np.array([bool(rules) for rules in reasons])
    # Each metric is the rate of the second flags among the rows that have the first.
    metrics = {
        "precision": (is_flagged, is_spam),
        "recall": (is_spam, is_flagged),
        "harmless held": (~is_spam, is_flagged),
    }
    return SpamResult(
        rows=tuple(
            rate_row(CORPUS, name, hits[among], groups=dedup_keys[among], seed=seed)
            for name, (among, hits) in metrics.items()
            if among.any()
        ),
        rules=tuple(_count_rules(reasons, is_spam)),
    )


def _count_rules(reasons: Sequence[tuple[str, ...]], is_spam: Flags) -> Iterator[RuleCount]:
    for rule in RULES:
        fired = np.array([rule in rules for rules in reasons])
        yield RuleCount(rule=rule, fired=int(fired.sum()), correct=int(is_spam[fired].sum()))

"""How many advertisements the spam rules find, and how often they are right; the rules learn from nobody."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.comment import Comment
from models.spam import RULES, spam_reasons
from training.corpora.registry import Corpora
from training.evaluation.bootstrap import share_row

Facts = dict[str, Any]
Flags = NDArray[np.bool_]

CORPUS = "youtube"


def evaluate_spam(corpora: Corpora, *, seed: int) -> Facts:
    """Answer precision, recall and false positives on comments under three songs, and how often each rule is right.

    The corpus has no near-copies left, so the rule about those is not measured here.
    """
    rows = corpora.rows(CORPUS)
    labels = np.array([row["spam"] == "1" for row in rows])
    texts = np.array([row["dedup_key"] for row in rows])
    found = [spam_reasons(Comment(text=row["text"])) for row in rows]
    flagged = np.array([bool(reasons) for reasons in found])
    parts = {"precision": (flagged, labels), "recall": (labels, flagged), "harmless held": (~labels, flagged)}
    return {
        "rows": [
            share_row(CORPUS, name, hits[among], groups=texts[among], seed=seed)
            for name, (among, hits) in parts.items()
            if among.any()
        ],
        "rules": list(_count_rules(found, labels)),
    }


def _count_rules(found: Sequence[tuple[str, ...]], labels: Flags) -> Iterator[Facts]:
    for rule in RULES:
        fired = np.array([rule in reasons for reasons in found])
        yield {"rule": rule, "fired": int(fired.sum()), "right": int(labels[fired].sum())}

"""A corpus that is too small to hold enough out: all its rows that no part of a release has seen, and what it says.

These are the corpus's held-out rows, and of its lessons the fifth that the encoder was not tuned on, each scored by
heads fitted without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from models.perspective_scale import CLIP
from training.corpora.registry import Corpora, key
from training.evaluation.baselines import Peer
from training.evaluation.bootstrap import Row, auc_row
from training.evaluation.paired import Pair, compare_areas
from training.evaluation.scoring import score_texts
from training.toxicity.fit import FittedToxicity

Floats = NDArray[np.float64]

CORPUS = "wikipedia_context"


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """Texts, their keys, our log-odds of toxicity, the corpus's labels and Perspective's recorded scores, (rows,)."""

    keys: Sequence[str]
    texts: Sequence[str]
    log_odds: Floats
    labels: Floats
    recorded: Floats


def gather_unseen(corpora: Corpora, toxicity: FittedToxicity, *, jobs: int = 1) -> Unseen:
    """Answer the rows of CORPUS that nothing was learned from, where Perspective's score is known."""
    # By text: twins that differ in emoji share a key, and Perspective scored each.
    records = {
        row["text"]: float(row["perspective_score"]) for row in corpora.rows(CORPUS) if row.get("perspective_score")
    }
    lessons = [
        (lesson.key, lesson.text, float(toxicity.out_of_fold[place, 0]), lesson.labels[0])
        for place, lesson in enumerate(toxicity.lessons)
        if lesson.source == CORPUS and toxicity.unseen[place] and lesson.text in records
    ]
    held_out = [row for row in corpora.held_out(CORPUS) if row["text"] in records]
    said = score_texts(toxicity.pipeline, [row["text"] for row in held_out], jobs=jobs)[:, 0]
    new = [
        (key(row), row["text"], float(odds), float(row["toxic"]))
        for row, odds in zip(held_out, to_log_odds(said), strict=True)
    ]
    keys, texts, odds, labels = zip(*lessons, *new, strict=True)
    return Unseen(
        keys=keys,
        texts=texts,
        log_odds=np.array(odds),
        labels=np.array(labels),
        recorded=np.array([records[text] for text in texts]),
    )


def measure_unseen(unseen: Unseen, ngrams: Peer, *, seed: int) -> dict[str, Row]:
    """Answer the area out of fold with its interval, and how much more it is than that of n-grams, which have not
    learned from the corpus at all. JSON, for the card's metrics under `unseen`.
    """
    name = f"{CORPUS} (out of fold)"
    groups = list(unseen.keys)
    area = auc_row(name, "AUC", labels=unseen.labels.astype(int), scores=unseen.log_odds, groups=groups, seed=seed)
    pair = Pair(labels=unseen.labels, ours=unseen.log_odds, theirs=ngrams.score(unseen.texts), groups=groups)
    return {"area": area, "beside": compare_areas(name, pair, seed=seed)}


def to_log_odds(probabilities: Floats) -> Floats:
    """Answer log-odds of probabilities, none of them infinite."""
    odds: Floats = logit(np.clip(probabilities, CLIP, 1 - CLIP))
    return odds

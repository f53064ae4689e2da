"""Evaluates a corpus whose held-out split is too small, with out-of-fold scores of training rows.

The corpus's held-out rows are pooled with a fifth of its training rows, on which the encoder was not fine-tuned. The
classifiers that score a training row were fitted without that row's fold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.corpora.keys import row_key
from training.corpora.licensed_corpora import Corpora
from training.evaluation.baselines import Baseline
from training.evaluation.results import OutOfFoldResult
from training.evaluation.scoring import score_texts
from training.release.perspective_scale import CORPUS
from training.statistics.bootstrap import PairedScores, auc_row, compare_auc
from training.statistics.metrics import to_log_odds
from training.toxicity.fit import FittedToxicity

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class OutOfFold:
    """Rows that no part of a release was trained on, with the release's log-odds of toxicity.

    `keys` are the texts' dedup keys, by which rows are resampled. `labels` are 1 for toxic. `perspective` are the
    scores of Perspective that the corpus has recorded. Every array has the shape (rows,).
    """

    keys: Sequence[str]
    texts: Sequence[str]
    log_odds: Floats
    labels: Floats
    perspective: Floats


def collect_out_of_fold(corpora: Corpora, toxicity: FittedToxicity, *, jobs: int = 1) -> OutOfFold:
    """Return the rows of CORPUS that have a score of Perspective and that no part of the release was trained on."""
    # By text, not by key: texts that differ only in emoji share a key, and Perspective scored each of them.
    perspective = {
        row["text"]: float(row["perspective_score"]) for row in corpora.rows(CORPUS) if row.get("perspective_score")
    }
    # Column 0 of the scores, and the first of the labels, are toxicity.
    training = [
        (example.key, example.text, float(toxicity.out_of_fold[i, 0]), example.labels[0])
        for i, example in enumerate(toxicity.training_set)
        if example.source == CORPUS and toxicity.held_out[i] and example.text in perspective
    ]
    rows = [row for row in corpora.held_out(CORPUS) if row["text"] in perspective]
    scores = score_texts(toxicity.pipeline, [row["text"] for row in rows], jobs=jobs)[:, 0]
    held_out = [
        (row_key(row), row["text"], float(log_odds), float(row["toxic"]))
        for row, log_odds in zip(rows, to_log_odds(scores), strict=True)
    ]
    keys, texts, log_odds, labels = zip(*training, *held_out, strict=True)
    return OutOfFold(
        keys=keys,
        texts=texts,
        log_odds=np.array(log_odds),
        labels=np.array(labels),
        perspective=np.array([perspective[text] for text in texts]),
    )


def measure_out_of_fold(rows: OutOfFold, ngrams: Baseline, *, seed: int) -> OutOfFoldResult:
    """Measure the AUC, and its difference from the AUC of n-grams. These are not trained on any row of CORPUS."""
    name = f"{CORPUS} (out of fold)"
    auc = auc_row(name, "AUC", labels=rows.labels.astype(int), scores=rows.log_odds, groups=rows.keys, seed=seed)
    pair = PairedScores(labels=rows.labels, release=rows.log_odds, baseline=ngrams.score(rows.texts), groups=rows.keys)
    return OutOfFoldResult(auc=auc, difference=compare_auc(name, pair, seed=seed))

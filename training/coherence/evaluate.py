"""Measures coherence on corrupted held-out texts, on human judgements, and on plain comments."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.pipeline import Pipeline

from training.augmentation.corruptions import SEEN, UNSEEN, Corruption
from training.coherence.fit import corrupt, read_intact_texts
from training.corpora.licensed_corpora import Corpora
from training.statistics.bootstrap import Measurement, auc_row, rate_row
from training.templates.loader import load_plain_comments

MAX_TEXTS = 3_000
COHERENCE_THRESHOLD = 0.5
"""A text with a lower coherence is called incoherent."""

MIN_LOST = 5
"""An argument of ukpconvarg2 must have lost so many comparisons with others, to have enough votes."""

MIN_UNCLEAR = 0.15
"""An argument counts as incoherent from so many votes for "unclear" or "nonsense" per lost comparison on."""


def evaluate_coherence(pipeline: Pipeline, corpora: Corpora, *, seed: int) -> list[Measurement]:
    """Measure coherence on seen and unseen corruptions, on human judgements with baselines, and on plain comments.

    Seen corruptions are those that the classifier was trained on.
    """
    comments = load_plain_comments()
    # Column 1 is the probability of the class 1, coherent.
    is_called_incoherent = pipeline.predict_proba(comments)[:, 1] < COHERENCE_THRESHOLD
    return [
        *_evaluate_corruptions(pipeline, corpora, "corruptions seen", SEEN, seed=seed),
        *_evaluate_corruptions(pipeline, corpora, "corruptions unseen", UNSEEN, seed=seed),
        *_evaluate_judgements(pipeline, corpora, seed=seed),
        rate_row("plain comments", "called incoherent", is_called_incoherent, groups=comments, seed=seed),
    ]


def _evaluate_corruptions(
    pipeline: Pipeline, corpora: Corpora, name: str, kinds: Sequence[Corruption], *, seed: int
) -> Iterator[Measurement]:
    texts = read_intact_texts(corpora, held_out=True)
    np.random.default_rng(seed).shuffle(texts)
    examples, labels, corruptions = corrupt(texts[:MAX_TEXTS], kinds, seed=seed)
    scores = pipeline.predict_proba(examples)[:, 1]
    # Even rows are intact texts, and the row after each is the same text corrupted. The two are one cluster.
    pairs = np.repeat(np.arange(len(examples) // 2), 2).astype(str)
    yield auc_row(name, "AUC", labels=labels, scores=scores, groups=pairs, seed=seed)
    is_called_incoherent = scores[::2] < COHERENCE_THRESHOLD
    yield rate_row(name, "intact, called incoherent", is_called_incoherent, groups=pairs[::2], seed=seed)
    for kind in kinds:
        # The pairs whose corrupted text is of this kind.
        rows = np.repeat(np.array(corruptions[1::2]) == kind.__name__, 2)
        metric = f"AUC, {kind.__name__}"
        yield auc_row(name, metric, labels=labels[rows], scores=scores[rows], groups=pairs[rows], seed=seed)


def _evaluate_judgements(pipeline: Pipeline, corpora: Corpora, *, seed: int) -> Iterator[Measurement]:
    """Measure on ukpconvarg2: arguments that voters called unclear or nonsense, against those that no voter did.

    The first baseline uses only the length of the text, and the second only how often it lost.
    """
    lost = [row for row in corpora.rows("ukpconvarg2") if float(row["n_lost"]) >= MIN_LOST]
    # o5_3 counts votes for "unclear", o7_2 votes for "nonsense".
    votes = np.array([(float(row["o5_3"]) + float(row["o7_2"])) / float(row["n_lost"]) for row in lost])
    is_chosen = (votes >= MIN_UNCLEAR) | (votes == 0)
    rows = [lost[row] for row in np.flatnonzero(is_chosen)]
    incoherence = {
        "AUC": 1.0 - pipeline.predict_proba([row["text"] for row in rows])[:, 1],
        "AUC, fewer words alone": np.array([-float(len(row["text"].split())) for row in rows]),
        "AUC, n_lost alone": np.array([float(row["n_lost"]) for row in rows]),
    }
    labels = (votes[is_chosen] >= MIN_UNCLEAR).astype(int)
    debates = [row["debate"] for row in rows]
    for metric, scores in incoherence.items():
        yield auc_row("ukpconvarg2", metric, labels=labels, scores=scores, groups=debates, seed=seed)

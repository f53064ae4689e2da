"""Measures coherence on corrupted held-out texts, on human judgements, and on plain comments."""

from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.pipeline import Pipeline

from training.augmentation.corruptions import SEEN, UNSEEN, Corruption
from training.coherence.fit import corrupt, read_intact_texts
from training.corpora.registry import Corpora
from training.statistics.bootstrap import Measurement, auc_row, rate_row
from training.templates.loader import load_plain_comments

MAX_TEXTS = 3_000
INCOHERENT = 0.5
"""The coherence below which a text is called incoherent."""

MIN_LOST = 5
"""Lost comparisons that an argument of ukpconvarg2 needs, to have enough votes."""

UNCLEAR = 0.15
"""Votes for "unclear" or "nonsense" per lost comparison, from which on an argument counts as incoherent."""


def evaluate_coherence(pipeline: Pipeline, corpora: Corpora, *, seed: int) -> list[Measurement]:
    """Measure coherence on seen and unseen corruptions, on human judgements with baselines, and on plain comments."""
    comments = load_plain_comments()
    is_called_incoherent = pipeline.predict_proba(comments)[:, 1] < INCOHERENT
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
    examples, labels, done = corrupt(texts[:MAX_TEXTS], kinds, seed=seed)
    scores = pipeline.predict_proba(examples)[:, 1]
    # A text and its corruption are one cluster; intact texts are the even rows.
    pairs = np.repeat(np.arange(len(examples) // 2), 2).astype(str)
    yield auc_row(name, "AUC", labels=labels, scores=scores, groups=pairs, seed=seed)
    yield rate_row(name, "intact, called incoherent", scores[::2] < INCOHERENT, groups=pairs[::2], seed=seed)
    for kind in kinds:
        rows = np.repeat(np.array(done[1::2]) == kind.__name__, 2)
        metric = f"AUC, {kind.__name__}"
        yield auc_row(name, metric, labels=labels[rows], scores=scores[rows], groups=pairs[rows], seed=seed)


def _evaluate_judgements(pipeline: Pipeline, corpora: Corpora, *, seed: int) -> Iterator[Measurement]:
    """Measure on ukpconvarg2: arguments that voters called unclear or nonsense, against those that none did.

    Two baselines know nothing of the text but its length, or how often it lost.
    """
    lost = [row for row in corpora.rows("ukpconvarg2") if float(row["n_lost"]) >= MIN_LOST]
    # o5_3 counts votes for "unclear", o7_2 votes for "nonsense".
    votes = np.array([(float(row["o5_3"]) + float(row["o7_2"])) / float(row["n_lost"]) for row in lost])
    is_chosen = (votes >= UNCLEAR) | (votes == 0)
    rows = [lost[row] for row in np.flatnonzero(is_chosen)]
    incoherence = {
        "AUC": 1.0 - pipeline.predict_proba([row["text"] for row in rows])[:, 1],
        "AUC, fewer words alone": np.array([-float(len(row["text"].split())) for row in rows]),
        "AUC, n_lost alone": np.array([float(row["n_lost"]) for row in rows]),
    }
    labels = (votes[is_chosen] >= UNCLEAR).astype(int)
    debates = [row["debate"] for row in rows]
    for metric, scores in incoherence.items():
        yield auc_row("ukpconvarg2", metric, labels=labels, scores=scores, groups=debates, seed=seed)

"""The thresholds that a release recommends, chosen on rows of training corpora that it was not trained on."""

from collections.abc import Mapping

import numpy as np
from scipy.special import expit
from sklearn.pipeline import Pipeline

from models.comment import Article, Comment
from training.corpora.registry import Corpora
from training.toxicity.fit import FittedToxicity

MAX_HARMLESS_HELD = 0.01
"""The share of harmless comments that toxicity may hold, at the card's base rate and on the card's kind of text."""

MAX_HELD = 0.01
"""The share of ordinary comments that relevance may hold, and coherence as well."""

MIN_THREAT = 0.2
"""Threats are so rare that the score seldom exceeds this. A comment that does belongs at the head of the queue."""


def choose_thresholds(
    corpora: Corpora, toxicity: FittedToxicity, relevance: Pipeline, coherence: Pipeline
) -> Mapping[str, float]:
    """Return the threshold of each score that a policy may start with."""
    natural = [row for row, example in enumerate(toxicity.training_set) if example.natural and toxicity.held_out[row]]
    harmless = [row for row in natural if toxicity.training_set[row].labels[0] == 0]
    # Column 0 is toxicity. Out-of-fold scores are log-odds, and thresholds are probabilities.
    scores = expit(toxicity.out_of_fold[harmless, 0])
    on_topic = [
        Comment(text=row["text"], article=Article(row["article_title"], row["article_description"]))
        for row in corpora.rows("fox")
    ]
    intact = [row["text"] for row in corpora.held_out("civil_spans")]
    return {
        "toxicity": round(float(np.quantile(scores, 1 - MAX_HARMLESS_HELD)), 4),
        "threat": MIN_THREAT,
        "relevance": round(float(np.quantile(relevance.predict_proba(on_topic)[:, 1], MAX_HELD)), 4),
        "coherence": round(float(np.quantile(coherence.predict_proba(intact)[:, 1], MAX_HELD)), 4),
    }

"""Chooses the thresholds that a release recommends, on rows of training corpora that it was not trained on."""

from collections.abc import Mapping

import numpy as np
from scipy.special import expit
from sklearn.pipeline import Pipeline

from models.comment import Article, Comment
from training.corpora.licensed_corpora import Corpora
from training.toxicity.fit import FittedToxicity

MAX_HARMLESS_HELD = 0.01
"""The share of harmless comments that toxicity may hold, on text like that of the natural training rows."""

MAX_HELD = 0.01
"""The share of ordinary comments that relevance may hold. The same for coherence."""

MIN_THREAT = 0.2
"""Threats are so rare that few comments reach this score. Those that do belong at the head of the queue."""


def choose_thresholds(
    corpora: Corpora, toxicity: FittedToxicity, relevance: Pipeline, coherence: Pipeline
) -> Mapping[str, float]:
    """Return the threshold of each score that a policy may start with."""
    # Natural rows come from sources where toxic rows are as frequent as on a real site.
    natural = [row for row, example in enumerate(toxicity.training_set) if example.natural and toxicity.held_out[row]]
    # Label 0 and column 0 are toxicity. Out-of-fold scores are log-odds, and thresholds are probabilities.
    harmless = [row for row in natural if toxicity.training_set[row].labels[0] == 0]
    scores = expit(toxicity.out_of_fold[harmless, 0])
    on_topic = [
        Comment(text=row["text"], article=Article(row["article_title"], row["article_description"]))
        for row in corpora.rows("fox")
    ]
    intact = [row["text"] for row in corpora.held_out("civil_spans")]
    # Toxicity holds what is above its threshold, so the quantile is a high one. The others hold what is below.
    return {
        "toxicity": round(float(np.quantile(scores, 1 - MAX_HARMLESS_HELD)), 4),
        "threat": MIN_THREAT,
        "relevance": round(float(np.quantile(relevance.predict_proba(on_topic)[:, 1], MAX_HELD)), 4),
        "coherence": round(float(np.quantile(coherence.predict_proba(intact)[:, 1], MAX_HELD)), 4),
    }

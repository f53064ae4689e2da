"""Fits a site's own model on its verdicts, and writes it with a card that states whether it beats the live model."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.pipeline import Pipeline

from models.card import Card, DataSource, sha256
from models.release import Release, write_release
from models.site_model import MODEL_FILE, build_site_model
from training.site_model.data import Verdicts, read_verdicts, split_newest
from training.site_model.release_gate import compare_models, open_live_baseline

SOURCE, LICENCE = "verdicts", "the site's own, never shared"


def fit_site_model(
    examples: Path,
    *,
    base: Release,
    live: Path | None,
    out: Path,
    seed: int,
    created_at: datetime,
    code_commit: str,
) -> Card:
    """Fit on the older articles, measure on the newest, then fit on all, and write the site model to `out`.

    `created_at` must not be before the last verdict in `examples`, because the next candidate is measured on comments
    that came in after `created_at`. Raises NotEnoughVerdicts.
    """
    verdicts, baseline = read_verdicts(examples, base), open_live_baseline(live, base)
    older, newest = split_newest(verdicts, trained_until=baseline.trained_until)
    # Column 1 is the probability of rejection.
    candidate = _fit(older, seed=seed).predict_proba(newest.assessments)[:, 1]
    metrics = compare_models(candidate, baseline.predict(newest, older=older), newest, seed=seed)
    card = Card(
        version=out.name,
        kind="site",
        created_at=created_at.astimezone(UTC),
        seed=seed,
        code_commit=code_commit,
        base=base.version,
        base_rate=float(np.average(verdicts.rejected, weights=verdicts.weights)),
        parameters={"verdicts": len(verdicts), "articles": len(set(verdicts.articles))},
        sources=(DataSource(name=SOURCE, licence=LICENCE, rows=len(verdicts), sha256=sha256(examples)),),
        metrics={**metrics, "compared_with": baseline.describe()},
        intended_use="Ordering this site's queue, and holding comments like those that its moderators reject.",
        not_for="Any other site; any use as a judgement of a person.",
    )
    return write_release(out, card, pipelines={MODEL_FILE: _fit(verdicts, seed=seed)})


def _fit(verdicts: Verdicts, *, seed: int) -> Pipeline:
    return build_site_model(seed=seed).fit(
        verdicts.assessments, verdicts.rejected, classifier__sample_weight=verdicts.weights
    )

"""Evaluating a release on the corpora, from the sets and baselines to the typed results that the report shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Memory
from numpy.typing import NDArray

from models.release import Release
from training.coherence.evaluate import evaluate_coherence
from training.corpora.keys import dedup_key
from training.corpora.licensed_corpora import Corpora
from training.evaluation.baselines import Baseline, load_baselines
from training.evaluation.behavioural_suite import measure_pass_rates, read_suite, run_suite
from training.evaluation.benchmarks import ScoredBenchmark, read_benchmarks
from training.evaluation.fairness import (
    SYNTHETIC_SET,
    evaluate_identity_auc,
    evaluate_mentions,
    evaluate_statements,
)
from training.evaluation.hold_rates import measure_hold_rates
from training.evaluation.results import Evaluation, IdentityAuc, ToxicityEvaluation
from training.evaluation.robustness import draw_sample, evaluate_obfuscations
from training.evaluation.scoring import DEFAULT_THRESHOLD, score_texts
from training.evaluation.spam import evaluate_spam
from training.evaluation.toxicity_metrics import BenchmarkResults, measure_benchmark
from training.progress import ProgressBar
from training.release.perspective_scale import ScaleAgreement, measure_scale
from training.relevance.evaluate import evaluate_relevance
from training.statistics.metrics import to_log_odds

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much is measured, and by how many threads (`jobs`).

    At most `max_rows` rows of a set are scored, `obfuscated` toxic and as many harmless comments are obfuscated, and
    `statements` about each group are scored. About `ngram_training_rows` train the n-grams. None sets no bound.
    """

    max_rows: int | None = None
    obfuscated: int = 300
    statements: int | None = None
    ngram_training_rows: int | None = None
    jobs: int = 1


QUICK = Scope(max_rows=200, obfuscated=12, statements=8, ngram_training_rows=2_000, jobs=2)
"""The scope of `evaluate --quick`, for every change of the code: a minute, with wide intervals."""


def evaluate_release(
    folder: Path,
    release: Release,
    *,
    seed: int,
    scope: Scope,
    cache: Path | None,
    with_progress: ProgressBar,
    against: Sequence[Path] = (),
) -> Evaluation:
    """Measure all scores of a release on the corpora in `folder`.

    `cache` stores embeddings and the baselines' scores for the next run. `against` are folders of other releases to
    compare with on the same rows. Raises ReleaseRefused if another release does not open.
    """
    corpora = Corpora(folder, max_rows=scope.max_rows)
    memory = Memory(cache, verbose=0)
    baselines = list(
        load_baselines(corpora, releases=against, memory=memory, sample_size=scope.ngram_training_rows, jobs=scope.jobs)
    )
    toxicity = evaluate_toxicity(
        corpora, release, seed=seed, scope=scope, baselines=baselines, with_progress=with_progress
    )
    relevance = evaluate_relevance(release.relevance, release.encoder, corpora, seed=seed, vectors=cache)
    return Evaluation(
        **vars(toxicity),
        quick=scope == QUICK,
        relevance=tuple(relevance),
        coherence=tuple(evaluate_coherence(release.coherence, corpora, seed=seed)),
        spam=evaluate_spam(corpora, seed=seed),
        suite=tuple(measure_pass_rates(run_suite(release, read_suite()))),
        hold_rates=tuple(measure_hold_rates(corpora, release, seed=seed)),
    )


def evaluate_toxicity(
    corpora: Corpora,
    release: Release,
    *,
    seed: int,
    scope: Scope,
    with_progress: ProgressBar,
    baselines: Sequence[Baseline] = (),
) -> ToxicityEvaluation:
    """Measure toxicity on every set and against every baseline, then its fairness and its robustness."""

    def score(texts: Sequence[str]) -> Floats:
        # Column 0 is toxicity, the others are its attributes.
        return score_texts(release.toxicity, texts, jobs=scope.jobs)[:, 0]

    threshold = release.card.thresholds.get("toxicity", DEFAULT_THRESHOLD)
    # Fairness and robustness use the scores again, because scoring takes most of the time.
    scored: list[ScoredBenchmark] = []
    results: list[BenchmarkResults] = []
    for benchmark in with_progress(list(read_benchmarks(corpora)), "toxicity"):
        scores = score_texts(release.toxicity, benchmark.texts, jobs=scope.jobs)
        scored.append((benchmark, scores[:, 0]))
        results.append(measure_benchmark(benchmark, scores, baselines, threshold=threshold, seed=seed))
    sample = draw_sample(scored, threshold=threshold, max_comments=scope.obfuscated, seed=seed)
    obfuscations = evaluate_obfuscations(
        release.toxicity, sample, score, threshold=threshold, jobs=scope.jobs, seed=seed, with_progress=with_progress
    )
    return ToxicityEvaluation(
        toxicity=tuple(result.toxicity for result in results),
        against=tuple(row for result in results for row in result.against),
        slices=tuple(row for result in results for row in result.slices),
        lengths=tuple(row for result in results for row in result.lengths),
        attributes=tuple(row for result in results for row in result.attributes),
        calibration=tuple(result.calibration for result in results if result.calibration),
        perspective=_evaluate_scale(scored, seed=seed),
        identity_auc=_evaluate_identity_auc(scored, seed=seed),
        statements=evaluate_statements(score, per_group=scope.statements, threshold=threshold, seed=seed),
        mentions=evaluate_mentions(scored, threshold=threshold, seed=seed),
        obfuscations=tuple(obfuscations),
    )


def _evaluate_scale(scored: Sequence[ScoredBenchmark], *, seed: int) -> ScaleAgreement | None:
    """Compare with Perspective on the one set that has its recorded scores."""
    for benchmark, toxicity in scored:
        if benchmark.perspective_scores is not None:
            keys = [dedup_key(text) for text in benchmark.texts]
            return measure_scale(
                to_log_odds(toxicity), benchmark.perspective_scores, benchmark.is_toxic, keys=keys, seed=seed
            )
    return None


def _evaluate_identity_auc(scored: Sequence[ScoredBenchmark], *, seed: int) -> IdentityAuc:
    """Measure AUC by identity term on the one set that is made of such terms."""
    for benchmark, toxicity in scored:
        if benchmark.name == SYNTHETIC_SET:
            return evaluate_identity_auc(benchmark, toxicity, seed=seed)
    return IdentityAuc()

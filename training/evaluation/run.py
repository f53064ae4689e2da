"""Measuring a release on the corpora: figures as plain data for the report; it changes nothing in the release."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Memory
from numpy.typing import NDArray

from models.comment import Article, Comment
from models.release import Release
from models.scorer import Scorer
from training.coherence.fit import evaluate_coherence
from training.corpora.registry import Corpora, Row, dedup_key
from training.evaluation.baselines import Peer, gather_peers
from training.evaluation.behavioural_suite import DEFAULT_THRESHOLD, HELD_BELOW, count_passes, read_suite, run_suite
from training.evaluation.benchmarks import Benchmark, read_benchmarks
from training.evaluation.fairness import WRITTEN, evaluate_areas, evaluate_mentions, evaluate_statements
from training.evaluation.out_of_fold import to_log_odds
from training.evaluation.robustness import draw_sample, evaluate_disguises
from training.evaluation.scoring import score_texts
from training.evaluation.spam import evaluate_spam
from training.evaluation.toxicity_metrics import (
    calibrate,
    compare,
    measure_attributes,
    slice_by_length,
    slice_up,
    summarise,
)
from training.progress import Track
from training.release.perspective_scale import measure_scale
from training.relevance.evaluate import evaluate_relevance

Floats = NDArray[np.float64]
Facts = dict[str, Any]

MAX_ORDINARY = 1_500
"""Comments under their own articles that are scored as serving does, one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is measured: at most so many rows of a set, disguised comments of each kind, statements about every
    group, and rows that the n-grams learn from; and by how many threads.
    """

    most: int | None = None
    disguised: int = 300
    statements: int | None = None
    lessons: int | None = None
    jobs: int = 1


QUICK = Extent(most=200, disguised=12, statements=8, lessons=2_000, jobs=2)
"""For every change of the code: a minute, and intervals to match."""


def evaluate_release(
    folder: Path,
    release: Release,
    *,
    seed: int,
    extent: Extent,
    cache: Path | None,
    track: Track,
    against: Sequence[Path] = (),
) -> Facts:
    """Measure all scores of a release on the corpora of a folder; answer rows, curves and tables, all JSON.

    `cache` keeps embeddings and the peers' scores for the next time. `against` are folders of other releases to be
    compared with on the same rows. Raises ReleaseRefused for one that does not open.
    """
    corpora = Corpora(folder, most=extent.most)
    memory = Memory(cache, verbose=0)
    peers = list(gather_peers(corpora, others=against, memory=memory, lessons=extent.lessons, jobs=extent.jobs))
    facts = evaluate_toxicity(corpora, release, seed=seed, extent=extent, peers=peers, track=track)
    relevance, coherence = release.relevance, release.coherence
    return facts | {
        "quick": extent == QUICK,
        "relevance": evaluate_relevance(relevance, release.encoder, corpora, seed=seed, vectors=cache),
        "coherence": evaluate_coherence(coherence, corpora, seed=seed),
        "spam": evaluate_spam(corpora, seed=seed),
        "suite": count_passes(run_suite(release, read_suite())),
        "ordinary": list(_ordinary(corpora, release, seed=seed)),
    }


def evaluate_toxicity(
    corpora: Corpora, release: Release, *, seed: int, extent: Extent, track: Track, peers: Sequence[Peer] = ()
) -> Facts:
    """Measure toxicity on every set, against every peer, then its fairness and robustness."""
    threshold = release.card.thresholds.get("toxicity", DEFAULT_THRESHOLD)
    answer: dict[str, Any] = defaultdict(list)
    scored: list[tuple[Benchmark, Floats]] = []
    for benchmark in track(list(read_benchmarks(corpora)), "toxicity"):
        scores = score_texts(release.toxicity, benchmark.texts, jobs=extent.jobs)
        said = scores[:, 0]
        scored.append((benchmark, said))
        answer["toxicity"].append(summarise(benchmark, said, threshold=threshold, seed=seed))
        answer["against"] += compare(benchmark, said, peers, seed=seed)
        answer["slices"] += slice_up(benchmark, said)
        answer["lengths"] += slice_by_length(benchmark, said)
        answer["attributes"] += measure_attributes(benchmark, scores, seed=seed)
        if benchmark.natural:
            answer["calibration"].append(calibrate(benchmark, said, seed=seed))
        if benchmark.recorded is not None:
            answer["perspective"] = _evaluate_scale(benchmark, said, seed=seed)
        if benchmark.name == WRITTEN:
            answer["areas"] = evaluate_areas(benchmark, said, seed=seed)
    return dict(answer) | _evaluate_habits(release, scored, threshold=threshold, seed=seed, extent=extent, track=track)


def _evaluate_scale(benchmark: Benchmark, said: Floats, *, seed: int) -> Facts:
    assert benchmark.recorded is not None
    keys = [dedup_key(text) for text in benchmark.texts]
    labels = benchmark.labels[:, 0]
    return measure_scale(to_log_odds(said), benchmark.recorded, labels, keys=keys, seed=seed)


def _evaluate_habits(
    release: Release,
    scored: Sequence[tuple[Benchmark, Floats]],
    *,
    threshold: float,
    seed: int,
    extent: Extent,
    track: Track,
) -> Facts:
    """Measure what a release does where a group is named, and where a comment is disguised."""

    def score(texts: Sequence[str]) -> Floats:
        return score_texts(release.toxicity, texts, jobs=extent.jobs)[:, 0]

    sample = draw_sample(scored, threshold=threshold, most=extent.disguised, seed=seed)
    return {
        "statements": evaluate_statements(score, most=extent.statements, threshold=threshold, seed=seed),
        "mentions": evaluate_mentions(scored, threshold=threshold, seed=seed),
        "disguises": evaluate_disguises(
            release.toxicity, sample, score, threshold=threshold, jobs=extent.jobs, seed=seed, track=track
        ),
    }


def _ordinary(corpora: Corpora, release: Release, *, seed: int) -> Iterable[Facts]:
    """Score comments under their own articles, and say what share is beyond each recommended threshold."""
    scorer = Scorer(release)
    for name in ("c3", "cocolofa"):
        rows = [row for row in corpora.rows(name) if row["article_title"].strip()]
        chosen = np.random.default_rng(seed).permutation(len(rows))[:MAX_ORDINARY]
        articles = {_article(rows[row]) for row in chosen}
        embedded = {article: scorer.embed_article(Article(*article)) for article in articles}
        comments = [Comment(text=rows[row]["text"], article=embedded[_article(rows[row])]) for row in chosen]
        assessments = list(scorer.assess_many(comments))
        for score, threshold in release.card.thresholds.items():
            known = [value for one in assessments if (value := one.scores[score]) is not None]
            held = [value <= threshold if score in HELD_BELOW else value >= threshold for value in known]
            share = sum(held) / max(1, len(held))
            yield {
                "set": name,
                "score": score,
                "threshold": threshold,
                "known": len(known),
                "rows": len(comments),
                "held": share,
            }


def _article(row: Row) -> tuple[str, str]:
    return row["article_title"], row.get("article_text", "")

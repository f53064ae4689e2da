"""Measuring a release on the corpora: figures as plain data for the report; it changes nothing in the release."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline

from models.comment import Article, Comment
from models.release import Release
from models.scorer import Scorer
from models.toxicity import TARGETS
from training.benchmarks import Benchmark, read_benchmarks
from training.coherence import evaluate_coherence
from training.corpora import Corpora, Row
from training.disguising import DISGUISES, disguise
from training.intervals import auc_row
from training.measures import (
    calibration_bins,
    calibration_error,
    precision_points,
    recall_when_held,
    roc_points,
    share_below,
)
from training.placement import evaluate_relevance

Floats = NDArray[np.float64]
Facts = dict[str, Any]
Track = Callable[[Iterable[Any], str], Iterable[Any]]
"""Shows progress while something is gone through, under a name."""

WORKLOADS = (0.05, 0.1, 0.2)
MOST_ORDINARY = 1_500
"""Comments under their own articles that are scored as serving does, one by one."""

FEWEST_OF_A_SLICE = 100
FEWEST_POSITIVES = 8
HELD_BELOW = frozenset(("relevance", "coherence"))
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is measured: at most so many rows of a set, and how many processes."""

    most: int | None = None
    jobs: int = 1


QUICK = Extent(most=200)
"""For every change of the code: a minute, and intervals to match."""


def evaluate_release(
    folder: Path, release: Release, *, seed: int, extent: Extent, cache: Path | None, track: Track
) -> Facts:
    """Measure all scores of a release on the corpora of a folder; answer rows, curves and tables, all JSON.

    `cache` keeps embeddings for the next time.
    """
    corpora = Corpora(folder, most=extent.most)
    facts = evaluate_toxicity(corpora, release, seed=seed, extent=extent, track=track)
    relevance, coherence = release.relevance, release.coherence
    return facts | {
        "quick": extent == QUICK,
        "relevance": evaluate_relevance(relevance, release.encoder, corpora, seed=seed, vectors=cache),
        "coherence": evaluate_coherence(coherence, corpora, seed=seed),
        "ordinary": list(_ordinary(corpora, release, seed=seed)),
    }


def evaluate_toxicity(corpora: Corpora, release: Release, *, seed: int, extent: Extent, track: Track) -> Facts:
    """Measure toxicity on every set."""
    answer: dict[str, list[Facts]] = defaultdict(list)
    for benchmark in track(list(read_benchmarks(corpora)), "toxicity"):
        scores = score_texts(release.toxicity, benchmark.texts, jobs=extent.jobs)
        answer["toxicity"].append(_summary(benchmark, scores, release, seed=seed))
        answer["slices"] += _slices(benchmark, scores[:, 0])
        answer["lengths"] += _by_length(benchmark, scores[:, 0])
        answer["attributes"] += _attributes(benchmark, scores, seed=seed)
        if benchmark.natural:
            answer["calibration"].append(_calibration(benchmark, scores[:, 0]))
        if benchmark.name.startswith("civil_balanced"):
            answer["evasion"] = list(_evasion(benchmark, scores[:, 0], release, extent, track=track))
    return dict(answer)


def _ordinary(corpora: Corpora, release: Release, *, seed: int) -> Iterable[Facts]:
    """Score comments under their own articles, and say what share is beyond each recommended threshold."""
    scorer = Scorer(release)
    for name in ("c3", "cocolofa"):
        rows = [row for row in corpora.rows(name) if row["article_title"].strip()]
        chosen = np.random.default_rng(seed).permutation(len(rows))[:MOST_ORDINARY]
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


def score_texts(pipeline: Pipeline, texts: Sequence[str], *, jobs: int = 1) -> Floats:
    """Answer probabilities, shape (texts, targets), as the pipeline gives them for each text alone."""
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    return np.concatenate(Parallel(n_jobs=jobs)(delayed(pipeline.predict_proba)(chunk) for chunk in chunks))


def _summary(benchmark: Benchmark, scores: Floats, release: Release, *, seed: int) -> Facts:
    labels, said = benchmark.labels[:, 0], scores[:, 0]
    row = auc_row(benchmark.name, "AUC", labels=labels.astype(int), scores=said, groups=benchmark.groups, seed=seed)
    threshold = release.card.thresholds.get("toxicity", 0.5)
    held, missed = share_below(labels, said, threshold=threshold)
    return {
        **row,
        "positives": int(labels.sum()),
        "copies": benchmark.copies,
        "floor": benchmark.floor,
        "recall": [recall_when_held(labels, said, share=share) for share in WORKLOADS],
        "held": held,
        "missed": missed,
        "roc": asdict(roc_points(labels, said)),
        "precision": asdict(precision_points(labels, said)),
    }


def _calibration(benchmark: Benchmark, said: Floats) -> Facts:
    table = calibration_bins(said, benchmark.labels[:, 0])
    return {"set": benchmark.name, "error": calibration_error(table), "bins": [asdict(part) for part in table]}


def _attributes(benchmark: Benchmark, scores: Floats, *, seed: int) -> list[Facts]:
    rows = []
    for column, name in enumerate(TARGETS[1:], start=1):
        known = ~np.isnan(benchmark.labels[:, column])
        labels = benchmark.labels[known, column].astype(int)
        if FEWEST_POSITIVES <= labels.sum() < len(labels):
            groups = [group for group, is_known in zip(benchmark.groups, known, strict=True) if is_known]
            row = auc_row(benchmark.name, name, labels=labels, scores=scores[known, column], groups=groups, seed=seed)
            rows.append({**row, "positives": int(labels.sum())})
    return rows


def _slices(benchmark: Benchmark, said: Floats) -> list[Facts]:
    return [
        fact | {"set": benchmark.name}
        for fact in _areas(benchmark.labels[:, 0], said, np.array(benchmark.slices))
        if fact["slice"]
    ]


def _by_length(benchmark: Benchmark, said: Floats) -> list[Facts]:
    words = np.array([len(text.split()) for text in benchmark.texts])
    names = np.select([words <= 10, words <= 40], ["up to 10 words", "11 to 40"], "over 40")  # noqa: PLR2004
    return [fact | {"set": benchmark.name} for fact in _areas(benchmark.labels[:, 0], said, names)]


def _areas(labels: Floats, said: Floats, names: NDArray[np.str_]) -> list[Facts]:
    facts = []
    for name in np.unique(names):
        rows = names == name
        if rows.sum() >= FEWEST_OF_A_SLICE and FEWEST_POSITIVES <= labels[rows].sum() < rows.sum():
            auc = float(roc_auc_score(labels[rows], said[rows]))
            high = float(said[rows & (labels == 0)].mean())
            facts.append({"slice": str(name), "rows": int(rows.sum()), "auc": auc, "mean_of_negatives": high})
    return facts


def _evasion(benchmark: Benchmark, said: Floats, release: Release, extent: Extent, *, track: Track) -> Iterable[Facts]:
    """Disguise the word that weighs most in each toxic comment, and score again."""
    labels = benchmark.labels[:, 0]
    yield {"disguise": "none", "auc": float(roc_auc_score(labels, said)), "kept": 1.0}
    for name in track(DISGUISES, "disguises"):
        texts = [
            disguise(release.toxicity, text, how=name) if label else text
            for text, label in zip(benchmark.texts, labels, strict=True)
        ]
        again = score_texts(release.toxicity, texts, jobs=extent.jobs)[:, 0]
        kept = float(again[labels == 1].mean() / said[labels == 1].mean())
        yield {"disguise": name, "auc": float(roc_auc_score(labels, again)), "kept": kept}

"""What an obfuscation costs: the recall that is kept, and the false positives that it adds.

A model that flags anything odd is not robust. So the same obfuscation is measured at the same threshold on toxic
comments that are held when they are plain, and on harmless ones that are not. Comments that it leaves unchanged do not
count, and neither do harmless comments that it frees.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from training.augmentation.obfuscations import OBFUSCATIONS, WHOLE_TEXT, find_most_toxic_word, obfuscate
from training.evaluation.benchmarks import Benchmark, ScoredBenchmark
from training.evaluation.results import ObfuscationResult
from training.evaluation.scoring import ToxicityScorer
from training.progress import ProgressBar
from training.statistics.bootstrap import Measurement, rate_row

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOXIC_SETS = ("wikipedia_talk (held out)", "civil_balanced (held out)", "civil_spans (held out)")
HARMLESS_SETS = ("wikipedia_talk (held out)", "civil_balanced (held out)", "ucc", "c3")
MAX_CHARS = 1_000
"""Characters of a comment: one obfuscated word in a longer text is no attempt to get past a filter."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Comments to obfuscate: toxic ones that are all held when plain, and harmless ones with 1 for each held plain."""

    toxic: Sequence[str]
    harmless: Sequence[str]
    harmless_held: Floats


def draw_sample(scored: Sequence[ScoredBenchmark], *, threshold: float, max_comments: int, seed: int) -> Sample:
    """Sample at most `max_comments` of each class, as many from each set."""

    def draw(names: Iterable[str], is_wanted: Callable[[Benchmark, Floats], Flags]) -> list[tuple[str, float]]:
        chosen = [(benchmark, toxicity) for benchmark, toxicity in scored if benchmark.name in names]
        drawn: list[tuple[str, float]] = []
        for benchmark, toxicity in chosen:
            rows = np.random.default_rng(seed).permutation(np.flatnonzero(is_wanted(benchmark, toxicity)))
            short = [row for row in rows if len(benchmark.texts[row]) <= MAX_CHARS]
            drawn += [(benchmark.texts[row], float(toxicity[row])) for row in short[: max_comments // len(chosen)]]
        return drawn

    toxic = draw(TOXIC_SETS, lambda benchmark, toxicity: (benchmark.is_toxic == 1) & (toxicity >= threshold))
    harmless = draw(HARMLESS_SETS, lambda benchmark, _: benchmark.is_toxic == 0)
    held = np.array([float(toxicity >= threshold) for _, toxicity in harmless])
    return Sample([text for text, _ in toxic], [text for text, _ in harmless], held)


def evaluate_obfuscations(
    pipeline: Pipeline,
    sample: Sample,
    score: ToxicityScorer,
    *,
    threshold: float,
    jobs: int,
    seed: int,
    with_progress: ProgressBar,
) -> list[ObfuscationResult]:
    """Measure the recall kept and the false positives added by each obfuscation, of one word or of the whole text."""
    texts = [*sample.toxic, *sample.harmless]
    # The span of the most toxic word is found once, in the plain text, and used by every obfuscation.
    spans = list(
        Parallel(n_jobs=jobs, prefer="threads")(delayed(find_most_toxic_word)(pipeline, text) for text in texts)
    )
    return [
        _measure(name, sample, spans, score, threshold=threshold, seed=seed)
        for name in with_progress([*OBFUSCATIONS, *WHOLE_TEXT], "obfuscations")
    ]


def _measure(
    name: str, sample: Sample, spans: Sequence[tuple[int, int]], score: ToxicityScorer, *, threshold: float, seed: int
) -> ObfuscationResult:
    texts = [*sample.toxic, *sample.harmless]
    obfuscated = [obfuscate(text, span, how=name) for text, span in zip(texts, spans, strict=True)]
    is_changed = np.array([before != after for before, after in zip(texts, obfuscated, strict=True)])
    is_held = score(obfuscated) >= threshold
    # The first rows are the toxic comments, the others the harmless ones.
    count = len(sample.toxic)
    still_held = is_held[:count][is_changed[:count]]
    newly_held = is_held[count:][is_changed[count:] & (sample.harmless_held == 0)]
    return ObfuscationResult(
        obfuscation=name,
        recall_kept=_rate(name, "recall kept", still_held, seed=seed),
        false_positives_added=_rate(name, "false positives added", newly_held, seed=seed),
    )


def _rate(name: str, metric: str, hits: Flags, *, seed: int) -> Measurement | None:
    if not len(hits):
        return None
    # Each comment is a cluster of its own.
    return rate_row(name, metric, hits, groups=[str(row) for row in range(len(hits))], seed=seed)

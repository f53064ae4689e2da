"""Measures what an obfuscation costs: the recall that is kept, and the false positives that are added.

A model that flags anything odd is not robust. So each obfuscation is measured on toxic comments that are held when
they are plain, and on harmless ones that are not held when they are plain, at the same threshold. Comments that an
obfuscation does not change are left out.
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
"""Longer comments are left out: one obfuscated word in them is no attempt to get past a filter."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Comments to obfuscate. All toxic ones are held when plain.

    `harmless_held` is 1 for each harmless comment that is held when plain, else 0, shape (harmless,).
    """

    toxic: Sequence[str]
    harmless: Sequence[str]
    harmless_held: Floats


def draw_sample(scored: Sequence[ScoredBenchmark], *, threshold: float, max_comments: int, seed: int) -> Sample:
    """Sample at most `max_comments` toxic and as many harmless comments, the same number from each set."""

    def draw(names: Iterable[str], is_wanted: Callable[[Benchmark, Floats], Flags]) -> list[tuple[str, float]]:
        """Return texts with their toxicity, from the sets of these names."""
        sets = [(benchmark, toxicity) for benchmark, toxicity in scored if benchmark.name in names]
        drawn: list[tuple[str, float]] = []
        for benchmark, toxicity in sets:
            rows = np.random.default_rng(seed).permutation(np.flatnonzero(is_wanted(benchmark, toxicity)))
            short = [row for row in rows if len(benchmark.texts[row]) <= MAX_CHARS]
            drawn += [(benchmark.texts[row], float(toxicity[row])) for row in short[: max_comments // len(sets)]]
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
    """Measure the recall kept and the false positives added by each obfuscation, of one word or of the whole text.

    `score` returns the toxicity of texts; `pipeline` finds the most toxic word of each.
    """
    texts = [*sample.toxic, *sample.harmless]
    # Every obfuscation of one word changes the same span, which is found once in the plain text.
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
    toxic, harmless = slice(len(sample.toxic)), slice(len(sample.toxic), None)
    still_held = is_held[toxic][is_changed[toxic]]
    newly_held = is_held[harmless][is_changed[harmless] & (sample.harmless_held == 0)]
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

"""What a disguise costs: recall kept, and false positives that it adds on harmless comments; teaches nothing.

Firing at anything odd is no robustness, so both are measured by the same change at the same threshold: of toxic
comments that are held as they are, and of harmless ones that are not. Comments that it leaves as they are count in
neither, and harmless ones that it frees make up for none that it gets held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from training.augmentation.obfuscations import DISGUISES, WHOLE, disguise_at, find_worst
from training.evaluation.benchmarks import Benchmark
from training.evaluation.bootstrap import share_row
from training.evaluation.fairness import Score
from training.progress import Track

Floats = NDArray[np.float64]
Facts = dict[str, Any]
Scored = Sequence[tuple[Benchmark, Floats]]

TOXIC_FROM = ("wikipedia_talk (held out)", "civil_balanced (held out)", "civil_spans (held out)")
HARMLESS_FROM = ("wikipedia_talk (held out)", "civil_balanced (held out)", "ucc", "c3")
MAX_CHARS = 1_000
"""Characters: a disguised word in a longer text is no attempt to slip it past anybody."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Comments to disguise: toxic ones, all of them held as they are, and harmless ones with whether they are."""

    toxic: Sequence[str]
    harmless: Sequence[str]
    held: Floats


def draw_sample(scored: Scored, *, threshold: float, most: int, seed: int) -> Sample:
    """Draw at most so many of each kind from the sets, each set alike."""
    toxic = _drawn(scored, TOXIC_FROM, lambda label, said: (label == 1) & (said >= threshold), most, seed)
    harmless = _drawn(scored, HARMLESS_FROM, lambda label, _: label == 0, most, seed)
    held = np.array([float(said >= threshold) for _, said in harmless])
    return Sample([text for text, _ in toxic], [text for text, _ in harmless], held)


def evaluate_disguises(
    pipeline: Pipeline, sample: Sample, score: Score, *, threshold: float, jobs: int, seed: int, track: Track
) -> list[Facts]:
    """Answer for each disguise the recall kept and the share of false positives added, both with intervals.

    None where the disguise changes no comment of the kind.
    """
    everything = [*sample.toxic, *sample.harmless]
    found = Parallel(n_jobs=jobs, prefer="threads")(delayed(find_worst)(pipeline, text) for text in everything)
    return [
        _measure(name, sample, list(found), score, threshold=threshold, seed=seed)
        for name in track([*DISGUISES, *WHOLE], "disguises")
    ]


def _measure(
    name: str, sample: Sample, places: Sequence[tuple[int, int]], score: Score, *, threshold: float, seed: int
) -> Facts:
    texts = [*sample.toxic, *sample.harmless]
    disguised = [disguise_at(text, place, how=name) for text, place in zip(texts, places, strict=True)]
    changed = np.array([text != other for text, other in zip(texts, disguised, strict=True)])
    held = score(disguised) >= threshold
    count = len(sample.toxic)
    still = held[:count][changed[:count]]
    newly = held[count:][changed[count:] & (sample.held == 0)]
    return {
        "disguise": name,
        **{
            measure: share_row(name, measure, hits, groups=_numbers(len(hits)), seed=seed) if len(hits) else None
            for measure, hits in (("kept", still), ("added", newly))
        },
    }


def _drawn(scored: Scored, names: Iterable[str], wanted: Any, most: int, seed: int) -> list[tuple[str, float]]:
    chosen: list[tuple[str, float]] = []
    sets = [(benchmark, said) for benchmark, said in scored if benchmark.name in names]
    for benchmark, said in sets:
        rows = np.flatnonzero(wanted(benchmark.labels[:, 0], said))
        shuffled = np.random.default_rng(seed).permutation(rows)
        kept = [(benchmark.texts[row], float(said[row])) for row in shuffled if len(benchmark.texts[row]) <= MAX_CHARS]
        chosen += kept[: most // len(sets)]
    return chosen


def _numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]

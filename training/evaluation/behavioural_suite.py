"""The behavioural test suite: hand-written sentences, each with the outcome that it should have (Ribeiro et al. 2020).

No model may be trained on these sentences, or the suite would measure nothing. An outcome refers to the thresholds
that a release recommends. `held` means that the score is beyond its threshold, `passed` that it is not, and `unknown`
that the model abstains.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from models.comment import SCORES, Article, Comment
from models.release import Release
from models.scorer import Scorer
from training.evaluation.results import Outcome, PassRate
from training.evaluation.scoring import DEFAULT_THRESHOLD, is_held
from training.statistics.metrics import wilson_interval

SUITE = Path(__file__).parents[2] / "models" / "suite" / "comments.csv"

ALTERNATIVES = {"threat": "toxicity"}
"""For a score, a second one that may hold the case. A threat that is held for its toxicity reaches a person as well."""

ARTICLE = Article(
    "Council votes to close Alder Street bridge until spring",
    "The council voted nine to four on Tuesday to close the Alder Street bridge for repairs. Engineers had found rust "
    "in two of its piers. Buses will take the ring road, and the ferry will run every half hour until the bridge opens "
    "again in spring. Shopkeepers on the east bank asked for lower rates while it is shut.",
)
"""The invented article under which the sentences are scored."""


@dataclass(frozen=True, slots=True)
class BehaviouralCase:
    """A sentence, the function that it tests, such as negation, and the expected outcome of one score."""

    function: str
    text: str
    score: str
    expected: Outcome


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The outcome of a case. `value` is the case's score, None if the release abstains."""

    case: BehaviouralCase
    observed: Outcome
    value: float | None

    @property
    def has_passed(self) -> bool:
        """Whether the outcome is the expected one."""
        return self.observed == self.case.expected


def read_suite(path: Path = SUITE) -> list[BehaviouralCase]:
    """Read the cases. Raises ValueError for an unknown score or outcome, and OSError."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if row["score"] not in SCORES or row["expected"] not in get_args(Outcome):
            raise ValueError(f"{path.name} has an unknown score or expectation: {row['score']} {row['expected']}")
    return [BehaviouralCase(row["function"], row["text"], row["score"], row["expected"]) for row in rows]  # type: ignore[arg-type] # checked above


def run_suite(release: Release, cases: Iterable[BehaviouralCase]) -> list[CaseResult]:
    """Score every case as the service does, under ARTICLE."""
    scorer = Scorer(release)
    article = scorer.embed_article(ARTICLE)
    results = []
    for case in cases:
        scores = scorer.assess(Comment(text=case.text, article=article), explain=False).scores
        names = [case.score]
        if case.score in ALTERNATIVES:
            names.append(ALTERNATIVES[case.score])
        observed = [_observe(name, scores[name], release.card.thresholds.get(name)) for name in names]
        # A case counts as held if either score holds it; otherwise its own score decides.
        results.append(CaseResult(case, "held" if "held" in observed else observed[0], scores[case.score]))
    return results


def measure_pass_rates(results: Sequence[CaseResult]) -> list[PassRate]:
    """Return the pass rate of each function, in the suite's order, with its 95 % interval (Wilson 1927)."""
    rates = []
    for function in dict.fromkeys(result.case.function for result in results):
        of_function = [result for result in results if result.case.function == function]
        passed = np.array([float(result.has_passed) for result in of_function])
        low, high = wilson_interval(passed)
        rates.append(
            PassRate(
                function=function,
                # All cases of a function test the same score and expect the same outcome.
                score=of_function[0].case.score,
                expected=of_function[0].case.expected,
                n=len(of_function),
                passed=int(passed.sum()),
                value=float(passed.mean()),
                low=low,
                high=high,
            )
        )
    return rates


def _observe(score: str, value: float | None, threshold: float | None) -> Outcome:
    if value is None:
        return "unknown"
    if threshold is None:
        threshold = DEFAULT_THRESHOLD
    return "held" if is_held(score, value, threshold=threshold) else "passed"

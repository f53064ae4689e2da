"""The suite that ships: sentences of ours with what should happen to each, run without any corpus; it teaches nothing.

Nothing may ever learn from them, or they would measure nothing. What is expected refers to a release's recommended
thresholds: `held` is beyond the score's, `passed` is not, `unknown` is an abstention.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from models.comment import SCORES, Article, Comment
from models.release import Release
from models.scorer import Scorer
from training.evaluation.metrics import wilson

SUITE_FILE = "suite.csv"
PACKAGED = Path(__file__).parents[1] / "models" / "suite" / "comments.csv"
DEFAULT_THRESHOLD = 0.5
HELD_BELOW = frozenset(("relevance", "coherence"))
OR_ELSE = {"threat": "toxicity"}
"""A threat that is held for its toxicity has reached a person as well."""

Expected = Literal["held", "passed", "unknown"]
Facts = dict[str, Any]

ARTICLE = Article(
    "Council votes to close Alder Street bridge until spring",
    "The council voted nine to four on Tuesday to close the Alder Street bridge for repairs. Engineers had found rust "
    "in two of its piers. Buses will take the ring road, and the ferry will run every half hour until the bridge opens "
    "again in spring. Shopkeepers on the east bank asked for lower rates while it is shut.",
)
"""What the sentences are judged under: an invented article."""


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, what it is for, and what should become of one of its scores."""

    function: str
    text: str
    score: str
    expected: Expected


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case; `value` is its score, None where the release abstains."""

    case: Case
    found: Expected
    value: float | None

    @property
    def has_passed(self) -> bool:
        """Whether what should happen did."""
        return self.found == self.case.expected


def find_suite(release: Path) -> Path:
    """Answer the suite that came with a release, or else the one that came with this package."""
    own = release / SUITE_FILE
    return own if own.exists() else PACKAGED


def read_suite(path: Path = PACKAGED) -> list[Case]:
    """Read the cases. Raises ValueError for a score or an expectation that there is not, and OSError."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        if row["score"] not in SCORES or row["expected"] not in get_args(Expected):
            raise ValueError(f"{path.name} has no sense in it: {row['score']} {row['expected']}")
    return [Case(row["function"], row["text"], row["score"], row["expected"]) for row in rows]  # type: ignore[arg-type] # checked above


def run_suite(release: Release, cases: Iterable[Case]) -> list[Outcome]:
    """Score every case as serving does, under an article about a bridge."""
    scorer = Scorer(release)
    article = scorer.embed_article(ARTICLE)
    outcomes = []
    for case in cases:
        scores = scorer.assess(Comment(text=case.text, article=article), explain=False).scores
        names = [case.score, *([OR_ELSE[case.score]] if case.score in OR_ELSE else [])]
        found = [_judge(name, scores[name], release.card.thresholds.get(name, DEFAULT_THRESHOLD)) for name in names]
        outcomes.append(Outcome(case, "held" if "held" in found else found[0], scores[case.score]))
    return outcomes


def count_passes(outcomes: Sequence[Outcome]) -> list[Facts]:
    """Answer the pass rate of each function, in the suite's order, with its 95 % interval (Wilson 1927)."""
    rows = []
    for function in dict.fromkeys(outcome.case.function for outcome in outcomes):
        part = [outcome for outcome in outcomes if outcome.case.function == function]
        passed = np.array([float(outcome.has_passed) for outcome in part])
        low, high = wilson(passed)
        rows.append(
            {
                "function": function,
                "score": part[0].case.score,
                "expected": part[0].case.expected,
                "n": len(part),
                "passed": int(passed.sum()),
                "value": float(passed.mean()),
                "low": low,
                "high": high,
            }
        )
    return rows


def _judge(score: str, value: float | None, threshold: float) -> Expected:
    if value is None:
        return "unknown"
    is_held = value <= threshold if score in HELD_BELOW else value >= threshold
    return "held" if is_held else "passed"

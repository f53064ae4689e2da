"""Replay: what another policy would do with comments that were decided already, and how often that would be wrong.

Only thresholds are replayed. What the other rules found (a closed article, a blocked word, a trusted author) is taken
from the decision that was made.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.comment import ATTRIBUTES
from service.domain.policy.rules import HELD_WHEN_BELOW, Outcome
from service.domain.proportions import Proportion, Stratum, count_proportion, weighted_proportion

Thresholds = Mapping[str, float | None]

TRUSTED = "author_trusted"
RULES_BEFORE_TRUST = ("threat",)
SCORE_RULES = (
    "toxicity",
    *(name for name in ATTRIBUTES if name != "threat"),
    "likely_to_reject",
    "relevance",
    "coherence",
)
"""The score rules in the order of the policy; a trusted author's comments only ever meet `RULES_BEFORE_TRUST`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastComment:
    """The newest decision on a comment. `others` is the gravest outcome that rules without a threshold called for.

    `sampled` says whether it was drawn for review, with `sampling_probability`; `breaks_rules` is what a person said
    of it, None where nobody did. `counted` ones stand for all comments; the others are here for their verdicts only.
    """

    id: str
    scores: Mapping[str, float | None]
    others: Outcome
    trusted: bool
    sampling_probability: float
    sampled: bool
    breaks_rules: bool | None
    counted: bool = True

    @property
    def was_reviewed_by_chance(self) -> bool:
        """Whether its verdict speaks for others, too: one that came by a report or an appeal alone does not."""
        return self.sampled and self.breaks_rules is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Past comments to try policies on: every `each`-th one is counted, and all that were reviewed are among them."""

    comments: Sequence[PastComment]
    each: int = 1

    @property
    def total(self) -> int:
        """About how many comments they stand for; exactly where every one is counted."""
        return self.each * sum(comment.counted for comment in self.comments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a policy does with the comments it was tried on; `wrongly_…` are shares of what it approves or holds."""

    comments: int
    approved: int
    held: int
    automatic_share: Proportion
    held_share: Proportion
    wrongly_approved: Proportion
    wrongly_held: Proportion

    @property
    def mistakes_let_through(self) -> tuple[float, float, float] | None:
        """How many approved comments break the rules: expected, at least, at most; None where nobody looked."""
        return _count(self.wrongly_approved, self.approved)

    @property
    def mistakes_held_back(self) -> tuple[float, float, float] | None:
        """How many held comments break no rule: expected, at least, at most; None where nobody looked."""
        return _count(self.wrongly_held, self.held)


def replay(comments: Iterable[PastComment], thresholds: Thresholds) -> list[Outcome]:
    """The outcomes that `policy.decide` would come to with these thresholds, one a comment."""
    lines = {name: threshold for name, threshold in thresholds.items() if threshold is not None}
    early = [(name, lines[name], name in HELD_WHEN_BELOW) for name in RULES_BEFORE_TRUST if name in lines]
    late = early + [(name, lines[name], name in HELD_WHEN_BELOW) for name in SCORE_RULES if name in lines]
    return [
        _hold_beyond(comment, early if comment.trusted else late)
        if comment.others is Outcome.APPROVE
        else comment.others
        for comment in comments
    ]


def forecast(past: History, thresholds: Thresholds) -> Forecast:
    """Tries thresholds on past comments. Mistakes are weighed from those drawn for review, the rest is counted."""
    by_outcome: dict[Outcome, list[PastComment]] = {outcome: [] for outcome in Outcome}
    for comment, outcome in zip(past.comments, replay(past.comments, thresholds), strict=True):
        by_outcome[outcome].append(comment)
    approved, held = by_outcome[Outcome.APPROVE], by_outcome[Outcome.HOLD]
    counted = sum(comment.counted for comment in past.comments)
    counted_held = sum(comment.counted for comment in held)
    return Forecast(
        comments=past.total,
        approved=past.each * sum(comment.counted for comment in approved),
        held=past.each * counted_held,
        automatic_share=count_proportion(counted - counted_held, counted),
        held_share=count_proportion(counted_held, counted),
        wrongly_approved=weighted_proportion(stratify(approved, each=past.each, required_reviews=True)),
        wrongly_held=weighted_proportion(stratify(held, each=past.each, required_reviews=False)),
    )


def stratify(comments: Iterable[PastComment], *, each: int, required_reviews: bool) -> list[Stratum]:
    """Comments by the probability with which they were drawn; found are those of which a person said `required_reviews`."""
    counts: dict[float, list[int]] = defaultdict(lambda: [0, 0, 0])
    for comment in comments:
        stratum = counts[comment.sampling_probability]
        stratum[0] += each * comment.counted
        if comment.was_reviewed_by_chance:
            stratum[1] += 1
            stratum[2] += comment.breaks_rules is required_reviews
    return [Stratum(size=max(size, seen), looked_at=seen, found=found) for size, seen, found in counts.values()]


def _hold_beyond(comment: PastComment, lines: Sequence[tuple[str, float, bool]]) -> Outcome:
    scores = comment.scores
    for name, threshold, from_below in lines:
        score = scores.get(name)
        # An unknown score is never beyond its threshold.
        if score is not None and (score <= threshold if from_below else score >= threshold):
            return Outcome.HOLD
    return Outcome.APPROVE


def _count(share: Proportion, among: int) -> tuple[float, float, float] | None:
    return None if share.value is None else (share.value * among, share.low * among, share.high * among)

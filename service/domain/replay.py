"""Replay: what another policy would do with comments that were decided already, and how often that would be wrong.

Only thresholds are replayed. What the other rules found (a closed article, a blocked word, a trusted author) is taken
from the decision that was made.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.comment import ATTRIBUTES
from service.domain.policy import BELOW, Outcome
from service.domain.shares import Share, Stratum, bound_share, count_share, weigh_share

Thresholds = Mapping[str, float | None]

TRUSTED = "author_trusted"
BEFORE_TRUST = ("threat",)
SCORE_RULES = (
    "toxicity",
    *(name for name in ATTRIBUTES if name != "threat"),
    "likely_to_reject",
    "relevance",
    "coherence",
)
"""The score rules in the order of the policy; a trusted author's comments only ever meet `BEFORE_TRUST`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastComment:
    """The newest decision on a comment. `others` is the gravest outcome that rules without a threshold called for.

    `sampled` says whether it was drawn for review, with `sampling_probability`; `breaks_rules` is what a person said
    of it, None where nobody did.
    """

    id: str
    scores: Mapping[str, float | None]
    others: Outcome
    trusted: bool
    sampling_probability: float
    sampled: bool
    breaks_rules: bool | None

    @property
    def was_reviewed_by_chance(self) -> bool:
        """Whether its verdict speaks for others, too: one that came by a report or an appeal alone does not."""
        return self.sampled and self.breaks_rules is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a policy does with the comments it was tried on; `wrongly_…` are shares of what it approves or holds."""

    comments: int
    approved: int
    held: int
    automatic_share: Share
    held_share: Share
    wrongly_approved: Share
    wrongly_held: Share

    @property
    def mistakes_let_through(self) -> tuple[float, float, float] | None:
        """How many approved comments break the rules: expected, at least, at most; None where nobody looked."""
        return _count(self.wrongly_approved, self.approved)

    @property
    def mistakes_held_back(self) -> tuple[float, float, float] | None:
        """How many held comments break no rule: expected, at least, at most; None where nobody looked."""
        return _count(self.wrongly_held, self.held)


def replay(comment: PastComment, thresholds: Thresholds) -> Outcome:
    """The outcome that `policy.decide` would come to with these thresholds."""
    if comment.others is Outcome.REJECT:
        return Outcome.REJECT
    names = BEFORE_TRUST if comment.trusted else (*BEFORE_TRUST, *SCORE_RULES)
    if comment.others is Outcome.HOLD or any(is_beyond(comment.scores.get(n), thresholds.get(n), n) for n in names):
        return Outcome.HOLD
    return Outcome.APPROVE


def is_beyond(score: float | None, threshold: float | None, name: str) -> bool:
    """Whether a score is where its threshold holds a comment; an unknown score and a rule switched off never are."""
    if score is None or threshold is None:
        return False
    return score <= threshold if name in BELOW else score >= threshold


def forecast(comments: Sequence[PastComment], thresholds: Thresholds) -> Forecast:
    """Tries thresholds on past comments. All of them are counted; mistakes are weighed from those drawn for review."""
    by_outcome: dict[Outcome, list[PastComment]] = defaultdict(list)
    for comment in comments:
        by_outcome[replay(comment, thresholds)].append(comment)
    approved, held = by_outcome[Outcome.APPROVE], by_outcome[Outcome.HOLD]
    return Forecast(
        comments=len(comments),
        approved=len(approved),
        held=len(held),
        automatic_share=count_share(len(comments) - len(held), len(comments)),
        held_share=count_share(len(held), len(comments)),
        wrongly_approved=weigh_share(stratify(approved, wanting=True)),
        wrongly_held=weigh_share(stratify(held, wanting=False)),
    )


def stratify(comments: Iterable[PastComment], *, wanting: bool) -> list[Stratum]:
    """Comments by the probability with which they were drawn; found are those of which a person said `wanting`."""
    counts: dict[float, list[int]] = defaultdict(lambda: [0, 0, 0])
    for comment in comments:
        stratum = counts[comment.sampling_probability]
        stratum[0] += 1
        if comment.was_reviewed_by_chance:
            stratum[1] += 1
            stratum[2] += comment.breaks_rules is wanting
    return [Stratum(size=size, looked_at=seen, found=found) for size, seen, found in counts.values()]


def bound_mistakes(approved: Iterable[PastComment]) -> float:
    """With 95 % sureness no larger share of these comments breaks the rules."""
    return bound_share(stratify(approved, wanting=True))


def _count(share: Share, among: int) -> tuple[float, float, float] | None:
    return None if share.value is None else (share.value * among, share.low * among, share.high * among)

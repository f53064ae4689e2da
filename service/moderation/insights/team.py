"""Figures about the team: agreement, verdicts by day, and overridden decisions. No figure is about one person."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.agreement import Agreement, measure_agreement
from service.domain.policy.site_policy import Outcome
from service.domain.proportions import Proportion, count_proportion
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.insights import team as store
from service.store.insights.team import ReviewedDecision, VerdictTime
from service.store.review import second_reviews
from service.store.review.second_reviews import ReviewPair

PERIOD = timedelta(days=90)
MAX_DECISIONS = 20_000
DAYS = 14
BIN_COUNT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The number of verdicts that the team gave on a day, by UTC."""

    day: date
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """How often verdicts differ from decisions: held comments that were approved, and approved ones that were rejected.

    `name` is a rule, or the lower end of a bin of toxicity in per cent. Approved comments count only if they were
    sampled for review: those that were reported are not representative.
    """

    name: str
    held: int
    released: Proportion
    approved: int
    caught: Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The figures of a team.

    `outcomes` is the agreement on approving or rejecting. `reasons` is the agreement on the reason, where both people
    rejected. `waited` is the median time from the arrival of a held comment to its verdict.
    """

    outcomes: Agreement
    reasons: Agreement
    days: tuple[Day, ...]
    waited: timedelta | None
    by_rule: tuple[Override, ...]
    by_score_bin: tuple[Override, ...]


def read_team(runtime: Runtime, caller: Caller) -> Team:
    """Return the figures of the last PERIOD, and the verdicts of the last DAYS days."""
    caller.require(Right.MODERATE)
    now = runtime.clock()
    with runtime.database.reading() as connection:
        pairs = second_reviews.list_pairs(connection, site=caller.site, since=now - PERIOD)
        times = store.list_verdict_times(connection, site=caller.site, since=now - timedelta(days=DAYS))
        reviewed = store.list_reviewed_decisions(connection, site=caller.site, since=now - PERIOD, limit=MAX_DECISIONS)
    scored = ((_bin_name(item.toxicity), item) for item in reviewed if item.toxicity is not None)
    # The seed depends on the data alone, so that the page shows the same intervals when it is opened again.
    outcomes, reasons = _measure_agreement(pairs, seed=len(pairs))
    return Team(
        outcomes=outcomes,
        reasons=reasons,
        days=_count_days(times, now.date()),
        waited=_median_wait(times),
        by_rule=_count_overrides((item.rule, item) for item in reviewed),
        by_score_bin=tuple(sorted(_count_overrides(scored), key=lambda row: -int(row.name))),
    )


def _measure_agreement(pairs: Sequence[ReviewPair], *, seed: int) -> tuple[Agreement, Agreement]:
    both_rejected = [pair for pair in pairs if pair.first == pair.second == Outcome.REJECT]
    return (
        measure_agreement([(pair.first, pair.second) for pair in pairs], seed=seed),
        measure_agreement([(str(pair.first_reason), str(pair.second_reason)) for pair in both_rejected], seed=seed),
    )


def _count_days(times: Iterable[VerdictTime], today: date) -> tuple[Day, ...]:
    counts = Counter(item.decided_at.date() for item in times)
    days = [today - timedelta(days=back) for back in range(DAYS)]
    return tuple(Day(day=day, decided=counts[day]) for day in days)


def _median_wait(times: Iterable[VerdictTime]) -> timedelta | None:
    waits = [(item.decided_at - item.received_at).total_seconds() for item in times if item.was_held]
    return timedelta(seconds=statistics.median(waits)) if waits else None


def _bin_name(toxicity: float) -> str:
    """Return the lower end of the bin in per cent, such as `30` for 0.37."""
    return str(min(int(toxicity * BIN_COUNT), BIN_COUNT - 1) * 100 // BIN_COUNT)


def _count_overrides(named: Iterable[tuple[str, ReviewedDecision]]) -> tuple[Override, ...]:
    groups: dict[str, list[ReviewedDecision]] = defaultdict(list)
    for name, item in named:
        groups[name].append(item)
    rows = [_count_override(name, group) for name, group in groups.items()]
    return tuple(sorted(rows, key=lambda row: (-row.held - row.approved, row.name)))


def _count_override(name: str, group: Sequence[ReviewedDecision]) -> Override:
    held = [item.verdict for item in group if item.decision == Outcome.HOLD]
    approved = [item.verdict for item in group if item.decision == Outcome.APPROVE and item.sampled]
    return Override(
        name=name,
        held=len(held),
        released=count_proportion(held.count(Outcome.APPROVE), len(held)),
        approved=len(approved),
        caught=count_proportion(approved.count(Outcome.REJECT), len(approved)),
    )

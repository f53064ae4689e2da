"""The team: how far two people agree, what all do together, and where they overrule the machine. Nobody is ranked."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.agreement import Agreement, measure_agreement
from service.domain.policy.rules import Outcome
from service.domain.proportions import Proportion, count_proportion
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.insights import team as store
from service.store.insights.team import Decided, Judged
from service.store.review import second_reviews
from service.store.review.second_reviews import Pair

LOOKS_BACK = timedelta(days=90)
MAX_JUDGED = 20_000
DAYS = 14
BANDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How many comments the team decided on a day, by UTC."""

    day: date
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """How often people said otherwise: of what the machine held and they approved, and the other way round.

    `name` is a rule, or the lower end of a band of toxicity in per cent. What was approved counts only where it was
    drawn for review: a report brings nothing but what somebody minded.
    """

    name: str
    held: int
    released: Proportion
    approved: int
    caught: Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """`outcomes` is agreement on approving or rejecting, `reasons` on the reason, where both rejected."""

    outcomes: Agreement
    reasons: Agreement
    days: tuple[Day, ...]
    waited: timedelta | None
    by_rule: tuple[Override, ...]
    by_band: tuple[Override, ...]


def read_team(runtime: Runtime, caller: Caller) -> Team:
    """The team's figures for the last LOOKS_BACK, its throughput for the last DAYS."""
    caller.require(Right.MODERATE)
    now = runtime.clock()
    with runtime.database.reading() as connection:
        pairs = second_reviews.list_pairs(connection, site=caller.site, since=now - LOOKS_BACK)
        decided = store.list_decided(connection, site=caller.site, since=now - timedelta(days=DAYS))
        judged = store.list_judged(connection, site=caller.site, since=now - LOOKS_BACK, limit=MAX_JUDGED)
    bands = ((_band(each.toxicity), each) for each in judged if each.toxicity is not None)
    outcomes, reasons = _agree(pairs, seed=len(pairs))
    return Team(
        outcomes=outcomes,
        reasons=reasons,
        days=_count_days(decided, now.date()),
        waited=_typical_wait(decided),
        by_rule=_group((each.rule, each) for each in judged),
        by_band=tuple(sorted(_group(bands), key=lambda row: -int(row.name))),
    )


def _agree(pairs: Sequence[Pair], *, seed: int) -> tuple[Agreement, Agreement]:
    both_rejected = [pair for pair in pairs if pair.first == pair.second == Outcome.REJECT]
    return (
        measure_agreement([(pair.first, pair.second) for pair in pairs], seed=seed),
        measure_agreement([(str(pair.first_reason), str(pair.second_reason)) for pair in both_rejected], seed=seed),
    )


def _count_days(decided: Iterable[Decided], today: date) -> tuple[Day, ...]:
    counts = Counter(each.decided_at.date() for each in decided)
    days = [today - timedelta(days=back) for back in range(DAYS)]
    return tuple(Day(day=day, decided=counts[day]) for day in days)


def _typical_wait(decided: Iterable[Decided]) -> timedelta | None:
    """The median time from a held comment's arrival to the word on it."""
    waits = [(each.decided_at - each.received_at).total_seconds() for each in decided if each.was_held]
    return timedelta(seconds=statistics.median(waits)) if waits else None


def _band(toxicity: float) -> str:
    return str(min(int(toxicity * BANDS), BANDS - 1) * 100 // BANDS)


def _group(named: Iterable[tuple[str, Judged]]) -> tuple[Override, ...]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for name, each in named:
        groups[name].append(each)
    rows = [_overrides(name, group) for name, group in groups.items()]
    return tuple(sorted(rows, key=lambda row: (-row.held - row.approved, row.name)))


def _overrides(name: str, group: Sequence[Judged]) -> Override:
    held = [each.user for each in group if each.machine == Outcome.HOLD]
    approved = [each.user for each in group if each.machine == Outcome.APPROVE and each.by_chance]
    return Override(
        name=name,
        held=len(held),
        released=count_proportion(held.count(Outcome.APPROVE), len(held)),
        approved=len(approved),
        caught=count_proportion(approved.count(Outcome.REJECT), len(approved)),
    )

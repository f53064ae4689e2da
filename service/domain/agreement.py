"""Agreement: how far two people who read the same comments without each other's word come to the same. Knows no people.

Both coefficients are 1 where they always agree, 0 where they agree as often as chance would have it, and below 0 where
less often. Cohen's takes each side's own frequencies for chance, Krippendorff's those of both sides together, and
corrects for few observations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.proportions import Proportion, count_proportion

DRAWS = 2_000
MIN_ITEMS = 10
"""With fewer pairs an interval would only look like one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A coefficient with its 95 % interval; None where everybody always said the same, or there are too few pairs."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often two words on one comment were the same, and what that is worth beside chance."""

    pairs: int
    same: Proportion
    cohen: Coefficient
    krippendorff: Coefficient


def measure_agreement(pairs: Sequence[tuple[str, str]], *, seed: int) -> Agreement:
    """First and second words on the same comments, as names of categories.

    The intervals are the 2.5th and 97.5th percentile of DRAWS resamples of the pairs (Efron's bootstrap; for
    Krippendorff's alpha as Hayes and Krippendorff 2007 propose).
    """
    table = _tabulate(pairs)
    count = len(pairs)
    drawn = np.zeros((0, *table.shape))
    if count:
        chances = (table / count).ravel()
        drawn = np.random.default_rng(seed).multinomial(count, chances, size=DRAWS).reshape(DRAWS, *table.shape)
    return Agreement(
        pairs=count,
        same=count_proportion(int(np.trace(table)), count),
        cohen=_with_interval(cohen_kappa(table[None])[0], cohen_kappa(drawn), count),
        krippendorff=_with_interval(krippendorff_alpha(table[None])[0], krippendorff_alpha(drawn), count),
    )


def cohen_kappa(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cohen's kappa of each table in (n, k, k): counts by first and second category. NaN where chance agrees always.

    (p_o - p_e) / (1 - p_e) with p_e the sum of the products of both margins; Cohen (1960), "A coefficient of agreement
    for nominal scales".
    """
    totals = tables.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = np.trace(tables, axis1=1, axis2=2) / totals
        expected = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / totals**2
        kappa: NDArray[np.float64] = np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)
    return kappa


def krippendorff_alpha(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Krippendorff's alpha for nominal categories and two words on each comment; tables as `cohen_kappa` takes them.

    1 - D_o / D_e with D_o the share of unlike pairs and D_e the share of unlike ones among all pairs of the 2n words;
    Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section A. NaN where only one category was used.
    """
    words = tables.sum(axis=1) + tables.sum(axis=2)
    count = words.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        unlike = 1 - np.trace(tables, axis1=1, axis2=2) / (count / 2)
        by_chance = (count**2 - (words**2).sum(axis=1)) / (count * (count - 1))
        alpha: NDArray[np.float64] = np.where(by_chance > 0, 1 - unlike / by_chance, np.nan)
    return alpha


def _tabulate(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    places = {name: place for place, name in enumerate(sorted({name for pair in pairs for name in pair}))}
    table = np.zeros((len(places), len(places)))
    for first, second in pairs:
        table[places[first], places[second]] += 1
    return table


def _with_interval(value: float, drawn: NDArray[np.float64], count: int) -> Coefficient:
    # A resample in which everybody said the same has no coefficient; the others speak for it.
    known = drawn[~np.isnan(drawn)]
    if np.isnan(value):
        return Coefficient(value=None, low=None, high=None)
    if count < MIN_ITEMS or not len(known):
        return Coefficient(value=float(value), low=None, high=None)
    low, high = np.quantile(known, [0.025, 0.975])
    return Coefficient(value=float(value), low=float(low), high=float(high))

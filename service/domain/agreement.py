"""Agreement between two people who reviewed the same comments blind.

Both coefficients are 1 for perfect agreement, 0 for agreement as often as by chance, and negative for less. Cohen's
kappa takes the expected agreement from each person's own frequencies. Krippendorff's alpha takes it from the
frequencies of both together, and corrects for few observations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.proportions import Proportion, count_proportion

RESAMPLES = 2_000
MIN_ITEMS = 10
"""With fewer pairs, the interval is None, because it would not be meaningful."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """A coefficient with its 95 % interval.

    The value is None if only one category was used. The interval is None, too, if there are too few pairs.
    """

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often both people chose the same category, and how that compares with chance."""

    pairs: int
    same: Proportion
    cohen: Coefficient
    krippendorff: Coefficient


def measure_agreement(pairs: Sequence[tuple[str, str]], *, seed: int) -> Agreement:
    """Return the agreement of pairs: the category that the first and the second person chose for the same comment.

    The intervals are the 2.5th and 97.5th percentile of RESAMPLES resamples of the pairs (Efron's bootstrap; for
    Krippendorff's alpha as Hayes and Krippendorff 2007 propose).
    """
    table = _tabulate(pairs)
    count = len(pairs)
    resamples = np.zeros((0, *table.shape))
    if count:
        # Resampling pairs with replacement is the same as drawing the cells of their table.
        cells = (table / count).ravel()
        draws = np.random.default_rng(seed).multinomial(count, cells, size=RESAMPLES)
        resamples = draws.reshape(RESAMPLES, *table.shape)
    # The coefficients take several tables at once, so that one table needs a first axis of length 1.
    single = table[None]
    return Agreement(
        pairs=count,
        same=count_proportion(int(np.trace(table)), count),
        cohen=_with_interval(cohen_kappa(single)[0], cohen_kappa(resamples), count),
        krippendorff=_with_interval(krippendorff_alpha(single)[0], krippendorff_alpha(resamples), count),
    )


def cohen_kappa(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Cohen's kappa of each table. Shape (n, k, k): counts by the first and the second person's category.

    (p_o - p_e) / (1 - p_e) with p_e the sum of the products of both margins; Cohen (1960), "A coefficient of agreement
    for nominal scales". NaN if p_e is 1.
    """
    totals = tables.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = np.trace(tables, axis1=1, axis2=2) / totals
        expected = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / totals**2
        kappa: NDArray[np.float64] = np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)
    return kappa


def krippendorff_alpha(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Krippendorff's alpha for nominal categories and two people; tables as for `cohen_kappa`.

    1 - D_o / D_e with D_o the share of pairs that differ, and D_e that share among all pairs of the 2n choices;
    Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section A. NaN if only one category was used.
    """
    choices = tables.sum(axis=1) + tables.sum(axis=2)
    count = choices.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = 1 - np.trace(tables, axis1=1, axis2=2) / (count / 2)
        expected = (count**2 - (choices**2).sum(axis=1)) / (count * (count - 1))
        alpha: NDArray[np.float64] = np.where(expected > 0, 1 - observed / expected, np.nan)
    return alpha


def _tabulate(pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    categories = sorted({category for pair in pairs for category in pair})
    index = {category: number for number, category in enumerate(categories)}
    table = np.zeros((len(index), len(index)))
    for first, second in pairs:
        table[index[first], index[second]] += 1
    return table


def _with_interval(value: float, resampled: NDArray[np.float64], count: int) -> Coefficient:
    # A resample with only one category has no coefficient.
    known = resampled[~np.isnan(resampled)]
    if np.isnan(value):
        return Coefficient(value=None, low=None, high=None)
    if count < MIN_ITEMS or not len(known):
        return Coefficient(value=float(value), low=None, high=None)
    low, high = np.quantile(known, [0.025, 0.975])
    return Coefficient(value=float(value), low=float(low), high=float(high))

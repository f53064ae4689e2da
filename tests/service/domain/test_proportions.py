"""Proportions and their intervals, compared with published values and scipy, and checked for coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from service.domain.proportions import (
    Stratum,
    bound_total,
    count_proportion,
    more_reviews_needed,
    reviews_needed,
    upper_bound,
    weighted_proportion,
)

STRATA = st.lists(
    st.integers(0, 400).flatmap(
        lambda reviewed: st.builds(
            lambda hits, more: Stratum(size=reviewed + more, observations=reviewed, hits=min(hits, reviewed)),
            st.integers(0, 30),
            st.integers(0, 5_000),
        )
    ),
    max_size=4,
)


@given(st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_count_is_the_exact_one_of_scipy(counts: tuple[int, int]) -> None:
    hits, observations = counts
    proportion = count_proportion(hits, observations)
    expected = binomtest(hits, observations).proportion_ci(method="exact")
    assert (proportion.low, proportion.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_one_in_two_hundred_takes_about_six_hundred_reviews() -> None:
    assert reviews_needed(1 / 200) == 598
    assert reviews_needed(1 / 200, hits=1) == 947


@given(st.integers(2, 500), st.integers(0, 5))
def test_the_reviews_needed_suffice_and_one_less_does_not(one_in: int, hits: int) -> None:
    needed = reviews_needed(1 / one_in, hits=hits)
    assert binom.cdf(hits, needed, 1 / one_in) <= 0.05 + 1e-9
    assert hits >= needed - 1 or binom.cdf(hits, needed - 1, 1 / one_in) > 0.05 - 1e-9


@given(STRATA)
def test_an_interval_is_ordered_and_between_zero_and_one(strata: list[Stratum]) -> None:
    proportion = weighted_proportion(strata)
    assert 0 <= proportion.low <= proportion.high <= 1
    if proportion.value is not None and all(stratum.observations for stratum in strata if stratum.size):
        assert proportion.low <= proportion.value + 1e-9
        assert proportion.value <= proportion.high + 1e-9


@given(STRATA, st.data())
def test_another_hit_never_lowers_the_upper_bound(strata: list[Stratum], data: st.DataObject) -> None:
    improvable = [index for index, stratum in enumerate(strata) if stratum.hits < stratum.observations]
    if not improvable:
        return
    index = data.draw(st.sampled_from(improvable))
    worse = list(strata)
    worse[index] = Stratum(
        size=strata[index].size, observations=strata[index].observations, hits=strata[index].hits + 1
    )
    assert upper_bound(worse) >= upper_bound(strata) - 1e-9


@given(st.integers(1, 2_000), st.integers(1, 50))
def test_equal_weights_give_the_exact_interval(observations: int, weight: int) -> None:
    hits = observations // 7
    weighted = weighted_proportion([Stratum(size=observations * weight, observations=observations, hits=hits)])
    counted = count_proportion(hits, observations)
    assert (weighted.low, weighted.value, weighted.high) == pytest.approx((counted.low, counted.value, counted.high))


def test_without_hits_the_bound_is_the_rule_of_three() -> None:
    assert bound_total(0, 100, 0.05, upper=True) == pytest.approx(299.6, abs=0.1)
    assert bound_total(0, 100, 0.05, upper=False) == 0


def test_a_stratum_without_observations_may_consist_of_hits() -> None:
    unobserved = Stratum(size=900, observations=0, hits=0)
    assert upper_bound([unobserved]) == 1
    assert upper_bound([unobserved, Stratum(size=100, observations=100, hits=0)]) > 0.9


def test_held_comments_alone_show_nothing_about_approved_ones() -> None:
    held, approved = Stratum(size=500, observations=500, hits=0), Stratum(size=20_000, observations=0, hits=0)
    assert upper_bound([held, approved]) > 0.97


@pytest.mark.parametrize("rates", [(0.3, 0.01), (0.02, 0.0), (0.6, 0.03)])
def test_the_bound_is_too_low_in_at_most_one_of_twenty_cases(rates: tuple[float, float]) -> None:
    rng, sizes, sampling = np.random.default_rng(4), (300, 6_000), (1.0, 0.05)
    missed = 0
    for _ in range(400):
        wrong = [rng.random(size) < rate for size, rate in zip(sizes, rates, strict=True)]
        sampled = [rng.random(size) < probability for size, probability in zip(sizes, sampling, strict=True)]
        strata = [
            Stratum(size=len(w), observations=int(s.sum()), hits=int((w & s).sum()))
            for w, s in zip(wrong, sampled, strict=True)
        ]
        missed += sum(w.sum() for w in wrong) / sum(sizes) > upper_bound(strata)
    assert missed <= 400 * 0.05


def test_the_number_of_missing_reviews_is_estimated() -> None:
    assert more_reviews_needed([Stratum(size=50_000, observations=0, hits=0)], 1 / 200) == 598
    assert more_reviews_needed([Stratum(size=50_000, observations=400, hits=0)], 1 / 200) == 198
    assert more_reviews_needed([Stratum(size=50_000, observations=700, hits=0)], 1 / 200) == 0
    assert more_reviews_needed([Stratum(size=50_000, observations=400, hits=40)], 1 / 200) is None

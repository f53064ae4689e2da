"""Shares and their intervals: held to published values, to coverage, and to what must be true of any bound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from service.domain.proportions import (
    Stratum,
    bound_proportion,
    bound_total,
    count_proportion,
    more_reviews_needed,
    reviews_needed,
    weighted_proportion,
)

STRATA = st.lists(
    st.integers(0, 400).flatmap(
        lambda seen: st.builds(
            lambda found, more: Stratum(size=seen + more, looked_at=seen, found=min(found, seen)),
            st.integers(0, 30),
            st.integers(0, 5_000),
        )
    ),
    max_size=4,
)


@given(st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_count_s_interval_is_scipy_s_exact_one(drawn: tuple[int, int]) -> None:
    found, looked_at = drawn
    share, known = count_proportion(found, looked_at), binomtest(found, looked_at).proportion_ci(method="exact")
    assert (share.low, share.high) == pytest.approx((known.low, known.high), abs=1e-9)


def test_one_in_two_hundred_takes_about_six_hundred_reviews_without_a_mistake() -> None:
    assert reviews_needed(1 / 200) == 598
    assert reviews_needed(1 / 200, found=1) == 947


@given(st.integers(2, 500), st.integers(0, 5))
def test_the_reviews_needed_are_enough_and_one_less_is_not(one_in: int, found: int) -> None:
    needed = reviews_needed(1 / one_in, found=found)
    assert binom.cdf(found, needed, 1 / one_in) <= 0.05 + 1e-9
    assert found >= needed - 1 or binom.cdf(found, needed - 1, 1 / one_in) > 0.05 - 1e-9


@given(STRATA)
def test_an_interval_lies_in_order_between_nought_and_one(strata: list[Stratum]) -> None:
    share = weighted_proportion(strata)
    assert 0 <= share.low <= share.high <= 1
    if share.value is not None and all(stratum.looked_at for stratum in strata if stratum.size):
        assert share.low <= share.value + 1e-9
        assert share.value <= share.high + 1e-9


@given(STRATA, st.data())
def test_one_mistake_more_never_lowers_the_bound(strata: list[Stratum], data: st.DataObject) -> None:
    open_ones = [index for index, stratum in enumerate(strata) if stratum.found < stratum.looked_at]
    if not open_ones:
        return
    index = data.draw(st.sampled_from(open_ones))
    worse = list(strata)
    worse[index] = Stratum(
        size=strata[index].size, looked_at=strata[index].looked_at, found=strata[index].found + 1
    )
    assert bound_proportion(worse) >= bound_proportion(strata) - 1e-9


@given(st.integers(1, 2_000), st.integers(1, 50))
def test_alike_weights_give_the_exact_interval_whatever_the_weight(looked_at: int, weight: int) -> None:
    found = looked_at // 7
    weighed = weighted_proportion([Stratum(size=looked_at * weight, looked_at=looked_at, found=found)])
    counted = count_proportion(found, looked_at)
    assert (weighed.low, weighed.value, weighed.high) == pytest.approx((counted.low, counted.value, counted.high))


def test_nothing_found_is_the_rule_of_three_at_the_heaviest_weight() -> None:
    assert bound_total(0, 100, 0.05, upper=True) == pytest.approx(299.6, abs=0.1)
    assert bound_total(0, 100, 0.05, upper=False) == 0


def test_what_nobody_looked_at_may_all_be_wanting() -> None:
    unseen = Stratum(size=900, looked_at=0, found=0)
    assert bound_proportion([unseen]) == 1
    assert bound_proportion([unseen, Stratum(size=100, looked_at=100, found=0)]) > 0.9


def test_held_comments_alone_show_nothing_about_approved_ones() -> None:
    held, approved = Stratum(size=500, looked_at=500, found=0), Stratum(size=20_000, looked_at=0, found=0)
    assert bound_proportion([held, approved]) > 0.97


@pytest.mark.parametrize("rates", [(0.3, 0.01), (0.02, 0.0), (0.6, 0.03)])
def test_the_bound_is_too_low_at_most_once_in_twenty(rates: tuple[float, float]) -> None:
    rng, sizes, chances = np.random.default_rng(4), (300, 6_000), (1.0, 0.05)
    missed = 0
    for _ in range(400):
        wrong = [rng.random(size) < rate for size, rate in zip(sizes, rates, strict=True)]
        drawn = [rng.random(size) < chance for size, chance in zip(sizes, chances, strict=True)]
        strata = [
            Stratum(size=len(w), looked_at=int(d.sum()), found=int((w & d).sum()))
            for w, d in zip(wrong, drawn, strict=True)
        ]
        missed += sum(w.sum() for w in wrong) / sum(sizes) > bound_proportion(strata)
    assert missed <= 400 * 0.05


def test_how_many_more_reviews_are_needed_is_said_plainly() -> None:
    assert more_reviews_needed([Stratum(size=50_000, looked_at=0, found=0)], 1 / 200) == 598
    assert more_reviews_needed([Stratum(size=50_000, looked_at=400, found=0)], 1 / 200) == 198
    assert more_reviews_needed([Stratum(size=50_000, looked_at=700, found=0)], 1 / 200) == 0
    assert more_reviews_needed([Stratum(size=50_000, looked_at=400, found=40)], 1 / 200) is None

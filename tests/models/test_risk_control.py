"""Exact bounds of a proportion, and the search for the loosest threshold within a limit."""

import pytest
from scipy.stats import beta, binomtest

from models.risk_control import exact_lower_bound, exact_upper_bound, find_loosest, observations_needed


@pytest.mark.parametrize(("hits", "observations"), [(0, 1), (0, 597), (7, 900), (450, 900), (899, 900), (3, 3)])
def test_bounds_are_those_of_scipy(hits: int, observations: int) -> None:
    upper = binomtest(hits, observations, alternative="less").proportion_ci(0.95, method="exact").high
    lower = binomtest(hits, observations, alternative="greater").proportion_ci(0.95, method="exact").low
    assert exact_upper_bound(hits, observations, alpha=0.05) == pytest.approx(upper, abs=1e-9)
    assert exact_lower_bound(hits, observations, alpha=0.05) == pytest.approx(lower, abs=1e-9)


def test_bounds_are_quantiles_of_the_beta_distribution() -> None:
    assert exact_upper_bound(7, 900, alpha=0.05) == pytest.approx(beta.ppf(0.95, 8, 893), abs=1e-12)
    assert exact_lower_bound(7, 900, alpha=0.05) == pytest.approx(beta.ppf(0.05, 7, 894), abs=1e-12)


def test_one_in_two_hundred_takes_598_observations_without_a_hit() -> None:
    assert observations_needed(0.005, alpha=0.05) == 598
    assert exact_upper_bound(0, 598, alpha=0.05) <= 0.005 < exact_upper_bound(0, 597, alpha=0.05)


def test_hits_need_more_observations() -> None:
    assert observations_needed(0.005, hits=1, alpha=0.05) == 947
    assert exact_upper_bound(1, 947, alpha=0.05) <= 0.005 < exact_upper_bound(1, 946, alpha=0.05)


def test_search_ends_at_the_first_failure() -> None:
    bounds = {1: 0.1, 2: 0.2, 3: 0.4, 4: 0.1}
    assert find_loosest(bounds, can_start=lambda _: True, upper_bound=bounds.__getitem__, limit=0.2) == 2


def test_search_ignores_failures_before_its_start() -> None:
    bounds = {1: 0.9, 2: 0.2, 3: 0.1, 4: 0.9}
    assert find_loosest(bounds, can_start=lambda key: key == 2, upper_bound=bounds.__getitem__, limit=0.2) == 3


def test_search_without_a_candidate_within_the_limit_finds_none() -> None:
    assert find_loosest([1, 2], can_start=lambda _: True, upper_bound=lambda _: 0.9, limit=0.2) is None
    assert find_loosest([1, 2], can_start=lambda _: False, upper_bound=lambda _: 0.1, limit=0.2) is None

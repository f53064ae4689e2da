"""Agreement of two people, compared with other implementations and published values."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from service.domain.agreement import measure_agreement

NAMES = st.sampled_from(["approve", "reject", "escalate"])
PAIRS = st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=60)


@given(PAIRS)
def test_cohens_kappa_equals_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    assume(len({name for pair in pairs for name in pair}) > 1)
    first, second = zip(*pairs, strict=True)
    kappa = measure_agreement(pairs, seed=1).cohen.value
    if kappa is not None:
        assert kappa == pytest.approx(cohen_kappa_score(first, second))


@given(PAIRS)
def test_krippendorffs_alpha_follows_its_definition(pairs: list[tuple[str, str]]) -> None:
    choices = [name for pair in pairs for name in pair]
    unlike = [a != b for index, a in enumerate(choices) for other, b in enumerate(choices) if index != other]
    alpha = measure_agreement(pairs, seed=1).krippendorff.value
    if not any(unlike):
        assert alpha is None
        return
    observed = np.mean([first != second for first, second in pairs])
    assert alpha == pytest.approx(1 - observed / np.mean(unlike))


def test_krippendorffs_own_example_has_the_published_value() -> None:
    first, second = "0100000001", "1110010000"  # Krippendorff 2011, binary data of two observers: alpha = 0.095
    agreement = measure_agreement(list(zip(first, second, strict=True)), seed=1)
    assert agreement.krippendorff.value == pytest.approx(0.095, abs=0.001)


def test_perfect_agreement_is_one() -> None:
    agreement = measure_agreement([("approve", "approve")] * 30 + [("reject", "reject")] * 10, seed=1)
    assert (agreement.cohen.value, agreement.krippendorff.value) == (1, 1)
    assert (agreement.same.value, agreement.pairs) == (1, 40)


def test_a_single_category_has_no_coefficient() -> None:
    agreement = measure_agreement([("approve", "approve")] * 30, seed=1)
    assert (agreement.cohen.value, agreement.krippendorff.value) == (None, None)


def test_without_pairs_there_is_no_value() -> None:
    agreement = measure_agreement([], seed=1)
    assert (agreement.pairs, agreement.same.value, agreement.cohen.value) == (0, None, None)


@given(PAIRS)
def test_agreement_is_symmetric(pairs: list[tuple[str, str]]) -> None:
    forward = measure_agreement(pairs, seed=1)
    backward = measure_agreement([(second, first) for first, second in pairs], seed=1)
    assert forward.same == backward.same
    for name in ("cohen", "krippendorff"):
        assert getattr(forward, name).value == pytest.approx(getattr(backward, name).value)


def test_intervals_cover_the_true_value_as_often_as_they_should() -> None:
    rng, covered = np.random.default_rng(7), 0
    for draw in range(200):
        first = rng.random(200) < 0.3
        second = np.where(rng.random(200) < 0.8, first, rng.random(200) < 0.3)
        kappa = measure_agreement([(str(a), str(b)) for a, b in zip(first, second, strict=True)], seed=draw).cohen
        covered += (kappa.low or 0) <= 0.8 <= (kappa.high or 0)
    assert covered >= 180

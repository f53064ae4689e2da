"""Agreement of two people: held to other implementations, and to what must be true of it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from service.domain.agreement import measure_agreement

NAMES = st.sampled_from(["approve", "reject", "escalate"])
PAIRS = st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=60)


@given(PAIRS)
def test_cohen_s_kappa_is_scikit_learn_s(pairs: list[tuple[str, str]]) -> None:
    assume(len({name for pair in pairs for name in pair}) > 1)
    first, second = zip(*pairs, strict=True)
    found = measure_agreement(pairs, seed=1).cohen.value
    if found is not None:
        assert found == pytest.approx(cohen_kappa_score(first, second))


@given(PAIRS)
def test_krippendorff_s_alpha_is_the_one_of_its_definition(pairs: list[tuple[str, str]]) -> None:
    words = [name for pair in pairs for name in pair]
    unlike = [a != b for index, a in enumerate(words) for other, b in enumerate(words) if index != other]
    found = measure_agreement(pairs, seed=1).krippendorff.value
    if not any(unlike):
        assert found is None
        return
    observed = np.mean([first != second for first, second in pairs])
    assert found == pytest.approx(1 - observed / np.mean(unlike))


def test_krippendorff_s_own_example_has_his_value() -> None:
    first, second = "0100000001", "1110010000"  # Krippendorff 2011, binary data of two observers: alpha = 0.095
    found = measure_agreement(list(zip(first, second, strict=True)), seed=1)
    assert found.krippendorff.value == pytest.approx(0.095, abs=0.001)


def test_who_always_agrees_has_one_and_the_interval_holds_it() -> None:
    found = measure_agreement([("approve", "approve")] * 30 + [("reject", "reject")] * 10, seed=1)
    assert (found.cohen.value, found.krippendorff.value) == (1, 1)
    assert (found.same.value, found.pairs) == (1, 40)


def test_nobody_can_be_measured_who_only_ever_says_one_thing() -> None:
    found = measure_agreement([("approve", "approve")] * 30, seed=1)
    assert (found.cohen.value, found.krippendorff.value) == (None, None)


def test_no_pairs_are_no_agreement() -> None:
    found = measure_agreement([], seed=1)
    assert (found.pairs, found.same.value, found.cohen.value) == (0, None, None)


@given(PAIRS)
def test_which_side_is_first_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    there, back = (measure_agreement(each, seed=1) for each in (pairs, [(b, a) for a, b in pairs]))
    assert there.same == back.same
    for name in ("cohen", "krippendorff"):
        assert getattr(there, name).value == pytest.approx(getattr(back, name).value)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng, held = np.random.default_rng(7), 0
    for draw in range(200):
        first = rng.random(200) < 0.3
        second = np.where(rng.random(200) < 0.8, first, rng.random(200) < 0.3)
        found = measure_agreement([(str(a), str(b)) for a, b in zip(first, second, strict=True)], seed=draw).cohen
        held += (found.low or 0) <= 0.8 <= (found.high or 0)
    assert held >= 180

"""Percentages and ages are shown and read as the forms need them."""

from datetime import timedelta

import pytest

from service.domain.errors import BodyInvalid
from service.web.formatting import format_percent, measure_age, parse_percent
from tests.conftest import NOON


def test_percentages_have_at_most_two_decimals() -> None:
    assert [format_percent(value) for value in (None, 0.0, 0.5, 0.625, 0.12344, 1.0)] == [
        "", "0", "50", "62.5", "12.34", "100",
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "share"), [("", None), ("50", 0.5), ("62,5", 0.625), ("7%", 0.07), ("0", 0.0)])
def test_percentages_are_read_with_point_or_comma(text: str, share: float | None) -> None:
    assert parse_percent(text, field="low") == share


@pytest.mark.parametrize("text", ["x", "101", "-1", "nan", "inf", "1e9"])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(BodyInvalid) as refusal:
        parse_percent(text, field="low")
    assert refusal.value.field == "low"


def test_ages_are_rounded_down_and_a_future_time_is_now() -> None:
    ages = [measure_age(NOON - timedelta(minutes=minutes), NOON) for minutes in (-5, 0, 59, 60, 47 * 60, 48 * 60)]
    assert ages == [(0, "minute"), (0, "minute"), (59, "minute"), (1, "hour"), (47, "hour"), (2, "day")]

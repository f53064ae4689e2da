"""Feature rows: values in the order of the columns, and no column forgotten."""

import pytest

from models.feature_rows import to_row


def test_values_are_in_the_order_of_the_columns() -> None:
    assert to_row({"b": 2.0, "a": 1.0}, ("a", "b")) == [1.0, 2.0]


@pytest.mark.parametrize("values", [{"a": 1.0}, {"a": 1.0, "b": 2.0, "c": 3.0}, {"a": 1.0, "c": 3.0}])
def test_missing_and_unknown_columns_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="differ"):
        to_row(values, ("a", "b"))

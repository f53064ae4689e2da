"""Rows of a feature matrix, built from values by name."""

from collections.abc import Mapping, Sequence


def to_row(values: Mapping[str, float], columns: Sequence[str]) -> list[float]:
    """Return the values in the order of the columns.

    Raises ValueError unless there is exactly one value for each column.
    """
    if differing := values.keys() ^ set(columns):
        message = f"values and columns differ: {', '.join(sorted(differing))}"
        raise ValueError(message)
    return [values[name] for name in columns]

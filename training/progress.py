"""The type of a function that shows progress through items, and one that shows nothing."""

from collections.abc import Callable, Iterable
from typing import Any

ProgressBar = Callable[[Iterable[Any], str], Iterable[Any]]
"""Yields items, and shows the progress through them under a name."""


def no_progress(items: Iterable[Any], _name: str) -> Iterable[Any]:
    """Show no progress."""
    return items

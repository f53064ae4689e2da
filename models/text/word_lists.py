"""Word lists and tables from the data files of this package.

A file has an entry or a row per line. Lines that begin with `#` are comments.
"""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


@cache
def read_words(name: str) -> tuple[str, ...]:
    """Return the entries of the list `name`, in the order of its file."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def read_table(name: str) -> dict[str, str]:
    """Return the table `name`: a dictionary from the first column of each row to the rest of the row."""
    rows = (row.split(maxsplit=1) for row in read_words(name))
    return {key: value.strip() for key, value in rows}

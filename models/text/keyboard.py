"""The letters of a QWERTY keyboard, and which of them are next to each other in a row."""

from itertools import pairwise

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

ADJACENT_KEYS = frozenset(pair for row in ROWS for direction in (row, row[::-1]) for pair in pairwise(direction))
"""Pairs of letters, in both orders."""

NEXT_KEY = {letter: following for row in ROWS for letter, following in pairwise(row + row[-2])}
"""The key to the right of each letter; of the last letter in a row, the key to its left."""

"""The letters of a QWERTY keyboard, and which of them are next to each other in a row."""

from itertools import pairwise

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

ADJACENT_KEYS = frozenset(pair for row in ROWS for letters in (row, row[::-1]) for pair in pairwise(letters))
"""Pairs of neighbours in both orders, such as ("q", "w") and ("w", "q")."""

NEXT_KEY = {letter: following for row in ROWS for letter, following in pairwise(row + row[-2])}
"""The key to the right of each letter. For the last letter of a row, it is the key to the left."""

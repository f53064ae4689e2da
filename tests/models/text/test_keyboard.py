"""Neighbours on a keyboard."""

from models.text.keyboard import ADJACENT_KEYS, NEXT_KEY


def test_adjacent_keys_are_in_one_row_in_either_order() -> None:
    assert {("q", "w"), ("w", "q"), ("n", "m")} <= ADJACENT_KEYS
    assert not {("p", "a"), ("q", "a"), ("q", "e")} & ADJACENT_KEYS


def test_next_key_is_to_the_right_or_else_to_the_left() -> None:
    assert (NEXT_KEY["q"], NEXT_KEY["o"], NEXT_KEY["p"], NEXT_KEY["m"]) == ("w", "p", "o", "n")
    assert len(NEXT_KEY) == 26

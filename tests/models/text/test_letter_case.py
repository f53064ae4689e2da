"""The case of a word that replaces another."""

import pytest

from models.text.letter_case import match_case


@pytest.mark.parametrize(
    ("written", "expected"), [("IDOIT", "IDIOT"), ("Idoit", "Idiot"), ("idoit", "idiot"), ("iDOIT", "idiot")]
)
def test_case_of_the_written_word_is_kept(written: str, expected: str) -> None:
    assert match_case(written, "idiot") == expected


def test_marks_do_not_count() -> None:
    assert match_case("I-D-0-T", "idiot") == "IDIOT"


def test_single_capital_is_the_beginning_of_a_word() -> None:
    assert match_case("I", "idiot") == "Idiot"

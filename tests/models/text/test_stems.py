"""Words and their stems."""

from models.text.stems import stem, stems
from models.text.words import words


def test_words_are_letters_and_numbers_without_punctuation() -> None:
    assert words("It's 3.5 km -- the *old* ferry!") == ["It's", "3.5", "km", "the", "old", "ferry"]


def test_overlong_word_is_left_out() -> None:
    assert words("see " + "x" * 500) == ["see"]


def test_forms_of_a_word_share_a_stem_in_any_case() -> None:
    assert stem("Flooding") == stem("floods") == "flood"
    assert stems("Bridges, a bridge")[stem("bridge")] == 2

"""A text as toxicity reads it: bare words, each with its place."""

from models.text.tokens import _bare, read


def test_words_are_bare_and_know_where_they_stand() -> None:
    reading = read("Don't, Z\u00fcrich! \U0001f437")

    assert reading.words == ("dont", "zurich", "\U0001f437")
    assert reading.spans == ((0, 5), (7, 13), (15, 16))


def test_of_a_word_without_end_only_its_beginning_is_remembered() -> None:
    read("zx" * 20)
    before = _bare.cache_info().misses

    assert read("zx" * 9_000).words == read("zx" * 20).words
    assert _bare.cache_info().misses == before

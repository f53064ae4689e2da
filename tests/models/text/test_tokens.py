"""A text as toxicity reads it: bare words, each with its place."""

from models.text.tokens import _normalise_word, tokenize


def test_words_are_bare_and_know_where_they_stand() -> None:
    reading = tokenize("Don't, Z\u00fcrich! \U0001f437")

    assert reading.words == ("dont", "zurich", "\U0001f437")
    assert reading.spans == ((0, 5), (7, 13), (15, 16))


def test_of_a_word_without_end_only_its_beginning_is_remembered() -> None:
    tokenize("zx" * 20)
    before = _normalise_word.cache_info().misses

    assert tokenize("zx" * 9_000).words == tokenize("zx" * 20).words
    assert _normalise_word.cache_info().misses == before

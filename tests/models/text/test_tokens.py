"""Tokens of the toxicity model, with their spans in the text."""

from models.text.tokens import _normalise_word, tokenize


def test_tokens_are_normalised_and_have_spans() -> None:
    tokens = tokenize("Don't, Z\u00fcrich! \U0001f437")

    assert tokens.words == ("dont", "zurich", "\U0001f437")
    assert tokens.spans == ((0, 5), (7, 13), (15, 16))


def test_overlong_word_is_cached_by_its_beginning() -> None:
    tokenize("zx" * 20)
    before = _normalise_word.cache_info().misses

    assert tokenize("zx" * 9_000).words == tokenize("zx" * 20).words
    assert _normalise_word.cache_info().misses == before

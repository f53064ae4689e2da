"""Upside-down text is turned upright; phonetic and foreign letters stay."""

import pytest

from models.text.normalise import normalise
from models.text.upside_down import turn_upright


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ʇoᴉpᴉ uɐ ǝɹɐ noʎ", "you are an idiot"),
        ("˙ʇᴉ ɥsᴉuᴉɟ ʇ,uop ʎǝɥʇ", "they don't finish it."),
        ("he is a ʇoᴉpᴉ, and so on", "he is a idiot, and so on"),
        ("he is ʎɐƃ", "he is gay"),
        ("Hello plɹoʍ", "Hello world"),
    ],
)
def test_upside_down_text_is_read(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "plain",
    [
        "the word is /ˈwɜːɹd/, spring [spɹɪŋ], nun [nʌn], the other [ðiˈʌðəɹ]",
        "Nɛ mikpɔ tɔgbui la, ɖɔɖɔ nɔ ame ŋu",
        "Azərbaycan dilində gözəl söz",
        "for all x: ∀x ∃y (x < y), ∇f, ∂u, Δt",
        "so do up on us; pop, noon, sos, xoxo",
    ],
)
def test_phonetic_and_foreign_letters_stay(plain: str) -> None:
    assert normalise(plain).text == plain


def test_upright_words_map_to_the_original() -> None:
    written = "so he said: ʇoᴉpᴉ uɐ ǝɹɐ noʎ"
    normalised = normalise(written)
    for word, flipped in (("you", "noʎ"), ("are", "ǝɹɐ"), ("idiot", "ʇoᴉpᴉ"), ("said", "said")):
        start = normalised.text.index(word)
        first, last = normalised.original_span(start, start + len(word))
        assert written[first:last] == flipped


@pytest.mark.parametrize(
    "text",
    [
        "k ǝ " + "o" * 300_000,
        "ǝ k" + "!" * 300_000 + "k",
        "ǝ k" + "!" * 150_000 + "o" + "1" * 150_000 + "k",
    ],
)
def test_long_run_takes_linear_time(text: str) -> None:
    """In quadratic time, it would take minutes."""
    assert list(turn_upright(text)) == []

"""Symbols for letters: boxes, flags, brackets, shapes, digits and masks, if they spell a word that people disguise."""

import sys

import pytest

from models.text.lexicon import MASKABLE
from models.text.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\U0001f1eb\U0001f1fa\U0001f1e8\U0001f1f0", "fuck"),
        ("\U0001f1eb \U0001f1fa \U0001f1e8 \U0001f1f0", "fuck"),
        ("\u24a4\u249f\u24a4\u24aa\u24af", "idiot"),
        ("\u24d8\u24d3\u24d8\u24de\u24e3", "idiot"),
        ("\U0001f138\U0001f133\U0001f138\U0001f13e\U0001f143", "IDIOT"),
        ("\U0001f178\U0001f173\U0001f178\U0001f17e\ufe0f\U0001f183", "idiot"),
        ("id1\ufe0f\u20e3ot", "idiot"),
        ("\ua730\u1d1c\u1d04\u1d0b", "fuck"),
        ("f\U000e0061uck", "fuck"),
        ("i\u0337\u0321d\u0337\u0321i\u0337o\u035dt", "idiot"),
        ("m\u00f8r\u00f8n, \u0131d\u0131ot", "moron, idiot"),
        ("f|_|ck, /\\sshole, \\/\\/hore, |)ick", "fuck, asshole, whore, dick"),
        ("r1d1cul0us", "ridiculous"),
        ("a r*diculous m*slim", "a ridiculous muslim"),
        ("sillllly", "silly"),
    ],
)
def test_symbol_for_a_letter_is_read(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "plain",
    [
        "\U0001f1fa\U0001f1f8 against \U0001f1ec\U0001f1e7\U0001f1eb\U0001f1f7",
        "as.s, pen.is and who.re are no sites; see C:\\dir\\file and /usr/bin/sh",
        "a | b || c, x /\\ y \\/ z, |x| < |y|, f(x)=(a)(b)(i)",
        "6pm, 9am, 6GB, B9, \u00a35, \u20ac10, 20\u00a2, \u00a79 and 10\u00a5",
        "\u00f8re, \u0142adny, stra\u00dfe, \u0131l\u0131k, \u00fea\u00f0, \u00e6ble",
        "\\_(\u30c4)_/ \u0295\u2022\u1d25\u2022\u0294 :-) ;P <3 xD",
        "\U0001f602\U0001f602 lol\U0001f602 so\U0001f525 and \u2764",
    ],
)
def test_ordinary_symbols_stay(plain: str) -> None:
    assert normalise(plain).text == plain.replace("\ufe0f", "")


def test_mask_is_compared_only_with_words_of_its_first_letter() -> None:
    normalise("sh*t th1s zwetsch")  # builds the indexes, once
    calls = []
    sys.setprofile(lambda _frame, event, _argument: calls.append(event))
    try:
        assert normalise("zw*x zw*y zw*z f*cktangle").text == "zw*x zw*y zw*z f*cktangle"
    finally:
        sys.setprofile(None)
    assert len(calls) < len(MASKABLE)


@pytest.mark.parametrize(
    ("masked", "read"),
    [("sh**", "shit"), ("sh***", "shits"), ("a**h**e", "asshole"), ("M*R*N", "MORON"), ("b*", "b*"), ("x*x", "x*x")],
)
def test_mask_hides_the_likeliest_word_of_its_length_first(masked: str, read: str) -> None:
    assert normalise(masked).text == read

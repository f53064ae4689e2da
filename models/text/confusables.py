"""Letters that look like Latin ones, and when to read them so: no rule about words, digits or spacing.

A look-alike is folded where its word mixes scripts and every foreign letter in it has a Latin twin, or where
the text is Latin but for words that consist of twins only. Russian or Greek prose therefore stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, partial

from confusable_homoglyphs import confusables

from models.text.alignment import Edit
from models.text.lexicon import INSULTS

_NON_ASCII_WORD = re.compile(r"(?<!\w)\w*[^\W\x00-\x7f]\w*")
_SYMBOLS = re.compile(
    "(?P<flags>[\U0001f1e6-\U0001f1ff]+)|(?P<keycap>(?<=[0-9])\ufe0f?\u20e3)"
    "|(?:[\U0001f150-\U0001f169\U0001f170-\U0001f189]\ufe0f?)+|[\u249c-\u24b5\U0001f110-\U0001f129]{2,}"
)
"""Letters of flags are letters where they stand alone or spell a rude word, and are countries otherwise."""

_LATIN_PROPER = 0x024F
"""The last letter of the blocks that Latin languages use; beyond it are phonetic signs and other scripts."""

_MOSTLY = 0.6
"""The share of a text's letters that must be ASCII before its foreign words are read as disguised Latin."""


def fold_confusables(text: str) -> Iterator[Edit]:
    """Yield the edits that turn look-alike letters into the Latin letters that they pose as."""
    if text.isascii():
        return
    # Remembered for this text alone: one sign can become four words, and thousands of it the same four.
    unmasked = cache(partial(_unmasked, latin=_is_mostly_latin(text)))
    for word in _NON_ASCII_WORD.finditer(text):
        replacement = unmasked(word.group())
        if replacement is not None:
            yield word.start(), word.end(), replacement


def fold_symbols(text: str) -> Iterator[Edit]:
    """Yield the edits that turn letters in boxes, brackets and keys, which NFKC keeps or brackets, into plain ones."""
    for signs in _SYMBOLS.finditer(text):
        letters = "".join(unicodedata.name(sign, " ")[-1].lower() for sign in signs.group() if sign != "\ufe0f")
        if signs["keycap"]:
            yield *signs.span(), ""
        elif not signs["flags"] or len(letters) == 1 or letters in INSULTS:
            yield *signs.span(), letters


def _unmasked(word: str, *, latin: bool) -> str | None:
    has_ascii = any(letter.isascii() and letter.isalpha() for letter in word)
    foreign = [letter for letter in word if letter.isalpha() and ord(letter) > _LATIN_PROPER]
    if not foreign or not (has_ascii or latin or all(letter in _small_capitals() for letter in foreign)):
        return None
    twins = _confusables_in_latin_words() if has_ascii else _confusables()
    if any(letter not in twins for letter in foreign):
        return None
    return "".join(twins.get(letter, letter) for letter in word)


def _is_mostly_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(map(str.isascii, letters)) >= _MOSTLY * len(letters)


@cache
def _confusables() -> dict[str, str]:
    """Build the table of single letters with a Latin twin, once, when the first such letter is met."""
    twins = {}
    for sign, alike in confusables.confusables_data.items():
        if len(sign) == 1 and ord(sign) > _LATIN_PROPER and sign.isalpha():
            latin = [twin for twin in (one["c"] for one in alike) if re.fullmatch("[A-Za-z]", twin)]
            if latin:
                twins[sign] = _match_case(sign, latin)
    return twins | _small_capitals()


@cache
def _confusables_in_latin_words() -> dict[str, str]:
    return _confusables() | _EXTRA_CONFUSABLES


def _match_case(sign: str, latin: list[str]) -> str:
    """Choose the twin whose case is the sign's own: the table says that a palochka looks like I and l."""
    if sign.isupper() and latin == ["l"]:
        return "I"
    same = [letter for letter in latin if letter.isupper() == sign.isupper()]
    return min(same or latin)


@cache
def _small_capitals() -> dict[str, str]:
    capitals = {}
    for code in (*range(0x0250, 0x02B0), *range(0x1D00, 0x1D26), *range(0xA730, 0xA732)):
        name = unicodedata.name(chr(code), "")
        letter = name.removeprefix("LATIN LETTER SMALL CAPITAL ")
        if len(letter) == 1:
            capitals[chr(code)] = letter.lower()
    return capitals


_EXTRA_CONFUSABLES = {
    **dict(zip("авеікмнопрстухѕјһԁԛԝү", "abeikmhonpctyxsjhdqwy", strict=True)),
    **dict(zip("αβεικνορτυωηχ", "abeikvoptuwnx", strict=True)),
    **dict(zip("ɑɡɩɪʏ", "agiiy", strict=True)),
}
"""Twins that pass inside a Latin word only: a word made of nothing else is a word of its own language."""

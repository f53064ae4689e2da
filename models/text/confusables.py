"""Letters that look like Latin ones, and when to read them as such.

A look-alike is replaced if its word mixes scripts and every foreign letter in it has a Latin counterpart, or if the
text is Latin except for words that consist of such letters only. Russian or Greek prose therefore stays as it is. The
table is Unicode's (Technical Standard 39), from the package confusable-homoglyphs.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, partial

from confusable_homoglyphs import confusables

from models.text.alignment import Edit
from models.text.lexicon import INSULTS
from models.text.word_lists import read_table

_NON_ASCII_WORD = re.compile(r"(?<!\w)\w*[^\W\x00-\x7f]\w*")
_SYMBOLS = re.compile(
    "(?P<flags>[\U0001f1e6-\U0001f1ff]+)|(?P<keycap>(?<=[0-9])\ufe0f?\u20e3)"
    "|(?:[\U0001f150-\U0001f169\U0001f170-\U0001f189]\ufe0f?)+|[\u249c-\u24b5\U0001f110-\U0001f129]{2,}"
)
"""Letters of flags, keycaps, and letters in circles, boxes or brackets."""

_LAST_LATIN = 0x024F
"""The last code point of the blocks that Latin languages use; phonetic letters and other scripts come after it."""

_MIN_ASCII_SHARE = 0.6
"""The share of a text's letters that must be ASCII before its foreign words are read as disguised Latin."""


def fold_confusables(text: str) -> Iterator[Edit]:
    """Yield the edits that turn look-alike letters into the Latin letters that they look like."""
    if text.isascii():
        return
    # Cached for this text alone: one character can become four words, and thousands of it the same four.
    latin_form = cache(partial(_latin_form, in_latin_text=_is_mostly_latin(text)))
    for word in _NON_ASCII_WORD.finditer(text):
        replacement = latin_form(word.group())
        if replacement is not None:
            yield word.start(), word.end(), replacement


def fold_symbols(text: str) -> Iterator[Edit]:
    """Yield the edits that turn letters in circles, boxes, brackets and keycaps into plain ones.

    NFKC leaves most of these as they are. Flags are letters if one stands alone or several spell a rude word, and
    countries otherwise.
    """
    for found in _SYMBOLS.finditer(text):
        # The name of such a symbol ends with its letter: "REGIONAL INDICATOR SYMBOL LETTER F".
        names = (unicodedata.name(symbol, " ") for symbol in found.group() if symbol != "\ufe0f")
        letters = "".join(name[-1].lower() for name in names)
        if found["keycap"]:
            yield *found.span(), ""
        elif not found["flags"] or len(letters) == 1 or letters in INSULTS:
            yield *found.span(), letters


def _latin_form(word: str, *, in_latin_text: bool) -> str | None:
    """Return a word with Latin letters only, or None if it is not a disguised Latin word."""
    has_ascii = any(letter.isascii() and letter.isalpha() for letter in word)
    foreign = [letter for letter in word if letter.isalpha() and ord(letter) > _LAST_LATIN]
    if not foreign or not (has_ascii or in_latin_text or all(letter in _small_capitals() for letter in foreign)):
        return None
    latin = _confusables_in_latin_words() if has_ascii else _confusables()
    if any(letter not in latin for letter in foreign):
        return None
    return "".join(latin.get(letter, letter) for letter in word)


def _is_mostly_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(map(str.isascii, letters)) >= _MIN_ASCII_SHARE * len(letters)


@cache
def _confusables() -> dict[str, str]:
    """Map single letters to the Latin letters that they look like. Built when the first such letter is met."""
    latin = {}
    for character, alike in confusables.confusables_data.items():
        if len(character) == 1 and ord(character) > _LAST_LATIN and character.isalpha():
            candidates = [entry["c"] for entry in alike if re.fullmatch("[A-Za-z]", entry["c"])]
            if candidates:
                latin[character] = _match_case(character, candidates)
    return latin | _small_capitals()


@cache
def _confusables_in_latin_words() -> dict[str, str]:
    return _confusables() | read_table("extra_confusables")


def _match_case(character: str, candidates: list[str]) -> str:
    """Choose the candidate in the character's own case: in the table, a capital palochka looks like a small l."""
    if character.isupper() and candidates == ["l"]:
        return "I"
    same_case = [letter for letter in candidates if letter.isupper() == character.isupper()]
    return min(same_case or candidates)


@cache
def _small_capitals() -> dict[str, str]:
    """Map the small capitals of phonetic alphabets to their letters."""
    capitals = {}
    # IPA Extensions, Phonetic Extensions, and two letters of Latin Extended-D.
    for code in (*range(0x0250, 0x02B0), *range(0x1D00, 0x1D26), *range(0xA730, 0xA732)):
        name = unicodedata.name(chr(code), "")
        letter = name.removeprefix("LATIN LETTER SMALL CAPITAL ")
        if len(letter) == 1:
            capitals[chr(code)] = letter.lower()
    return capitals

"""Replacement of letters that look like Latin letters, such as a Cyrillic o, by the Latin letters.

In a word that mixes scripts, look-alikes are replaced if every foreign letter has a Latin counterpart. A word of
look-alikes only is replaced if the rest of the text is mostly Latin. Russian or Greek prose therefore stays unchanged.
The table is Unicode's (Technical Standard 39), from the package confusable-homoglyphs.
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
"""Letters of flags, keycaps (a box around the digit before it), and letters in circles, boxes or brackets."""

_LAST_LATIN = 0x024F
"""The last code point of Unicode's Latin blocks. Phonetic letters and other scripts have higher code points."""

_MIN_ASCII_SHARE = 0.6
"""Foreign words are read as disguised Latin only if at least this share of the text's letters is ASCII."""


def fold_confusables(text: str) -> Iterator[Edit]:
    """Yield the edits that replace look-alike letters by Latin letters."""
    if text.isascii():
        return
    # Cached, because a text may repeat a word thousands of times. Per text, because the result depends on the text.
    latin_form = cache(partial(_latin_form, in_latin_text=_is_mostly_latin(text)))
    for word in _NON_ASCII_WORD.finditer(text):
        replacement = latin_form(word.group())
        if replacement is not None:
            yield word.start(), word.end(), replacement


def fold_symbols(text: str) -> Iterator[Edit]:
    """Yield the edits that replace letters in circles, boxes and brackets by plain letters, and remove keycaps.

    NFKC does not change most of these symbols. A flag is two letter symbols. They are replaced only if a single one
    stands alone, or if they spell a rude word.
    """
    for match in _SYMBOLS.finditer(text):
        # The Unicode name of each symbol ends with its letter: "REGIONAL INDICATOR SYMBOL LETTER F".
        names = (unicodedata.name(symbol, " ") for symbol in match.group() if symbol != "\ufe0f")
        letters = "".join(name[-1].lower() for name in names)
        if match["keycap"]:
            yield *match.span(), ""
        elif not match["flags"] or len(letters) == 1 or letters in INSULTS:
            yield *match.span(), letters


def _latin_form(word: str, *, in_latin_text: bool) -> str | None:
    """Return a word with Latin letters only, or None if it is not a disguised Latin word."""
    has_ascii = any(letter.isascii() and letter.isalpha() for letter in word)
    foreign = [letter for letter in word if letter.isalpha() and ord(letter) > _LAST_LATIN]
    if not foreign:
        return None
    is_small_capitals = all(letter in _small_capitals() for letter in foreign)
    if not (has_ascii or in_latin_text or is_small_capitals):
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
    """Map letters to the Latin letters that they look like. Built on first use, because most texts need no table."""
    latin = {}
    for character, look_alikes in confusables.confusables_data.items():
        if len(character) == 1 and ord(character) > _LAST_LATIN and character.isalpha():
            candidates = [entry["c"] for entry in look_alikes if re.fullmatch("[A-Za-z]", entry["c"])]
            if candidates:
                latin[character] = _match_case(character, candidates)
    return latin | _small_capitals()


@cache
def _confusables_in_latin_words() -> dict[str, str]:
    """Add letters that are replaced only in words with ASCII letters."""
    return _confusables() | read_table("extra_confusables")


def _match_case(character: str, candidates: list[str]) -> str:
    """Return the candidate in the same case as the character, if there is one."""
    # Unicode's table lists only a small l for capitals that look like I, such as the Cyrillic palochka.
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

"""Emoji as words, for an encoder whose vocabulary has none of them. Nothing that is displayed changes."""

import re
import unicodedata
from functools import lru_cache

from models.text.alignment import NormalisedText, rewrite

_EMOJI = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]")
_SKIN_TONES = {
    "\U0001f3fb": "light skin",
    "\U0001f3fc": "light skin",
    "\U0001f3fd": "brown skin",
    "\U0001f3fe": "dark skin",
    "\U0001f3ff": "dark skin",
}
_NAME_FILLER = re.compile(r"\b(?:black|white|heavy|negative|squared|sign|symbol|emoji)\b ?")
"""Words of Unicode names that say nothing. A filled shape is called black: read as a word, that would name people."""


def describe_emoji(text: str) -> str:
    """Return the text with each emoji replaced by its Unicode name between spaces.

    An encoder that knows no emoji reads all of them as one unknown token, so a heart and a gun would be the same to it.
    Takes about 1 microsecond for a text without emoji.
    """
    return describe_all(text).text


def describe_all(text: str) -> NormalisedText:
    """Return the text of `describe_emoji` with the origin of each character."""
    plain = NormalisedText(text)
    if text.isascii():
        return plain
    return rewrite(plain, ((*found.span(), f" {_describe(found.group())} ") for found in _EMOJI.finditer(text)))


@lru_cache(maxsize=4096)
def _describe(emoji: str) -> str:
    name = _SKIN_TONES.get(emoji) or unicodedata.name(emoji, "").lower()
    if name.startswith("regional indicator"):
        return name[-1]
    return _NAME_FILLER.sub("", name).replace("-", " ").strip() or emoji

"""Emoji as words, because the encoder's vocabulary has no emoji. Only the encoder sees the words."""

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
"""Words of Unicode names without meaning: a "black heart" is only a filled one, but an encoder relates it to people."""


def describe_emoji(text: str) -> str:
    """Return the text with each emoji replaced by its Unicode name between spaces.

    An encoder that knows no emoji reads all of them as one unknown token, so a heart and a gun would be the same to it.
    Takes about 1 microsecond for a text without emoji.
    """
    return describe_emoji_aligned(text).text


def describe_emoji_aligned(text: str) -> NormalisedText:
    """Return the text of `describe_emoji` with the origin of each character."""
    plain = NormalisedText(text)
    if text.isascii():
        return plain
    edits = ((*match.span(), f" {_describe(match.group())} ") for match in _EMOJI.finditer(text))
    return rewrite(plain, edits)


@lru_cache(maxsize=4096)
def _describe(emoji: str) -> str:
    name = _SKIN_TONES.get(emoji) or unicodedata.name(emoji, "").lower()
    if name.startswith("regional indicator"):
        return name[-1]  # the letter of a flag
    return _NAME_FILLER.sub("", name).replace("-", " ").strip() or emoji

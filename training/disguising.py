"""Hiding the word that gives a comment away, as people do: to measure what normalisation is worth; teaches nothing."""

from collections.abc import Callable, Mapping

from sklearn.pipeline import Pipeline

from models.reading import read
from models.text import normalise
from models.toxicity import contributions

_LEET = str.maketrans("aeiost", "4310$7")
_LOOK_ALIKE = str.maketrans("aeopcy", "аеорсу")


def _mask_vowel(word: str) -> str:
    place = next((place for place, letter in enumerate(word) if place and letter in "aeiou"), None)
    return word if place is None else f"{word[:place]}*{word[place + 1 :]}"


DISGUISES: Mapping[str, Callable[[str], str]] = {
    "letters apart": " ".join,
    "dots between": ".".join,
    "zero-width space inside": "\u200b".join,
    "look-alike letters": lambda word: word.translate(_LOOK_ALIKE),
    "leetspeak": lambda word: word.translate(_LEET),
    "a vowel masked": _mask_vowel,
    "a letter stretched": lambda word: word[:1] + word[1:2] * 4 + word[2:],
    "full-width letters": lambda word: "".join(
        chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word
    ),
    "strokes through": "\u0336".join,
    "tags inside": lambda word: f"{word[:2]}<b></b>{word[2:]}",
}
"""Ways to write a word so that a list of words misses it."""


def disguise(pipeline: Pipeline, text: str, *, how: str) -> str:
    """Answer the text with the word that adds most to its toxicity disguised."""
    normalised = normalise(text, html=True)
    reading = read(normalised.text)
    if not reading.words:
        return text
    weights = contributions(pipeline, reading.words)
    start, end = normalised.original_span(*reading.spans[int(weights.argmax())])
    return text[:start] + DISGUISES[how](text[start:end]) + text[end:]

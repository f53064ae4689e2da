"""Text turned upside down, letter for letter and back to front: read as it stands on its feet; nothing is judged.

Text is taken for turned where its letters are all ones that a turned letter looks like, and enough of them are signs
that hardly any language writes. Phonetic spelling, and languages with an open o, have other letters among them.
"""

import re
from collections.abc import Iterator

from models.text.alignment import Edit
from models.text.lexicon import OBFUSCATED

_FLIPPED = dict(
    zip(
        "ɐɒɔǝəɟƃɓᵷɥᴉıɾɿʞɯɹʇʌʍʎ∀ƆƎℲפ⅁ſ⅂˥Ԁ┴⊥Λ⅄ʃʅן",
        "aaceefggghiijrkmrtvwyACEFGGJLLPTTVYlll",
        strict=True,
    )
)
_SYMMETRIC = dict(zip("bdnpqsuxzoliOSXZHINMWqlBD", "qpudbsnxzoliOSXZHINWMblBD", strict=True))
_MARKS = {
    **dict(zip("˙¿¡'‚„‾()[]{}<>", ".?!,'\"_)(][}{><", strict=True)),
    ",": "'",
    "؛": ";",
    "⅋": "&",
    "“": "”",
    "”": "“",
}
_UPRIGHT = {**_FLIPPED, **_SYMMETRIC, **_MARKS}
_LETTERS = "".join(sorted({*_FLIPPED, *_SYMMETRIC}))
_SIGN = re.compile(f"[{''.join(sorted(_FLIPPED))}]")
_UPRIGHT_ONLY = rf"[^\W{_LETTERS}]"
_START = rf"(?:(?<!{_UPRIGHT_ONLY})(?<![^\w\s])|(?<={_UPRIGHT_ONLY}[^\w\s]))"
"""Marks belong to the run behind them as a whole, and so only the first is one to start from: to start from each would
take the square of their number. Behind an upright letter the first mark is that letter's."""

_RUN = re.compile(rf"{_START}[^\w\s]*[{_LETTERS}](?:[{_LETTERS}]|[^\w]|[\d_])*(?!{_UPRIGHT_ONLY})")
_WORD = re.compile(rf"[{_LETTERS}]+")
_MIN_SIGNS = 2
_ALONE = 4
_SHARE = 0.4
"""Of the letters of an English text two in three look unlike themselves when turned; a single word may have fewer."""


def turn_upright(text: str) -> Iterator[Edit]:
    """Yield the edits, each a run from its last sign to its first, that set upside-down text on its feet."""
    if text.isascii() or not _SIGN.search(text):
        return
    whole = text.strip()
    for run in _RUN.finditer(text):
        start, end = run.span() if run.group().strip() == whole else _without_edges(text, *run.span())
        read = "".join(_UPRIGHT.get(sign, sign) for sign in reversed(text[start:end]))
        if _is_turned(text[start:end], read):
            yield start, end, read


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave to the upright text around what stands at the edges of a run and does not look turned."""
    turned = [word.span() for word in _WORD.finditer(text, start, end) if _SIGN.search(word.group())]
    return (turned[0][0], turned[-1][1]) if turned else (start, start)


def _is_turned(written: str, read: str) -> bool:
    signs = len(_SIGN.findall(written))
    letters = sum(letter.isalpha() or letter in _FLIPPED for letter in written)
    if not signs or letters < len("abc"):
        return False
    known = any(word.lower() in OBFUSCATED for word in re.findall("[A-Za-z]+", read))
    return known or (signs >= _MIN_SIGNS and letters >= _ALONE and signs >= _SHARE * letters)

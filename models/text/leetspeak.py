"""Disguised words, and how to read them: leetspeak, masks, letters set apart or stretched; no judgement.

Reading is conservative: a spelling is changed only where it becomes a word that people are known to disguise,
or where it looks like nothing but a disguise. Numbers, prices, initials, addresses and model names stay.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import pairwise, product

from models.text.alignment import Edit
from models.text.lexicon import ABUSE, INSULTS, MASKABLE, OBFUSCATED
from models.text.misspellings import match_case
from models.text.word_boundaries import is_split_word

_LEET = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b",
    "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "(": "c", "6": "g", "9": "g",
    "€": "e", "£": "l", "¢": "c", "¥": "y", "§": "s", "ø": "o", "ı": "i", "ł": "l", "đ": "d", "ß": "b", "þ": "p",
}  # fmt: skip
_MAX_WORD_CHARS = 24
_MAX_AMBIGUOUS = 4
"""Signs that stand for i or for l, beyond which not every reading is tried."""

_CHUNK = re.compile(r"\S+")
_OPENING = "\"'“‘([{<*_~.,;:-"
_CLOSING = "\"'”’)]}>.,;:?!_~-"
_ADDRESS = re.compile(r"://|^www\.|@[\w-]+\.\w|^#|[/\\]")
_LEETSPEAK = re.compile(r"(?=.*[a-z])(?=.*[^a-z])[a-z013-9@$!|+(€£¢¥§øıłđßþ]+", re.IGNORECASE | re.ASCII)
_SHAPES = {
    "/\\/\\": "m", "|\\/|": "m", "|\\|": "n", "\\/\\/": "w", "/\\": "a", "\\/": "v", "|_|": "u", "(_)": "u", "|-|": "h",
    "|<": "k", "|)": "d", "|3": "b", "()": "o", "[]": "o", "><": "x",
}  # fmt: skip
_SHAPED = re.compile("|".join(re.escape(shape) for shape in _SHAPES))
_INNER_SIGNS = re.compile(
    r"[A-Za-z]?[a-z]*(?:(?:00?|\$\$?|(?<=[a-z][b-df-hj-np-tv-z])1(?=[b-df-hj-np-tv-z][a-z]))[a-z]+)+"
)
_MASK = re.compile(r"(?:\*|[*#%&@$!]{2,})+")
_MAX_HIDDEN = 4
"""Letters that one mask may hide, however long it is."""

_MASKED = re.compile(r"[a-z]+(?:(?:\*+|[*#%&@$!]{2,})[a-z]+)+|[a-z]+[*#%&@$!]{2,}", re.IGNORECASE)
_BETWEEN = r"[.*_~,;:^+=|/\\•·…\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff-]+"
_INSERTED = re.compile(rf"[a-z]+(?:{_BETWEEN}[a-z]+)+", re.IGNORECASE)
_SLIPS = frozenset(("as.s", "as-s", "pen.is", "pen-is", "who.re", "who-re"))
_SINGLES = re.compile(
    r"(?<![^\s\"'“‘(\[])[a-z0-9@$!|+]([ .*_~-]|\. | - )(?:[a-z0-9@$!|+]\1)+[a-z0-9@$!|+]"
    r"(?![^\s\"'”’)\].,;:?!])",
    re.IGNORECASE,
)
_STRETCH = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_STRETCHED_WORD = re.compile(r"[^\W\d_]+")
_NUMERALS = frozenset("IVXLCDM")
_INITIALS = 3
_SPELLED_OUT = 5
"""Separated letters that make no known word are joined from this many on: fewer may be initials or a list."""


def join_letters(text: str) -> Iterator[Edit]:
    """Yield the edits that join letters standing apart, as in `i d i o t` and `f.u.c.k`, into words."""
    for run in _SINGLES.finditer(text):
        letters = run.group()[:: 1 + len(run.group(1))]
        if run.group(1) == " " and letters[0] in "aAiI" and decode_symbols(letters[1:], known=ABUSE):
            yield run.start() + 2, run.end(), decode_symbols(letters[1:], known=ABUSE) or ""
        elif _is_initials(letters, separator=run.group(1)):
            continue
        elif word := decode_symbols(letters, known=INSULTS):
            yield run.start(), run.end(), word
        elif _is_spelled_out(letters):
            yield run.start(), run.end(), letters


def decode_leetspeak(text: str) -> Iterator[Edit]:
    """Yield the edits that turn digits, masks and separators inside a word back into letters."""
    for chunk in _CHUNK.finditer(text):
        whole = chunk.group()
        if (whole.isascii() and whole.isalpha()) or len(whole) > 2 * _MAX_WORD_CHARS:
            continue
        start = chunk.start() + len(whole) - len(whole.lstrip(_OPENING))
        core = whole.strip(_OPENING) if whole[-1] == "*" and whole[-2:] != "**" else whole.lstrip(_OPENING)
        core = core.rstrip(_CLOSING)
        if core and not (core.isascii() and core.isalpha()) and (word := _read(core)):
            yield start, start + len(core), word


def limit_repeats(text: str) -> Iterator[Edit]:
    """Yield the edits that cap repeated letters at two, or one where a known word results; XIII, www stay."""
    if not _STRETCH.search(text):
        return
    for word in _STRETCHED_WORD.finditer(text):
        if not _STRETCH.search(word.group()):
            continue
        capped = _STRETCH.sub(partial(_cap, is_numeral=_NUMERALS.issuperset(word.group())), word.group())
        if capped != word.group():
            single = _STRETCH.sub(r"\1", word.group())
            yield word.start(), word.end(), single if single.lower() in INSULTS else capped


@lru_cache(maxsize=4096)
def _read(word: str) -> str | None:
    """Answer what a disguised word reads, or None where it is no disguise."""
    if len(word) > _MAX_WORD_CHARS:
        return None
    if _INSERTED.fullmatch(word) and (joined := _without_separators(word)):
        return joined
    if _SHAPED.search(word) and "://" not in word:
        return decode_symbols(_SHAPED.sub(lambda shape: _SHAPES[shape.group()], word), known=INSULTS)
    if _LEETSPEAK.fullmatch(word) and not _ADDRESS.search(word):
        return decode_symbols(word, known=OBFUSCATED) or _read_inner_signs(word)
    return _unmask(word) if _MASKED.fullmatch(word) else None


def decode_symbols(word: str, *, known: frozenset[str]) -> str | None:
    """Answer the known word that letters and signs spell, in the case of the first letter, or None."""
    digits = sum(sign.isdigit() for sign in word)
    letters = sum(sign.isalpha() for sign in word)
    if len(word) > _MAX_WORD_CHARS or (len(word) <= _INITIALS and (digits > letters or (digits and word.isupper()))):
        return None
    choices = [_LEET.get(sign, sign) for sign in word.lower()]
    if sum(len(choice) > 1 for choice in choices) > _MAX_AMBIGUOUS:
        return None
    for reading in map("".join, product(*choices)):
        if reading in known:
            return match_case(word, reading)
    return None


def _read_inner_signs(word: str) -> str | None:
    """Read signs between letters as no product has them: a nought, or a one between consonants."""
    letters = sum(sign.isalpha() for sign in word)
    if letters < _INITIALS or not _INNER_SIGNS.fullmatch(word):
        return None
    return word.translate(str.maketrans("01$", "ois"))


def _unmask(word: str) -> str | None:
    """Answer the likeliest word under masks that are as long as what they hide, or else under masks that are not."""
    first, *parts = _MASK.split(word.lower())
    alike = _masked().get(first[0], ())
    near = [known for known in alike if known.startswith(first) and known.endswith(parts[-1])]
    exact = [range(len(mask), len(mask) + 1) for mask in _MASK.findall(word)]
    loose = [range(1, _MAX_HIDDEN + 1)] * len(parts)
    for hidden in (exact, loose):
        found = next((known for known in near if _fits(known, len(first), parts, hidden)), None)
        if found:
            return match_case(word, found)
    return None


def _fits(known: str, start: int, parts: Sequence[str], hidden: Sequence[range]) -> bool:
    """Whether a known word has the parts in order from `start` on, each behind as many letters as may be hidden."""
    ends = {start}
    for part, lengths in zip(parts, hidden, strict=True):
        ends = {end + length + len(part) for end in ends for length in lengths if known.startswith(part, end + length)}
    return len(known) in ends


@cache
def _masked() -> Mapping[str, Sequence[str]]:
    """What a mask may hide, the likeliest first, by its first letter, which no mask hides."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for known in MASKABLE:
        found[known[0]].append(known)
    return dict(found)


def _without_separators(word: str) -> str | None:
    """Answer the rude word that separators were put into: all of its letters stand apart, or a piece is no word."""
    parts = re.split(_BETWEEN, word)
    joined = "".join(parts)
    if is_split_word(*parts):
        return joined
    short = min(map(len, parts)) < _INITIALS
    if not short or len(joined) <= _INITIALS or word.lower() in _SLIPS:
        return None
    return joined if joined.lower() in ABUSE else None


def _is_initials(letters: str, *, separator: str) -> bool:
    return letters.isupper() and "." in separator and len(letters) <= _INITIALS


def _is_spelled_out(letters: str) -> bool:
    lower = letters.lower()
    if len(letters) < _SPELLED_OUT or not letters.isalpha() or not letters.isascii():
        return False
    in_order = all(ord(after) - ord(before) == 1 for before, after in pairwise(lower))
    vowels = sum(letter in "aeiouy" for letter in lower)
    return letters[1:].islower() and not in_order and 0 < vowels < len(letters)


def _cap(stretch: re.Match[str], *, is_numeral: bool) -> str:
    letters = stretch.group()
    cased = letters.lower() != letters.upper()
    return letters[:2] if cased and not _keeps_three(stretch, is_numeral=is_numeral) else letters


def _keeps_three(stretch: re.Match[str], *, is_numeral: bool) -> bool:
    """Tell XIII, AAA and www from a stretched word."""
    letters, word = stretch.group(), stretch.string
    if letters.lower() == "www" or (word == letters and letters.isupper() and len(letters) == _INITIALS):
        return True
    return len(letters) == _INITIALS and is_numeral

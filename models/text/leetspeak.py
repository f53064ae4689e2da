"""Disguised words: leetspeak, masks such as `f***`, letters that are spaced out, and letters that are repeated.

Reading is conservative. A spelling is changed only if it becomes a word that people are known to disguise, or if it can
be nothing but a disguise. Numbers, prices, initials, addresses and model names stay.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import pairwise, product

from models.text.alignment import Edit
from models.text.letter_case import match_case
from models.text.lexicon import ABUSE, INSULTS, MASKABLE, OBFUSCATED
from models.text.word_boundaries import is_split_word
from models.text.word_lists import read_table

_SYMBOLS = read_table("leetspeak_symbols")
_SHAPES = read_table("letter_shapes")
_MAX_WORD_CHARS = 24
_MAX_AMBIGUOUS = 4
"""Symbols of a word with several readings, such as `1` for i or l. With more there are too many readings to try."""

_CHUNK = re.compile(r"\S+")
_OPENING = "\"'“‘([{<*_~.,;:-"
_CLOSING = "\"'”’)]}>.,;:?!_~-"
_ADDRESS = re.compile(r"://|^www\.|@[\w-]+\.\w|^#|[/\\]")
# At least one letter and one other character, and nothing that is neither letter nor leetspeak.
_LEETSPEAK = re.compile(r"(?=.*[a-z])(?=.*[^a-z])[a-z013-9@$!|+(€£¢¥§øıłđßþ]+", re.IGNORECASE | re.ASCII)
_SHAPED = re.compile("|".join(re.escape(shape) for shape in _SHAPES))
_INNER_SYMBOLS = re.compile(
    r"[A-Za-z]?[a-z]*(?:(?:00?|\$\$?|(?<=[a-z][b-df-hj-np-tv-z])1(?=[b-df-hj-np-tv-z][a-z]))[a-z]+)+"
)
"""Noughts and dollars between letters, and a one between consonants, as no product name has them."""

# A single asterisk may hide one letter; other symbols mask in pairs only, because alone they are marks.
_MASK = re.compile(r"(?:\*|[*#%&@$!]{2,})+")
_MAX_HIDDEN = 4
"""Letters that one mask may hide, however long it is."""

_MASKED = re.compile(r"[a-z]+(?:(?:\*+|[*#%&@$!]{2,})[a-z]+)+|[a-z]+[*#%&@$!]{2,}", re.IGNORECASE)
# Marks, arrows, symbols and emoji that are put between the letters of a word.
_SEPARATORS = r"[.*_~,;:^+=|/\\•·…\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff-]+"
_SEPARATED = re.compile(rf"[a-z]+(?:{_SEPARATORS}[a-z]+)+", re.IGNORECASE)
_MISSING_SPACES = frozenset(("as.s", "as-s", "pen.is", "pen-is", "who.re", "who-re"))
"""Two words with a mark between them, rather than one word with a separator inside."""

# Three or more single characters with the same separator between them.
_SINGLE_LETTERS = re.compile(
    r"(?<![^\s\"'“‘(\[])[a-z0-9@$!|+]([ .*_~-]|\. | - )(?:[a-z0-9@$!|+]\1)+[a-z0-9@$!|+]"
    r"(?![^\s\"'”’)\].,;:?!])",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN_NUMERALS = frozenset("IVXLCDM")
_SHORT = 3
"""Characters of initials (`USA`), of rating names (`AAA`), and of pieces too short to be words by themselves."""

_MIN_SPELLED_OUT = 5
"""Separated letters that make no known word are joined from this many on: fewer may be initials or a list."""


def join_letters(text: str) -> Iterator[Edit]:
    """Yield the edits that join separated letters, as in `i d i o t` and `f.u.c.k`, into words."""
    for run in _SINGLE_LETTERS.finditer(text):
        letters = run.group()[:: 1 + len(run.group(1))]
        # `a f o o l` is an article and a word, `I f u c k` a pronoun and one.
        if run.group(1) == " " and letters[0] in "aAiI" and (word := decode_symbols(letters[1:], known=ABUSE)):
            yield run.start() + 2, run.end(), word
        elif _are_initials(letters, separator=run.group(1)):
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
        # One asterisk at the end is emphasis (`*word*`), two are a mask (`sh**`).
        core = whole.strip(_OPENING) if whole[-1] == "*" and whole[-2:] != "**" else whole.lstrip(_OPENING)
        core = core.rstrip(_CLOSING)
        if core and not (core.isascii() and core.isalpha()) and (word := _decode(core)):
            yield start, start + len(core), word


def limit_repeats(text: str) -> Iterator[Edit]:
    """Yield the edits that cut a letter's repeats to two, or to one if a known word results; XIII and www stay."""
    if not _REPEATED.search(text):
        return
    for found in _WORD.finditer(text):
        word = found.group()
        if not _REPEATED.search(word):
            continue
        limited = _REPEATED.sub(partial(_limit, is_numeral=_ROMAN_NUMERALS.issuperset(word)), word)
        if limited != word:
            single = _REPEATED.sub(r"\1", word)
            yield *found.span(), single if single.lower() in INSULTS else limited


def decode_symbols(word: str, *, known: frozenset[str]) -> str | None:
    """Return the known word that letters and symbols spell, in the case of the first letter, or None."""
    digits = sum(character.isdigit() for character in word)
    letters = sum(character.isalpha() for character in word)
    is_short = len(word) <= _SHORT  # `4a`, `B9` and `G7` are no words
    if len(word) > _MAX_WORD_CHARS or (is_short and (digits > letters or (digits and word.isupper()))):
        return None
    choices = [_SYMBOLS.get(character, character) for character in word.lower()]
    if sum(len(choice) > 1 for choice in choices) > _MAX_AMBIGUOUS:
        return None
    readings = map("".join, product(*choices))
    decoded = next((reading for reading in readings if reading in known), None)
    return match_case(word, decoded) if decoded else None


@lru_cache(maxsize=4096)
def _decode(word: str) -> str | None:
    """Return the word behind a disguise, or None if it is no disguise."""
    if len(word) > _MAX_WORD_CHARS:
        return None
    # Kinds of disguise share symbols, so they are tried in a fixed order.
    if _SEPARATED.fullmatch(word) and (joined := _without_separators(word)):
        return joined
    if _SHAPED.search(word) and "://" not in word:
        return decode_symbols(_SHAPED.sub(lambda shape: _SHAPES[shape.group()], word), known=INSULTS)
    if _LEETSPEAK.fullmatch(word) and not _ADDRESS.search(word):
        return decode_symbols(word, known=OBFUSCATED) or _decode_inner_symbols(word)
    return _unmask(word) if _MASKED.fullmatch(word) else None


def _decode_inner_symbols(word: str) -> str | None:
    """Return a word without its inner symbols, whether or not it is a known one."""
    letters = sum(character.isalpha() for character in word)
    if letters < _SHORT or not _INNER_SYMBOLS.fullmatch(word):
        return None
    return word.translate(str.maketrans("01$", "ois"))


def _unmask(word: str) -> str | None:
    """Return the likeliest word whose hidden letters are as many as the mask has characters, or else any number."""
    first, *parts = _MASK.split(word.lower())
    same_start = _maskable_by_first_letter().get(first[0], ())
    candidates = [known for known in same_start if known.startswith(first) and known.endswith(parts[-1])]
    exact = [range(len(mask), len(mask) + 1) for mask in _MASK.findall(word)]
    any_length = [range(1, _MAX_HIDDEN + 1)] * len(parts)
    for hidden in (exact, any_length):
        unmasked = next((known for known in candidates if _fits(known, len(first), parts, hidden)), None)
        if unmasked:
            return match_case(word, unmasked)
    return None


def _fits(known: str, start: int, parts: Sequence[str], hidden: Sequence[range]) -> bool:
    """Whether a known word has the parts in order from `start` on, each after as many letters as may be hidden."""
    ends = {start}  # where the parts so far may end in the known word
    for part, lengths in zip(parts, hidden, strict=True):
        ends = {end + length + len(part) for end in ends for length in lengths if known.startswith(part, end + length)}
    return len(known) in ends


@cache
def _maskable_by_first_letter() -> Mapping[str, Sequence[str]]:
    """Group MASKABLE, in its order, by the first letter, which no mask hides."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for known in MASKABLE:
        groups[known[0]].append(known)
    return dict(groups)


def _without_separators(word: str) -> str | None:
    """Return the rude word that separators were put into, or None if the parts are words."""
    parts = re.split(_SEPARATORS, word)
    joined = "".join(parts)
    if is_split_word(*parts):
        return joined
    has_short_part = min(map(len, parts)) < _SHORT
    if not has_short_part or len(joined) <= _SHORT or word.lower() in _MISSING_SPACES:
        return None
    return joined if joined.lower() in ABUSE else None


def _are_initials(letters: str, *, separator: str) -> bool:
    return letters.isupper() and "." in separator and len(letters) <= _SHORT


def _is_spelled_out(letters: str) -> bool:
    """Whether separated letters are a word that is not in any list, rather than initials or an enumeration."""
    lower = letters.lower()
    if len(letters) < _MIN_SPELLED_OUT or not letters.isalpha() or not letters.isascii():
        return False
    is_alphabet = all(ord(after) - ord(before) == 1 for before, after in pairwise(lower))
    vowels = sum(letter in "aeiouy" for letter in lower)
    return letters[1:].islower() and not is_alphabet and 0 < vowels < len(letters)


def _limit(repeats: re.Match[str], *, is_numeral: bool) -> str:
    letters = repeats.group()
    has_case = letters.lower() != letters.upper()
    return letters[:2] if has_case and not _keeps_three(repeats, is_numeral=is_numeral) else letters


def _keeps_three(repeats: re.Match[str], *, is_numeral: bool) -> bool:
    """Whether three of a letter are no exaggeration, as in XIII, AAA and www."""
    letters, word = repeats.group(), repeats.string
    if letters.lower() == "www" or (word == letters and letters.isupper() and len(letters) == _SHORT):
        return True
    return len(letters) == _SHORT and is_numeral

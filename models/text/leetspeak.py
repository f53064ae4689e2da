"""Decoding of disguised words: leetspeak, masks such as `f***`, spaced-out letters and repeated letters.

Decoding is conservative. A spelling changes only if the result is a word that people often disguise, or if the spelling
must be a disguise. Numbers, prices, initials, addresses and model names do not change.
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
"""Map each symbol to the letters that it may stand for, such as `1` to i and l."""

_SHAPES = read_table("letter_shapes")
"""Map groups of symbols that look like a letter together, such as `|-|` for h, to the letter."""

_MAX_WORD_CHARS = 24
_MAX_AMBIGUOUS = 4
"""A word is decoded only if at most so many of its symbols may stand for several letters. All readings are tried."""

_CHUNK = re.compile(r"\S+")
# Punctuation before and after a word.
_OPENING = "\"'“‘([{<*_~.,;:-"
_CLOSING = "\"'”’)]}>.,;:?!_~-"
_ADDRESS = re.compile(r"://|^www\.|@[\w-]+\.\w|^#|[/\\]")
# Only letters and leetspeak symbols: at least one letter and one symbol.
_LEETSPEAK = re.compile(r"(?=.*[a-z])(?=.*[^a-z])[a-z013-9@$!|+(€£¢¥§øıłđßþ]+", re.IGNORECASE | re.ASCII)
_SHAPED = re.compile("|".join(re.escape(shape) for shape in _SHAPES))
_INNER_SYMBOLS = re.compile(
    r"[A-Za-z]?[a-z]*(?:(?:00?|\$\$?|(?<=[a-z][b-df-hj-np-tv-z])1(?=[b-df-hj-np-tv-z][a-z]))[a-z]+)+"
)
"""Letters with 0 or $ between them, or with 1 between consonants. Product names do not look like this."""

# One asterisk is enough for a mask. Other symbols mask only in pairs, because a single one is punctuation.
_MASK = re.compile(r"(?:\*|[*#%&@$!]{2,})+")
_MAX_HIDDEN = 4
"""One mask hides at most so many letters, whatever its length."""

# Letters with masks between them, or letters with a mask of two or more symbols at the end.
_MASKED = re.compile(r"[a-z]+(?:(?:\*+|[*#%&@$!]{2,})[a-z]+)+|[a-z]+[*#%&@$!]{2,}", re.IGNORECASE)
# Marks, arrows, symbols and emoji that are put between the letters of a word.
_SEPARATORS = r"[.*_~,;:^+=|/\\•·…\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff-]+"
_SEPARATED = re.compile(rf"[a-z]+(?:{_SEPARATORS}[a-z]+)+", re.IGNORECASE)
_MISSING_SPACES = frozenset(("as.s", "as-s", "pen.is", "pen-is", "who.re", "who-re"))
"""Ambiguous spellings that are read as two words without a space, not as one word with a separator."""

# Three or more single characters with the same separator between them.
_SINGLE_LETTERS = re.compile(
    r"(?<![^\s\"'“‘(\[])[a-z0-9@$!|+]([ .*_~-]|\. | - )(?:[a-z0-9@$!|+]\1)+[a-z0-9@$!|+]"
    r"(?![^\s\"'”’)\].,;:?!])",
    re.IGNORECASE,
)
# The same letter three times or more.
_REPEATED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN_NUMERALS = frozenset("IVXLCDM")
_SHORT = 3
"""Length of initials (`USA`) and of rating names (`AAA`). Shorter pieces are rarely words."""

_MIN_SPELLED_OUT = 5
"""At least so many separated letters are joined even if the word is unknown. Fewer may be initials or a list."""


def join_letters(text: str) -> Iterator[Edit]:
    """Yield the edits that join separated letters, as in `i d i o t` and `f.u.c.k`, into words."""
    for run in _SINGLE_LETTERS.finditer(text):
        separator = run.group(1)
        letters = run.group()[:: 1 + len(separator)]
        # The first letter may be a word of its own: an article in `a f o o l`, a pronoun in `I f u c k`.
        may_start_with_word = separator == " " and letters[0] in "aAiI"
        if may_start_with_word and (word := decode_symbols(letters[1:], known=ABUSE)):
            yield run.start() + 2, run.end(), word
        elif _are_initials(letters, separator=separator):
            continue
        elif word := decode_symbols(letters, known=INSULTS):
            yield run.start(), run.end(), word
        elif _is_spelled_out(letters):
            yield run.start(), run.end(), letters


def decode_leetspeak(text: str) -> Iterator[Edit]:
    """Yield the edits that replace digits, masks and separators inside a word by letters."""
    for match in _CHUNK.finditer(text):
        chunk = match.group()
        if (chunk.isascii() and chunk.isalpha()) or len(chunk) > 2 * _MAX_WORD_CHARS:
            continue
        start = match.start() + len(chunk) - len(chunk.lstrip(_OPENING))
        # One asterisk at the end is emphasis (`*word*`) and is removed. Two are a mask (`sh**`).
        is_emphasis = chunk[-1] == "*" and chunk[-2:] != "**"
        core = chunk.strip(_OPENING) if is_emphasis else chunk.lstrip(_OPENING)
        core = core.rstrip(_CLOSING)
        if core and not (core.isascii() and core.isalpha()) and (word := _decode(core)):
            yield start, start + len(core), word


def limit_repeats(text: str) -> Iterator[Edit]:
    """Yield the edits that shorten runs of a letter to two, or to one if the result is an insult.

    Roman numerals such as XIII, and www, do not change.
    """
    if not _REPEATED.search(text):
        return
    for match in _WORD.finditer(text):
        word = match.group()
        if not _REPEATED.search(word):
            continue
        limited = _REPEATED.sub(partial(_limit, is_numeral=_ROMAN_NUMERALS.issuperset(word)), word)
        if limited != word:
            single = _REPEATED.sub(r"\1", word)
            yield *match.span(), single if single.lower() in INSULTS else limited


def decode_symbols(word: str, *, known: frozenset[str]) -> str | None:
    """Return the word of `known` that letters and symbols spell, in the case of the original, or None."""
    digits = sum(character.isdigit() for character in word)
    letters = sum(character.isalpha() for character in word)
    is_short = len(word) <= _SHORT  # `4a`, `B9` and `G7` are no words
    if len(word) > _MAX_WORD_CHARS or (is_short and (digits > letters or (digits and word.isupper()))):
        return None
    # The letters that each character may stand for: `1d` gives ["il", "d"], with the readings "id" and "ld".
    choices = [_SYMBOLS.get(character, character) for character in word.lower()]
    if sum(len(choice) > 1 for choice in choices) > _MAX_AMBIGUOUS:
        return None
    readings = map("".join, product(*choices))
    decoded = next((reading for reading in readings if reading in known), None)
    return match_case(word, decoded) if decoded else None


@lru_cache(maxsize=4096)
def _decode(word: str) -> str | None:
    """Return the word that a spelling disguises, or None if the spelling is not a disguise."""
    if len(word) > _MAX_WORD_CHARS:
        return None
    # The order matters, because several kinds of disguise use the same symbols.
    if _SEPARATED.fullmatch(word) and (joined := _without_separators(word)):
        return joined
    if _SHAPED.search(word) and "://" not in word:
        return decode_symbols(_SHAPED.sub(lambda shape: _SHAPES[shape.group()], word), known=INSULTS)
    if _LEETSPEAK.fullmatch(word) and not _ADDRESS.search(word):
        return decode_symbols(word, known=OBFUSCATED) or _decode_inner_symbols(word)
    return _unmask(word) if _MASKED.fullmatch(word) else None


def _decode_inner_symbols(word: str) -> str | None:
    """Return a word with letters in place of inner 0, 1 and $, even if the result is unknown. None if it has none."""
    letters = sum(character.isalpha() for character in word)
    if letters < _SHORT or not _INNER_SYMBOLS.fullmatch(word):
        return None
    return word.translate(str.maketrans("01$", "ois"))


def _unmask(word: str) -> str | None:
    """Return the most probable word that fits a mask, or None.

    Words with as many hidden letters as the mask has symbols are preferred. Otherwise the number does not matter.
    """
    first, *parts = _MASK.split(word.lower())
    same_start = _maskable_by_first_letter().get(first[0], ())
    candidates = [known for known in same_start if known.startswith(first) and known.endswith(parts[-1])]
    same_lengths = [range(len(mask), len(mask) + 1) for mask in _MASK.findall(word)]
    any_lengths = [range(1, _MAX_HIDDEN + 1)] * len(parts)
    for hidden_lengths in (same_lengths, any_lengths):
        for known in candidates:
            if _fits(known, len(first), parts, hidden_lengths):
                return match_case(word, known)
    return None


def _fits(known: str, start: int, parts: Sequence[str], hidden_lengths: Sequence[range]) -> bool:
    """Return whether a known word consists, from `start` on, of hidden letters and `parts` in turn.

    `hidden_lengths` has the numbers of letters that may be hidden before each part.
    """
    ends = {start}  # where the parts so far may end in the known word
    for part, lengths in zip(parts, hidden_lengths, strict=True):
        ends = {end + length + len(part) for end in ends for length in lengths if known.startswith(part, end + length)}
    return len(known) in ends


@cache
def _maskable_by_first_letter() -> Mapping[str, Sequence[str]]:
    """Group MASKABLE by first letter, which masks never hide. The order within a group is that of MASKABLE."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for known in MASKABLE:
        groups[known[0]].append(known)
    return dict(groups)


def _without_separators(word: str) -> str | None:
    """Return the rude word that is left without separators, or None if the parts are words by themselves."""
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
    """Return whether separated letters look like an unknown word rather than initials or a list such as `a b c d e`."""
    lower = letters.lower()
    if len(letters) < _MIN_SPELLED_OUT or not letters.isalpha() or not letters.isascii():
        return False
    is_alphabet = all(ord(after) - ord(before) == 1 for before, after in pairwise(lower))
    vowels = sum(letter in "aeiouy" for letter in lower)
    return letters[1:].islower() and not is_alphabet and 0 < vowels < len(letters)


def _limit(repeats: re.Match[str], *, is_numeral: bool) -> str:
    """Return two of the repeated letters, or all of them if they must not be shortened."""
    letters = repeats.group()
    has_case = letters.lower() != letters.upper()
    return letters[:2] if has_case and not _keeps_three(repeats, is_numeral=is_numeral) else letters


def _keeps_three(repeats: re.Match[str], *, is_numeral: bool) -> bool:
    """Return whether three equal letters are correct, as in XIII, AAA and www."""
    letters, word = repeats.group(), repeats.string
    if letters.lower() == "www" or (word == letters and letters.isupper() and len(letters) == _SHORT):
        return True
    return len(letters) == _SHORT and is_numeral

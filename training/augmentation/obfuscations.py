"""Obfuscations: ways to hide a toxic word from a filter. They measure how robust toxicity scores are."""

import random
from collections.abc import Callable, Mapping

from sklearn.pipeline import Pipeline

from models.text.keyboard import ROWS
from models.text.normalise import normalise
from models.text.tokens import tokenize
from models.toxicity.pipeline import bound_encoder, explain

_LEET = str.maketrans("aeiostAEIOST", "4310$74310$7")
_HOMOGLYPHS = str.maketrans("aeopcyxAEOPCTHKMBX", "аеорсухАЕОРСТНКМВХ")
_UPSIDE_DOWN = str.maketrans("abcdefghijklmnopqrstuvwxyz.,?!'\"()[]_", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz˙'¿¡,„)(][‾")
_EMOJI = "🙂🔥😂🤔💬🌟"
_FULL_WIDTH_OFFSET = 0xFEE0
"""The distance in Unicode from an ASCII character to its full-width form."""

_FLAG_A, _BRACKETED_A = 0x1F1E6, 0x249C
_MIN_CHARS = 4
"""Words with fewer letters are not misspelt, because they could become other words."""

_QUOTATIONS = (
    "“The council voted on Tuesday to close the Alder Street bridge until spring, officials said.” ",
    "> Ticket sales rose by four per cent in the third quarter, according to the annual report.\n\n",
    '"Researchers at the institute have mapped the river bed for the first time since 1974." - ',
    "The ministry said that the new timetable would take effect in the first week of March. ",
)


def _mask_vowel(word: str) -> str:
    """Replace the first vowel after the first letter by an asterisk."""
    for index, letter in enumerate(word):
        if index > 0 and letter in "aeiou":
            return f"{word[:index]}*{word[index + 1 :]}"
    return word


def _alternate_case(text: str) -> str:
    return "".join(letter.upper() if index % 2 else letter.lower() for index, letter in enumerate(text))


def _use_full_width(text: str) -> str:
    return "".join(chr(ord(sign) + _FULL_WIDTH_OFFSET) if "!" <= sign <= "~" else sign for sign in text)


def _swap_letters(word: str) -> str:
    if len(word) < _MIN_CHARS:
        return word
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def _drop_letter(word: str) -> str:
    middle = len(word) // 2
    return word if len(word) < _MIN_CHARS else word[:middle] + word[middle + 1 :]


def _double_letter(word: str) -> str:
    middle = len(word) // 2
    return word if len(word) < _MIN_CHARS else word[:middle] + word[middle] + word[middle:]


def _hit_next_key(word: str) -> str:
    """Replace the middle letter by the key to its right, if there is one."""
    if len(word) < _MIN_CHARS:
        return word
    middle = len(word) // 2
    key = word[middle].lower()
    for row in ROWS:
        # The last key of a row has none to its right.
        if key in row[:-1]:
            return word[:middle] + row[row.index(key) + 1] + word[middle + 1 :]
    return word


def _spell_with_flags(word: str) -> str:
    """Write regional indicator letters. Two of them that name a country are displayed as its flag."""
    return " ".join(
        chr(_FLAG_A + ord(letter) - ord("a")) if "a" <= letter <= "z" else letter for letter in word.lower()
    )


def _put_in_brackets(word: str) -> str:
    return "".join(chr(_BRACKETED_A + ord(sign) - ord("a")) if "a" <= sign <= "z" else sign for sign in word.lower())


def _drop_vowels(word: str) -> str:
    """Drop the vowels inside the word; the first and the last letter stay."""
    return word[:1] + "".join(letter for letter in word[1:-1] if letter.lower() not in "aeiou") + word[1:][-1:]


def _insert_wrong_letter(word: str) -> str:
    middle = len(word) // 2
    return word if len(word) < _MIN_CHARS else word[:middle] + "x" + word[middle:]


def _rotate_inner_letters(word: str) -> str:
    """Move the second letter behind the other inner letters."""
    return word if len(word) < _MIN_CHARS else word[0] + word[2:-1] + word[1] + word[-1]


def _insert_emoji(text: str) -> str:
    words = text.split(" ")
    return " ".join(f"{word} {_EMOJI[index % len(_EMOJI)]}" if index % 2 else word for index, word in enumerate(words))


def _prepend_quotation(text: str) -> str:
    return random.Random(text).choice(_QUOTATIONS) + text  # a repeatable choice, no secret


OBFUSCATIONS: Mapping[str, Callable[[str], str]] = {
    "letters apart": " ".join,
    "dots between": ".".join,
    "hyphens between": "-".join,
    "a mark inside": lambda word: f"{word[:2]}.{word[2:]}",
    "zero-width space inside": "\u200b".join,
    "look-alike letters": lambda word: word.translate(_HOMOGLYPHS),
    "leetspeak": lambda word: word.translate(_LEET),
    "a vowel masked": _mask_vowel,
    "a letter stretched": lambda word: word[:1] + word[1:2] * 4 + word[2:],
    "full-width letters": _use_full_width,
    # U+0336 is drawn through the letter before it. "marks piled up" below draws three such marks on each letter.
    "strokes through": "\u0336".join,
    "tags inside": lambda word: f"{word[:2]}<b></b>{word[2:]}",
    "mixed case": _alternate_case,
    "two letters swapped": _swap_letters,
    "a letter dropped": _drop_letter,
    "a letter doubled": _double_letter,
    "the next key hit": _hit_next_key,
    "an emoji inside": lambda word: f"{word[:2]}🙂{word[2:]}",
    "a word upside down": lambda word: word.lower().translate(_UPSIDE_DOWN)[::-1],
    "a space inside": lambda word: f"{word[:2]} {word[2:]}",
    "a word backwards": lambda word: word[::-1],
    "every letter doubled": lambda word: "".join(letter * 2 for letter in word),
    "letters of flags": _spell_with_flags,
    "letters in brackets": _put_in_brackets,
    "marks piled up": lambda word: "".join(f"{letter}\u0337\u0321\u035d" for letter in word),
    "vowels left out": _drop_vowels,
    # No rule undoes the last three. They show how well the rules for other misspellings generalise.
    "a wrong letter put in": _insert_wrong_letter,
    "inner letters turned round": _rotate_inner_letters,
    "two slips": lambda word: _double_letter(_swap_letters(word)),
}
"""Ways to write one word so that a word list does not match it. Misspellings leave short words as they are."""

WHOLE_TEXT: Mapping[str, Callable[[str], str]] = {
    "text upside down": lambda text: text.lower().translate(_UPSIDE_DOWN)[::-1],
    "text in mixed case": _alternate_case,
    "text in capitals": str.upper,
    "text in full width": _use_full_width,
    "text in look-alike letters": lambda text: text.translate(_HOMOGLYPHS),
    "emoji between words": _insert_emoji,
    "an article's sentence before": _prepend_quotation,
}
"""Ways to write a whole comment, or to begin it."""


def find_most_toxic_word(pipeline: Pipeline, text: str) -> tuple[int, int]:
    """Return the span (start, end) of the word that adds most to a text's toxicity, or (0, 0) if it has no words."""
    normalised = normalise(text, html=True)
    tokens = tokenize(normalised.text)
    if not tokens.words:
        return 0, 0
    # (words, targets); column 0 is toxicity.
    contributions = explain(pipeline, tokens, bound_encoder(pipeline).encode(normalised.text)).words[:, 0]
    return normalised.original_span(*tokens.spans[int(contributions.argmax())])


def obfuscate(text: str, span: tuple[int, int], *, how: str) -> str:
    """Return the text with the word at `span` written in the way `how` of OBFUSCATIONS.

    A way of WHOLE_TEXT changes the whole text instead. Raises KeyError if `how` is in neither.
    """
    if how in WHOLE_TEXT:
        return WHOLE_TEXT[how](text)
    start, end = span
    return text[:start] + OBFUSCATIONS[how](text[start:end]) + text[end:]

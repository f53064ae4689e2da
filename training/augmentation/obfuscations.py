"""Hiding what gives a comment away, as people do: to measure what normalisation is worth; teaches nothing."""

import random
from collections.abc import Callable, Mapping

from sklearn.pipeline import Pipeline

from models.text.normalise import normalise
from models.text.tokens import tokenize
from models.toxicity.pipeline import bound_encoder, explain

_LEET = str.maketrans("aeiostAEIOST", "4310$74310$7")
_LOOK_ALIKE = str.maketrans("aeopcyxAEOPCTHKMBX", "аеорсухАЕОРСТНКМВХ")
_UPSIDE_DOWN = str.maketrans("abcdefghijklmnopqrstuvwxyz.,?!'\"()[]_", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz˙'¿¡,„)(][‾")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_EMOJI = "🙂🔥😂🤔💬🌟"
_FULL_WIDTH = 0xFEE0
_FLAG_A, _BRACKETED_A = 0x1F1E6, 0x249C
_SHORT = 4
"""Letters of a word below which a slip would make another word of it."""

_QUOTED = (
    "“The council voted on Tuesday to close the Alder Street bridge until spring, officials said.” ",
    "> Ticket sales rose by four per cent in the third quarter, according to the annual report.\n\n",
    '"Researchers at the institute have mapped the river bed for the first time since 1974." - ',
    "The ministry said that the new timetable would take effect in the first week of March. ",
)


def _mask_vowel(word: str) -> str:
    place = next((place for place, letter in enumerate(word) if place and letter in "aeiou"), None)
    return word if place is None else f"{word[:place]}*{word[place + 1 :]}"


def _alternate_case(text: str) -> str:
    return "".join(sign.upper() if place % 2 else sign.lower() for place, sign in enumerate(text))


def _widen(text: str) -> str:
    return "".join(chr(ord(sign) + _FULL_WIDTH) if "!" <= sign <= "~" else sign for sign in text)


def _swap_letters(word: str) -> str:
    middle = max(1, len(word) // 2)
    return word if len(word) < _SHORT else word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def _drop_letter(word: str) -> str:
    return word if len(word) < _SHORT else word[: len(word) // 2] + word[len(word) // 2 + 1 :]


def _double_letter(word: str) -> str:
    return word if len(word) < _SHORT else word[: len(word) // 2] + word[len(word) // 2] + word[len(word) // 2 :]


def _hit_next_key(word: str) -> str:
    place = len(word) // 2
    row = next((row for row in _KEYS if len(word) >= _SHORT and word[place].lower() in row[:-1]), None)
    return word if row is None else word[:place] + row[row.index(word[place].lower()) + 1] + word[place + 1 :]


def _spell_in_flags(word: str) -> str:
    return " ".join(
        chr(_FLAG_A + ord(letter) - ord("a")) if "a" <= letter <= "z" else letter for letter in word.lower()
    )


def _bracket(word: str) -> str:
    return "".join(chr(_BRACKETED_A + ord(sign) - ord("a")) if "a" <= sign <= "z" else sign for sign in word.lower())


def _drop_vowels(word: str) -> str:
    return word[:1] + "".join(letter for letter in word[1:-1] if letter.lower() not in "aeiou") + word[1:][-1:]


def _insert_wrong_letter(word: str) -> str:
    return word if len(word) < _SHORT else word[: len(word) // 2] + "x" + word[len(word) // 2 :]


def _rotate_inside(word: str) -> str:
    return word if len(word) < _SHORT else word[0] + word[2:-1] + word[1] + word[-1]


def _put_emoji_between(text: str) -> str:
    words = text.split(" ")
    return " ".join(f"{word} {_EMOJI[place % len(_EMOJI)]}" if place % 2 else word for place, word in enumerate(words))


def _quote_before(text: str) -> str:
    return random.Random(text).choice(_QUOTED) + text  # noqa: S311 - a repeatable choice, no secret


OBFUSCATIONS: Mapping[str, Callable[[str], str]] = {
    "letters apart": " ".join,
    "dots between": ".".join,
    "hyphens between": "-".join,
    "a mark inside": lambda word: f"{word[:2]}.{word[2:]}",
    "zero-width space inside": "\u200b".join,
    "look-alike letters": lambda word: word.translate(_LOOK_ALIKE),
    "leetspeak": lambda word: word.translate(_LEET),
    "a vowel masked": _mask_vowel,
    "a letter stretched": lambda word: word[:1] + word[1:2] * 4 + word[2:],
    "full-width letters": _widen,
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
    "letters of flags": _spell_in_flags,
    "letters in brackets": _bracket,
    "marks piled up": lambda word: "".join(f"{letter}\u0337\u0321\u035d" for letter in word),
    "vowels left out": _drop_vowels,
    # Nothing undoes these three: they tell how far what does undo reaches beyond what it was made for.
    "a wrong letter put in": _insert_wrong_letter,
    "inner letters turned round": _rotate_inside,
    "two slips": lambda word: _double_letter(_swap_letters(word)),
}
"""Ways to write a word so that a list of words misses it. Slips leave short words alone."""

WHOLE_TEXT: Mapping[str, Callable[[str], str]] = {
    "text upside down": lambda text: text.lower().translate(_UPSIDE_DOWN)[::-1],
    "text in mixed case": _alternate_case,
    "text in capitals": str.upper,
    "text in full width": _widen,
    "text in look-alike letters": lambda text: text.translate(_LOOK_ALIKE),
    "emoji between words": _put_emoji_between,
    "an article's sentence before": _quote_before,
}
"""Ways to write, or to begin, a whole comment."""


def find_most_toxic_word(pipeline: Pipeline, text: str) -> tuple[int, int]:
    """Answer where the word stands, (start, end), that adds most to a text's toxicity; (0, 0) without words."""
    normalised = normalise(text, html=True)
    reading = tokenize(normalised.text)
    if not reading.words:
        return 0, 0
    weights = explain(pipeline, reading, bound_encoder(pipeline).encode(normalised.text)).words[:, 0]
    return normalised.original_span(*reading.spans[int(weights.argmax())])


def obfuscate(text: str, place: tuple[int, int], *, how: str) -> str:
    """Answer the text in one of OBFUSCATIONS, of the word at (start, end) only, or of WHOLE_TEXT."""
    if how in WHOLE_TEXT:
        return WHOLE_TEXT[how](text)
    start, end = place
    return text[:start] + OBFUSCATIONS[how](text[start:end]) + text[end:]

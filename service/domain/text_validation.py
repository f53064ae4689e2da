"""What counts as text: the checks that every comment, title and note passes before anything else sees it."""

import re

from service.domain.errors import TextInvalid

# Tabs, line ends and the vertical tab and form feed that word processors leave are text; the other controls and lone
# surrogates are not: no database keeps U+0000, and a terminal that prints a log would obey some of the rest.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")


def check_text(text: str, *, field: str, longest: int) -> None:
    """Raises TextInvalid, naming the field and never the text."""
    if not text.strip():
        raise TextInvalid("The text is empty.", field=field)
    if len(text) > longest:
        raise TextInvalid(f"The text is longer than {longest} characters.", field=field)
    refuse_controls(text, field=field)


def blank_controls(text: str) -> str:
    """The text with a space for each character that is not text, so that offsets stay: for clients of other services,
    which were never told of such characters.
    """
    return _NOT_TEXT.sub(" ", text)


def refuse_controls(text: str, *, field: str) -> None:
    """Raises TextInvalid for a control character, saying which and where."""
    found = _NOT_TEXT.search(text)
    if found:
        code, place = ord(found.group()), found.start()
        raise TextInvalid(f"The character U+{code:04X} at position {place} is not text.", field=field)

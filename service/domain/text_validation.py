"""Validation of comments, titles, notes and other texts."""

import re

from service.domain.errors import TextInvalid

# Allowed: tabs, line ends, and the vertical tab and form feed of word processors. The other control characters and lone
# surrogates are not: databases cannot store U+0000, and a terminal that prints a log would obey some of the others.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")


def check_text(text: str, *, field: str, max_chars: int) -> None:
    """Raise TextInvalid if the text is empty, longer than `max_chars` characters or has control characters.

    The error names the field and never quotes the text.
    """
    if not text.strip():
        raise TextInvalid("The text is empty.", field=field)
    if len(text) > max_chars:
        raise TextInvalid(f"The text is longer than {max_chars} characters.", field=field)
    check_no_control_characters(text, field=field)


def blank_control_characters(text: str) -> str:
    """Replace each control character with a space, so that offsets stay the same.

    Clients of other services send such characters, because those services accept them.
    """
    return _NOT_TEXT.sub(" ", text)


def check_no_control_characters(text: str, *, field: str) -> None:
    """Raise TextInvalid for the first control character, naming its code and position."""
    match = _NOT_TEXT.search(text)
    if match:
        code, position = ord(match.group()), match.start()
        raise TextInvalid(f"The character U+{code:04X} at position {position} is not allowed.", field=field)


def normalise_form_text(text: str) -> str:
    """Return a text from an HTML form with plain line ends and without surrounding space.

    Browsers send every line end as CR LF.
    """
    return text.replace("\r\n", "\n").strip()

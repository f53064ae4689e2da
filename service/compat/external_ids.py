"""Validation of ids that other systems send."""

from service.domain.identifiers import is_identifier
from service.domain.text_validation import blank_control_characters


def read_id(value: object) -> str | None:
    """Return the id, or None if our own API would refuse it.

    An invalid id is no error, because the clients of other systems do not know our rules.
    """
    if not isinstance(value, str) or not is_identifier(value):
        return None
    # A lone surrogate matches the pattern, but no database stores it.
    return value if blank_control_characters(value) == value else None

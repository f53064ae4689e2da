"""Ids that other systems send: taken where our own API would take them, passed over where it would not."""

from service.domain.identifiers import is_identifier
from service.domain.text_validation import blank_controls


def read_id(value: object) -> str | None:
    """The id, or None for what cannot be one here: their clients were never told of our rules."""
    if not isinstance(value, str) or not is_identifier(value):
        return None
    # Half a character passes for one in a pattern, and no database takes it.
    return value if blank_controls(value) == value else None

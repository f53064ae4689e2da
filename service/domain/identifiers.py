"""Identifiers: what a CMS may call its comments, articles and authors, and what fits on one line."""

import re

from service.domain.errors import NotFound

# Slashes would end an id early in an address, and controls have no business in one.
ID_PATTERN = r"^[^\x00-\x1f\x7f-\x9f/]{1,255}$"
LINE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f]*$"

MAX_ROWS = 2**62
"""More than any database here numbers rows up to; every one of them can be asked for less."""

_POINTS = frozenset({".", ".."})


def is_identifier(value: str) -> bool:
    """Whether something may have this id. Dots alone mean a folder in an address, and not a thing."""
    return re.fullmatch(ID_PATTERN, value) is not None and value not in _POINTS


def is_line(value: str) -> bool:
    """Whether this fits on one line: a section, a name. PostgreSQL refuses even to be asked for some controls."""
    return re.fullmatch(LINE_PATTERN, value) is not None


def require_identifier(comment_id: str) -> str:
    """The id, where a comment may have it; raises NotFound without asking a database."""
    if not is_identifier(comment_id):
        raise NotFound("There is no comment with this id.", field="id")
    return comment_id

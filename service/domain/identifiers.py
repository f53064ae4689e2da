"""Identifiers that a CMS may give its comments, articles and authors, and texts of one line."""

import re

from service.domain.errors import NotFound

# A slash would end an id early in a URL path, and control characters are not allowed in ids.
ID_PATTERN = r"^[^\x00-\x1f\x7f-\x9f/]{1,255}$"
LINE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f]*$"

MAX_ROW_ID = 2**62
"""A limit above every row id. SQLite and PostgreSQL both accept it as a parameter."""

NO_SUCH_COMMENT = "There is no comment with this id."

# In the path of a URL, these mean "this folder" and "the folder above".
_DOTS = frozenset({".", ".."})


def is_identifier(value: str) -> bool:
    """Return whether this is a valid id."""
    return re.fullmatch(ID_PATTERN, value) is not None and value not in _DOTS


def is_line(value: str) -> bool:
    """Return whether a section or name has no control characters: PostgreSQL rejects some of them even in a query."""
    return re.fullmatch(LINE_PATTERN, value) is not None


def require_identifier(comment_id: str) -> str:
    """Return the id if it is a valid one; raise NotFound otherwise, without a query."""
    if not is_identifier(comment_id):
        raise NotFound(NO_SUCH_COMMENT, field="id")
    return comment_id

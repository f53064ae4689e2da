"""The states of a comment."""

from enum import StrEnum


class CommentState(StrEnum):
    """The current state of a comment: by its newest verdict, or by the policy's decision where there is no verdict."""

    APPROVED = "approved"
    HELD = "held"
    REJECTED = "rejected"
    ERASED = "erased"

"""Rights of tokens, roles of users, and the caller on whose behalf a use case runs."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import NotAllowed


class Right(StrEnum):
    """Something that a token or user may do on a site."""

    SCORE = "score"
    COMMENTS = "comments"
    MODERATE = "moderate"
    EDIT = "edit"
    MANAGE = "manage"
    METRICS = "metrics"


class Role(StrEnum):
    """The role of a user on a site. Each role includes the rights of those before it."""

    MODERATOR = "moderator"
    EDITOR = "editor"
    ADMIN = "admin"


RIGHTS_OF_ROLE = {
    Role.MODERATOR: frozenset({Right.SCORE, Right.MODERATE}),
    Role.EDITOR: frozenset({Right.SCORE, Right.MODERATE, Right.COMMENTS, Right.EDIT}),
    Role.ADMIN: frozenset(Right),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The token, user or process on whose behalf a use case runs, on one site.

    `name` is what the audit log shows: `token:…`, `user:…`, `coral:…`, `operator` for the command line, or the name of
    an automatic process. Automatic processes have no rights, because their use cases require none.
    """

    site: str
    name: str
    rights: frozenset[Right] = frozenset()
    user_id: str | None = None

    def require(self, right: Right) -> None:
        """Raise NotAllowed without this right."""
        if right not in self.rights:
            raise NotAllowed(f"The right '{right}' is needed.")

    def require_any(self, *rights: Right) -> None:
        """Raise NotAllowed without at least one of these rights."""
        if self.rights.isdisjoint(rights):
            names = " or ".join(f"'{right}'" for right in rights)
            raise NotAllowed(f"The right {names} is needed.")

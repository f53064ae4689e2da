"""Who may do what: rights of tokens, roles of people, and the caller that a request acts for."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import NotAllowed


class Right(StrEnum):
    """What a token may be allowed to do on its site."""

    SCORE = "score"
    COMMENTS = "comments"
    MODERATE = "moderate"
    EDIT = "edit"
    MANAGE = "manage"
    METRICS = "metrics"


class Role(StrEnum):
    """What a person is on a site, each role including the ones before it."""

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
    """On whose behalf something happens: `token:…`, `user:…`, or `operator` for the command line."""

    site: str
    name: str
    rights: frozenset[Right]
    user_id: str | None = None

    def require(self, right: Right) -> None:
        """Raises NotAllowed without this right."""
        if right not in self.rights:
            raise NotAllowed(f"The right '{right}' is needed.")

"""The errors of the domain.

Clients and users see them: the docstring of a class is the message, its name in snake case the error code, and `status`
the HTTP status.
"""

from http import HTTPStatus
from typing import ClassVar


class DomainError(Exception):
    """Something went wrong."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str = "", *, field: str | None = None, retry_after: int | None = None) -> None:
        """Take a `detail` that replaces the message, the `field` that is wrong, and `retry_after` in seconds."""
        super().__init__(detail or self.message())
        self.detail = detail
        self.field = field
        self.retry_after = retry_after

    @classmethod
    def message(cls) -> str:
        """Return the docstring of the class on one line."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def code(cls) -> str:
        """Return the code that clients compare with: the name of the class in snake case, such as `not_found`."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")


class NotAuthenticated(DomainError):
    """A valid token or session is needed."""

    status = HTTPStatus.UNAUTHORIZED


class NotAllowed(DomainError):
    """This token or user does not have the right to do that."""

    status = HTTPStatus.FORBIDDEN


class NotFound(DomainError):
    """There is no such item on this site."""

    status = HTTPStatus.NOT_FOUND


class CommentChanged(DomainError):
    """A comment with this id exists with different content. To revise it, send PUT to its own address."""

    status = HTTPStatus.CONFLICT


class CommentErased(DomainError):
    """A comment with this id was erased and cannot be sent again."""

    status = HTTPStatus.GONE


class AlreadyDecided(DomainError):
    """Someone has decided this comment since it was shown."""

    status = HTTPStatus.CONFLICT


class PolicyChanged(DomainError):
    """Someone has saved a newer version in the meantime."""

    status = HTTPStatus.CONFLICT


class IdempotencyKeyReused(DomainError):
    """This Idempotency-Key was used for a different request."""

    status = HTTPStatus.CONFLICT


class AlreadyAppealed(DomainError):
    """There is already an open appeal against this decision."""

    status = HTTPStatus.CONFLICT


class TextInvalid(DomainError):
    """The text is empty, too long, or not text."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BodyInvalid(DomainError):
    """The request body does not have the expected form."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BodyTooLarge(DomainError):
    """The request body is larger than this service accepts."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class BodyTooSlow(DomainError):
    """The request body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT


class PolicyInvalid(DomainError):
    """The policy names an unknown score or a threshold outside 0 to 1."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class EndpointRefused(DomainError):
    """Webhooks may not be sent to this address."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyRequests(DomainError):
    """Too many requests; wait and try again."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class Overloaded(DomainError):
    """The service is at its limit; try again in a moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class InternalError(DomainError):
    """An internal error occurred; the log has the details."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR


class DatabaseUnavailable(DomainError):
    """The database is not available now; nothing was written."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class SignInFailed(DomainError):
    """The e-mail address and password do not match, or the link was used already or has expired."""

    status = HTTPStatus.UNAUTHORIZED


class FormExpired(DomainError):
    """The form has expired or came from another site; open the page again."""

    status = HTTPStatus.FORBIDDEN


class RetrainingRefused(DomainError):
    """A model cannot be trained on the data that is available."""

    status = HTTPStatus.CONFLICT


class UserInvalid(DomainError):
    """The e-mail address, name or password cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class SiteInvalid(DomainError):
    """The site's id, name or language cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ClaimedElsewhere(DomainError):
    """A colleague is reviewing this comment; your decision was not saved."""

    status = HTTPStatus.CONFLICT


class TooLateToUndo(DomainError):
    """It is too late to undo this: the site has been notified, or someone has made another decision since."""

    status = HTTPStatus.CONFLICT

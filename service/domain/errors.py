"""What can go wrong, named for the field; each class carries its HTTP status, and its docstring is the message."""

from http import HTTPStatus
from typing import ClassVar


class DomainError(Exception):
    """Something went wrong."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str = "", *, field: str | None = None, retry_after: int | None = None) -> None:
        """`detail` adds to the message, `field` names what was wrong, `retry_after` is in seconds."""
        super().__init__(detail or self.message())
        self.detail = detail
        self.field = field
        self.retry_after = retry_after

    @classmethod
    def message(cls) -> str:
        """The class's docstring, on one line."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def code(cls) -> str:
        """The class's name in snake case: what clients match on."""
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")


class NotAuthenticated(DomainError):
    """A valid token or session is needed."""

    status = HTTPStatus.UNAUTHORIZED


class NotAllowed(DomainError):
    """This token or person lacks the right to do that."""

    status = HTTPStatus.FORBIDDEN


class NotFound(DomainError):
    """There is no such thing on this site."""

    status = HTTPStatus.NOT_FOUND


class CommentChanged(DomainError):
    """A comment with this id exists with other content. To revise it, PUT it to its own address."""

    status = HTTPStatus.CONFLICT


class CommentErased(DomainError):
    """A comment with this id was erased and cannot be sent again."""

    status = HTTPStatus.GONE


class AlreadyDecided(DomainError):
    """Somebody has decided this comment since it was shown."""

    status = HTTPStatus.CONFLICT


class IdempotencyKeyReused(DomainError):
    """This Idempotency-Key was used with another request."""

    status = HTTPStatus.CONFLICT


class AlreadyAppealed(DomainError):
    """There is an open appeal against this decision already."""

    status = HTTPStatus.CONFLICT


class TextInvalid(DomainError):
    """The text is empty, too long, or not text."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BodyInvalid(DomainError):
    """The request body is not what this address takes."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class BodyTooLarge(DomainError):
    """The request body is larger than this service takes."""

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
    """Something went wrong here; the log says where."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR


class DatabaseUnavailable(DomainError):
    """The database cannot take this now; nothing was written."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class SignInFailed(DomainError):
    """The address and password do not match, or the link was used or is too old."""

    status = HTTPStatus.UNAUTHORIZED


class FormExpired(DomainError):
    """The form is too old or came from elsewhere; open the page again."""

    status = HTTPStatus.FORBIDDEN


class RetrainingRefused(DomainError):
    """A model cannot be fitted from what there is."""

    status = HTTPStatus.CONFLICT


class UserInvalid(DomainError):
    """The e-mail address, name or password cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class SiteInvalid(DomainError):
    """The site's id, name or language cannot be used."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class ClaimedElsewhere(DomainError):
    """A colleague is looking at this comment; nothing of yours was stored."""

    status = HTTPStatus.CONFLICT


class TooLateToUndo(DomainError):
    """It is too late to take this back: the site's systems have been told, or somebody has decided since."""

    status = HTTPStatus.CONFLICT

"""Errors in Google's format. Clients compare the messages and details, so they are Perspective's own."""

from http import HTTPStatus
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from service.compat.error_formats import FormatSpecificError
from service.domain.errors import (
    BodyInvalid,
    DomainError,
    NotAllowed,
    NotAuthenticated,
    TextInvalid,
)

_ERROR = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_HELP = "type.googleapis.com/google.rpc.Help"

_STATUS = {
    HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT",
    HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
    HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
    HTTPStatus.NOT_FOUND: "NOT_FOUND",
    HTTPStatus.REQUEST_TIMEOUT: "DEADLINE_EXCEEDED",
    HTTPStatus.CONFLICT: "ABORTED",
    HTTPStatus.GONE: "NOT_FOUND",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "INVALID_ARGUMENT",
    HTTPStatus.UNPROCESSABLE_ENTITY: "INVALID_ARGUMENT",
    HTTPStatus.TOO_MANY_REQUESTS: "RESOURCE_EXHAUSTED",
    HTTPStatus.SERVICE_UNAVAILABLE: "UNAVAILABLE",
}
QUOTA_METRIC = "Analysis requests (AnalyzeComment)"


class AnalysisRefused(FormatSpecificError):
    """The request cannot be analysed."""

    def __init__(self, message: str, error_type: str = "INVALID_REQUEST", **details: Any) -> None:
        """`message` and `error_type` are Perspective's; `details` are further fields of the error's detail."""
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.details = details


class KeyMissing(FormatSpecificError):
    """The request has no key."""


class QuotaExceeded(FormatSpecificError):
    """The key has reached its limit of requests per minute."""

    def __init__(self, *, per_minute: int, retry_after: int | None) -> None:
        """`retry_after` is in seconds."""
        super().__init__()
        self.per_minute = per_minute
        self.retry_after = retry_after


def google_error(error: DomainError | FormatSpecificError) -> Response:
    """Return an error in Google's format. Its details are never empty, because one client reads the first of them."""
    if isinstance(error, QuotaExceeded):
        return _quota_response(error)
    if isinstance(error, NotAuthenticated):
        info = {"@type": _INFO, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
        return _respond(HTTPStatus.BAD_REQUEST, "API key not valid. Please pass a valid API key.", [info])
    if isinstance(error, AnalysisRefused):
        detail = {"@type": _ERROR, "errorType": error.error_type, **error.details}
        return _respond(HTTPStatus.BAD_REQUEST, error.message, [detail])
    if isinstance(error, FormatSpecificError):  # KeyMissing, the only other one
        info = {"@type": _INFO, "reason": "API_KEY_MISSING", "domain": "googleapis.com"}
        return _respond(HTTPStatus.FORBIDDEN, "The request is missing a valid API key.", [info])
    if isinstance(error, NotAllowed):
        info = {"@type": _INFO, "reason": "API_KEY_SERVICE_BLOCKED", "domain": "googleapis.com"}
        return _respond(HTTPStatus.FORBIDDEN, str(error), [info])
    status = HTTPStatus.BAD_REQUEST if isinstance(error, BodyInvalid | TextInvalid) else error.status
    detail = {"@type": _ERROR, "errorType": "INVALID_REQUEST"}
    return _respond(status, str(error), [detail], retry_after=error.retry_after)


def unsupported_language_error(attribute: str, languages: list[str], *, detected: bool) -> AnalysisRefused:
    """Return the error for a language that the attribute does not support. Clients then try again without it."""
    details = {"detectedLanguages" if detected else "requestedLanguages": languages, "attribute": attribute}
    return AnalysisRefused(
        f"Attribute {attribute} does not support request languages: {', '.join(languages)}",
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        languageNotSupportedByAttributeError=details,
    )


def _quota_response(error: QuotaExceeded) -> Response:
    limit = f"{QUOTA_METRIC} per minute"
    info = {
        "@type": _INFO,
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "service": "commentanalyzer.googleapis.com",
            "quota_metric": "commentanalyzer.googleapis.com/analysis_requests",
            "quota_limit": "AnalysisRequestsPerMinute",
            "quota_limit_value": str(error.per_minute),
            "quota_unit": "1/min",
        },
    }
    # Google links to a page here. Our documentation has no public URL, so the link is only a description.
    links = [{"description": "The operator can raise COMMENTDESK_REQUESTS_PER_MINUTE: see docs/settings.md."}]
    message = f"Quota exceeded for quota metric '{QUOTA_METRIC}' and limit '{limit}' of this service."
    return _respond(
        HTTPStatus.TOO_MANY_REQUESTS, message, [info, {"@type": _HELP, "links": links}], retry_after=error.retry_after
    )


def _respond(
    status: HTTPStatus, message: str, details: list[dict[str, Any]], *, retry_after: int | None = None
) -> Response:
    envelope = {"code": int(status), "message": message, "status": _STATUS.get(status, "INTERNAL"), "details": details}
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return JSONResponse({"error": envelope}, status_code=status, headers=headers)

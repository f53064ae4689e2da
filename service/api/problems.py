"""Errors as problem documents (RFC 9457), which name the invalid field and never quote its value."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from service.domain.errors import BodyInvalid, DomainError, InternalError, NotAuthenticated

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One invalid field."""

    field: str = Field(examples=["comments.3.text"])
    message: str


class Problem(BaseModel):
    """The format of every error (RFC 9457)."""

    type: str = Field(examples=["urn:commentdesk:text_invalid"])
    title: str
    status: int
    detail: str
    field: str | None = None
    errors: list[FieldProblem] = []


def domain_error_handler(_request: Request, error: Exception) -> JSONResponse:
    """Return a DomainError as a problem document, with a Retry-After header if it has `retry_after`."""
    assert isinstance(error, DomainError)
    problem = Problem(
        type=f"urn:commentdesk:{error.code()}",
        title=error.message(),
        status=error.status,
        detail=error.detail or error.message(),
        field=error.field,
    )
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    if isinstance(error, NotAuthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return _respond(problem, headers)


def invalid_body_handler(_request: Request, error: Exception) -> JSONResponse:
    """Return validation errors as a problem document, with pydantic's messages but without the values."""
    assert isinstance(error, RequestValidationError)
    errors = [FieldProblem(field=_field(entry["loc"]), message=entry["msg"]) for entry in error.errors()]
    problem = Problem(
        type=f"urn:commentdesk:{BodyInvalid.code()}",
        title=BodyInvalid.message(),
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail=f"{errors[0].field}: {errors[0].message}",
        field=errors[0].field,
        errors=errors,
    )
    return _respond(problem, {})


def http_error_handler(_request: Request, error: Exception) -> JSONResponse:
    """Return an error of the framework, such as an unknown path or a wrong method, as a problem document."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    detail = "The request body is not JSON in UTF-8." if status is HTTPStatus.BAD_REQUEST else status.description
    problem = Problem(
        type=f"urn:commentdesk:{status.phrase.lower().replace(' ', '_')}",
        title=status.phrase,
        status=status,
        detail=detail or status.phrase,
    )
    return _respond(problem, error.headers or {})


def internal_error_handler(request: Request, error: Exception) -> JSONResponse:
    """Log the type and location of an internal error. Its message is not logged, because it may quote a comment."""
    # The route's pattern, not the path: a path may contain a sign-in secret.
    route = getattr(request.scope.get("route"), "path", "none")
    log.error("internal error", route=route, kind=type(error).__name__, where=_where(error))
    problem = Problem(
        type=f"urn:commentdesk:{InternalError.code()}",
        title=InternalError.message(),
        status=InternalError.status,
        detail=InternalError.message(),
    )
    return _respond(problem, {})


def _respond(problem: Problem, headers: Mapping[str, str]) -> JSONResponse:
    body = problem.model_dump(exclude_none=True)
    if not problem.errors:
        del body["errors"]
    return JSONResponse(body, status_code=problem.status, headers=dict(headers), media_type=MEDIA_TYPE)


def _field(location: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in location if part not in {"body", "path", "query", "header"}]
    return ".".join(parts) or "body"


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""

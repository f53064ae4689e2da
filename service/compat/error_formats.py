"""Errors in the format that another system's clients parse, instead of problem documents."""

import json
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from service.domain.errors import BodyInvalid, DomainError


class Refused(Exception):
    """A refusal that exists in one format only, and not in our own API."""


ErrorWriter = Callable[[DomainError | Refused], Response]


class TranslatedErrorRoute(APIRoute):
    """A route whose errors are returned by `write_error`; each format has a subclass."""

    @staticmethod
    def write_error(error: DomainError | Refused) -> Response:
        """Return the error in the format of the route."""
        raise NotImplementedError

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Return the handler, with the errors that it raises translated."""
        handle, write_error = super().get_route_handler(), type(self).write_error

        async def handle_with_translation(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except (DomainError, Refused) as error:
                return write_error(error)
            except RequestValidationError as error:
                # The message names the field and never quotes its value.
                details = error.errors()[0]
                field = ".".join(str(part) for part in details["loc"][1:])
                return write_error(BodyInvalid(f"{field}: {details['msg']}", field=field or None))
            return response

        return handle_with_translation


async def read_json(request: Request) -> Any:
    """Return the body as JSON, whatever its content type; an empty body is an empty object. Raises BodyInvalid."""
    body = await request.body()
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BodyInvalid("The body is not JSON in UTF-8.") from None

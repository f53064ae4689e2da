"""Errors in the format that another system's clients parse, instead of problem documents."""

import json
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from service.domain.errors import BodyInvalid, DomainError


class FormatSpecificError(Exception):
    """An error of one adapter that our own API does not have. Only this adapter's `write_error` gets it."""


ErrorWriter = Callable[[DomainError | FormatSpecificError], Response]


class TranslatedErrorRoute(APIRoute):
    """A route that writes its errors with `write_error`. Each format has a subclass."""

    @staticmethod
    def write_error(error: DomainError | FormatSpecificError) -> Response:
        """Return the error in the format of the route."""
        raise NotImplementedError

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Return the handler, with the errors that it raises translated."""
        handle, write_error = super().get_route_handler(), type(self).write_error

        async def handle_with_translation(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except (DomainError, FormatSpecificError) as error:
                return write_error(error)
            except RequestValidationError as error:
                # The message names the field and never quotes its value. `loc` starts with "body" or "query".
                details = error.errors()[0]
                field = ".".join(str(part) for part in details["loc"][1:])
                return write_error(BodyInvalid(f"{field}: {details['msg']}", field=field or None))
            return response

        return handle_with_translation


async def read_json(request: Request) -> Any:
    """Parse the body as JSON, whatever its content type. An empty body gives an empty dict. Raises BodyInvalid."""
    body = await request.body()
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # RecursionError: too deeply nested
        raise BodyInvalid("The body is not JSON in UTF-8.") from None

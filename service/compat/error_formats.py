"""Dialects: answering a route's errors in the words that its clients parse, instead of as our problems."""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from service.domain.errors import BodyInvalid, DomainError


class Refused(Exception):
    """A refusal that only one format has words for; no problem of our own API."""


Answer = Callable[[DomainError | Refused], Response]


class TranslatedErrorRoute(APIRoute):
    """A route whose errors are answered by `answer`."""

    answer: ClassVar[Answer]

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The handler, with what it raises answered in the dialect."""
        handle, answer = super().get_route_handler(), type(self).answer

        async def handle_in_dialect(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except (DomainError, Refused) as error:
                return answer(error)
            except RequestValidationError as error:
                # The message names the place and never quotes what is there.
                facts = error.errors()[0]
                place = ".".join(str(part) for part in facts["loc"][1:])
                return answer(BodyInvalid(f"{place}: {facts['msg']}", field=place or None))
            return response

        return handle_in_dialect


def route_class_for(answer: Answer) -> type[TranslatedErrorRoute]:
    """A class of routes whose errors are answered by `answer`."""
    return type("SpokenRoute", (TranslatedErrorRoute,), {"answer": staticmethod(answer)})


async def read_json(request: Request) -> Any:
    """The body as JSON, whatever content type it claims; nothing at all is an empty object. Raises BodyInvalid."""
    body = await request.body()
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BodyInvalid("The body is not JSON in UTF-8.") from None

"""Failures as pages: the same domain errors that the API answers as JSON, said in HTML to a person."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from service.domain.errors import BodyInvalid, DomainError, NotAuthenticated
from service.web.rendering import go_to, json_response, render


class PageRoute(APIRoute):
    """A route that answers a domain error with a page, and sends who is not signed in to the door."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wraps FastAPI's own handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except NotAuthenticated:
                return _send_to_door(request)
            except RequestValidationError:
                return show(request, BodyInvalid())
            except DomainError as error:
                return show(request, error)

        return answer


def wants_facts(request: Request) -> bool:
    """Whether a script of ours asks: it wants facts, not a page."""
    return request.headers.get("accept", "").startswith("application/json")


def show(request: Request, error: DomainError) -> Response:
    """The page of an error, or its facts, with its status and, where waiting helps, Retry-After."""
    if wants_facts(request):
        return json_response({"code": error.code(), "detail": error.detail or error.message()}, status=error.status)
    page = render(request, "failure.html", status=error.status, error=error, title=HTTPStatus(error.status).phrase)
    if error.retry_after is not None:
        page.headers["Retry-After"] = str(error.retry_after)
    return page


def _send_to_door(request: Request) -> Response:
    if wants_facts(request):
        return show(request, NotAuthenticated())
    if request.method != "GET":
        return go_to("/sign-in")
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go_to(f"/sign-in?next={quote(path, safe='')}")

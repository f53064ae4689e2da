"""Error pages: domain errors as HTML for people, or as JSON for the pages' scripts."""

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
    """A route that turns domain errors into error pages and sends visitors without a session to the sign-in page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that FastAPI makes for the route, wrapped in the error handling."""
        handle = super().get_route_handler()

        async def handle_errors(request: Request) -> Response:
            try:
                return await handle(request)
            except NotAuthenticated:
                return _redirect_to_sign_in(request)
            except RequestValidationError:
                return show_error(request, BodyInvalid())
            except DomainError as error:
                return show_error(request, error)

        return handle_errors


def wants_json(request: Request) -> bool:
    """Return whether one of our scripts sent the request: it expects JSON instead of a page."""
    return request.headers.get("accept", "").startswith("application/json")


def show_error(request: Request, error: DomainError) -> Response:
    """Return the error as a page or as JSON. A page has a Retry-After header if the client should wait."""
    if wants_json(request):
        return json_response(
            {"code": error.code(), "detail": error.detail or error.message()}, status_code=error.status
        )
    page = render(request, "failure.html", status_code=error.status, error=error, title=HTTPStatus(error.status).phrase)
    if error.retry_after is not None:
        page.headers["Retry-After"] = str(error.retry_after)
    return page


def _redirect_to_sign_in(request: Request) -> Response:
    if wants_json(request):
        return show_error(request, NotAuthenticated())
    if request.method != "GET":
        return go_to("/sign-in")
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go_to(f"/sign-in?next={quote(path, safe='')}")

"""Overload protection: limits on the size of a body, the time to send it, and the number of concurrent requests."""

import asyncio
import time
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.metrics import Metrics
from service.api.problems import domain_error_handler, internal_error_handler
from service.domain.errors import BodyTooLarge, BodyTooSlow, DomainError, InternalError, Overloaded

# An operator must be able to inspect a service that is at its limit.
EXEMPT_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
# A server-sent event stream stays open as long as a page and is mostly idle. The route limits their number itself.
STREAM_PATHS = frozenset({"/queue/changes"})
RETRY_AFTER_SECONDS = 1
# All other method names share one label, because a client may send any name and the metrics would grow without limit.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BODY_SECONDS = 60.0
"""The time limit for sending a body. A client that stops half-way would otherwise occupy a slot forever."""

_DISCONNECT: Message = {"type": "http.disconnect"}


class _Body:
    """Receives a request's body. `refusal` is the error if the body is too large or too slow."""

    def __init__(self, receive: Receive, *, max_bytes: int, seconds: float) -> None:
        self._receive, self._max_bytes, self._remaining = receive, max_bytes, max_bytes
        self._is_complete, self._deadline = False, asyncio.get_running_loop().time() + seconds
        self.refusal: BodyTooLarge | BodyTooSlow | None = None

    async def receive(self) -> Message:
        """Return the next part. Once the body is refused, the app sees a disconnect, and its response is not sent."""
        try:
            # After a complete body only the client's disconnect can follow, at any time.
            async with asyncio.timeout_at(None if self._is_complete else self._deadline):
                message = await self._receive()
        except TimeoutError:
            self.refusal = BodyTooSlow()
            return _DISCONNECT
        self._is_complete = not message.get("more_body", False)
        self._remaining -= len(message.get("body", b""))
        if self._remaining < 0:
            self.refusal = _too_large(self._max_bytes)
        return _DISCONNECT if self.refusal else message


class OverloadMiddleware:
    """ASGI middleware that refuses requests at once when the process is at its limit."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        max_body_bytes: int,
        max_in_flight: int,
        error_formats: Mapping[str, Callable[[DomainError], Response]],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        """`error_formats` maps paths to error writers, where clients expect another format than problem documents."""
        self._app = app
        self._metrics = metrics
        self._error_formats = error_formats
        self._max_body_bytes, self._body_seconds = max_body_bytes, body_seconds
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless there are too many or its Content-Length is too large."""
        if scope["type"] != "http" or scope["path"] in EXEMPT_PATHS | STREAM_PATHS:
            await self._app(scope, receive, send)
        elif self._in_flight >= self._max_in_flight:
            await self._refuse(scope, receive, send, Overloaded(retry_after=RETRY_AFTER_SECONDS))
        elif _content_length(scope) > self._max_body_bytes:
            await self._refuse(scope, receive, send, _too_large(self._max_body_bytes))
        else:
            await self._process(scope, receive, send)

    async def _process(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._in_flight += 1
        self._metrics.in_flight.inc()
        started = time.perf_counter()
        statuses: list[int] = []  # at most one, once the response has started
        body = _Body(receive, max_bytes=self._max_body_bytes, seconds=self._body_seconds)

        async def send_recorded(message: Message) -> None:
            if body.refusal:
                return
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self._app(scope, body.receive, send_recorded)
        except Exception as error:
            # Handled here and not in the framework's outermost layer, so that security headers are added too.
            if statuses:
                raise
            # If the body was refused, the error comes from the missing rest of it.
            if body.refusal is None:
                problem = internal_error_handler(Request(scope), error)
                write_error = self._error_formats.get(scope["path"])
                response = write_error(InternalError()) if write_error else problem
                await response(scope, receive, send_recorded)
        finally:
            if body.refusal is not None and not statuses:
                await self._refuse(scope, receive, send, body.refusal)
            self._in_flight -= 1
            self._metrics.in_flight.dec()
            self._count(scope, statuses, time.perf_counter() - started)

    def _count(self, scope: Scope, statuses: list[int], seconds: float) -> None:
        # The route's pattern, not the path: paths contain ids, and the metrics would grow without limit.
        route = getattr(scope.get("route"), "path", "none")
        status = str(statuses[0]) if statuses else "none"
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.requests.labels(method, route, status).inc()
        self._metrics.seconds.labels(route).observe(seconds)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, error: BodyTooLarge | BodyTooSlow | Overloaded
    ) -> None:
        self._metrics.refused.labels(error.code()).inc()
        write_error = self._error_formats.get(scope["path"])
        response = write_error(error) if write_error else domain_error_handler(Request(scope), error)
        await response(scope, receive, send)


def _content_length(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _too_large(max_bytes: int) -> BodyTooLarge:
    return BodyTooLarge(f"The request body is larger than {max_bytes} bytes.")

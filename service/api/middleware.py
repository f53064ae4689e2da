"""Limits on a process as a whole: the size of a body, and how much is worked on at once; with a count of it all."""

import asyncio
import time
from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import domain_error_handler, internal_error_handler
from service.domain.errors import BodyTooLarge, BodyTooSlow, DomainError, InternalError, Overloaded

# An operator must be able to look at a service that is at its limit.
ALWAYS_ANSWERED = frozenset({"/healthz", "/readyz", "/metrics"})
# Open for as long as a page is looked at, and asleep nearly all the time; it limits its own number.
STREAMS = frozenset({"/queue/changes"})
RETRY_AFTER_SECONDS = 1
# Anybody may send any word as a method, and there is no end of those either.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BODY_SECONDS = 60.0
"""How long a client may take to send a body: who stops half-way keeps a place from others."""

_HUNG_UP: Message = {"type": "http.disconnect"}


class Metrics:
    """What /metrics shows of the web process: counts and times, by route and status, never by content."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "commentdesk_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "commentdesk_request_seconds",
            "Time to answer.",
            ["route"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 2, 5),
        )
        self.in_flight = Gauge("commentdesk_requests_in_flight", "Requests in work.", registry=self.registry)
        self.refused = Counter(
            "commentdesk_requests_refused", "Requests refused at the door.", ["why"], registry=self.registry
        )
        self.deliveries = Gauge(
            "commentdesk_deliveries_unfinished", "Webhooks not delivered.", ["state"], registry=self.registry
        )
        self.oldest_due = Gauge(
            "commentdesk_oldest_due_delivery_seconds", "How long a webhook has waited.", registry=self.registry
        )

    def show_backlog(self, *, pending: int, dead: int, oldest_due_seconds: float) -> None:
        """Sets what is read from the database when somebody looks."""
        self.deliveries.labels("pending").set(pending)
        self.deliveries.labels("dead").set(dead)
        self.oldest_due.set(oldest_due_seconds)


class _Body:
    """A request's body on its way in: how much of it may still come, and why no more of it is taken."""

    def __init__(self, receive: Receive, *, max_bytes: int, seconds: float) -> None:
        self._receive, self._max_bytes, self._left = receive, max_bytes, max_bytes
        self._is_whole, self._deadline = False, asyncio.get_running_loop().time() + seconds
        self.refusal: BodyTooLarge | BodyTooSlow | None = None

    async def receive(self) -> Message:
        """The next piece. To the app, a client that is refused has hung up; what it then answers is not sent."""
        try:
            # A whole body is followed by nothing but the news that the client has hung up, however late.
            async with asyncio.timeout_at(None if self._is_whole else self._deadline):
                message = await self._receive()
        except TimeoutError:
            self.refusal = BodyTooSlow()
            return _HUNG_UP
        self._is_whole = not message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.refusal = _too_large(self._max_bytes)
        return _HUNG_UP if self.refusal else message


class OverloadMiddleware:
    """ASGI middleware; outermost, so that what it refuses costs nothing."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        meters: Metrics,
        max_body_bytes: int,
        max_in_flight: int,
        dialects: Mapping[str, Callable[[DomainError], Response]],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        """`dialects` are the paths whose clients parse errors of another shape than our problems."""
        self._app = app
        self._meters = meters
        self._dialects = dialects
        self._max_body_bytes, self._body_seconds = max_body_bytes, body_seconds
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, unless there are too many or it says that it is too large."""
        if scope["type"] != "http" or scope["path"] in ALWAYS_ANSWERED | STREAMS:
            await self._app(scope, receive, send)
        elif self._in_flight >= self._max_in_flight:
            await self._refuse(scope, receive, send, Overloaded(retry_after=RETRY_AFTER_SECONDS))
        elif _stated_length(scope) > self._max_body_bytes:
            await self._refuse(scope, receive, send, _too_large(self._max_body_bytes))
        else:
            await self._work(scope, receive, send)

    async def _work(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._in_flight += 1
        self._meters.in_flight.inc()
        started = time.perf_counter()
        answered: list[int] = []
        body = _Body(receive, max_bytes=self._max_body_bytes, seconds=self._body_seconds)

        async def send_noted(message: Message) -> None:
            if body.refusal:
                return
            if message["type"] == "http.response.start":
                answered.append(message["status"])
            await send(message)

        try:
            await self._app(scope, body.receive, send_noted)
        except Exception as error:
            # Here and not in the framework's outermost layer, so that a fault's answer gets the security headers too.
            if answered:
                raise
            # That the app was left without a rest of the body is no fault of its own.
            if body.refusal is None:
                answer, problem = self._dialects.get(scope["path"]), internal_error_handler(Request(scope), error)
                await (answer(InternalError()) if answer else problem)(scope, receive, send_noted)
        finally:
            if body.refusal is not None and not answered:
                await self._refuse(scope, receive, send, body.refusal)
            self._in_flight -= 1
            self._meters.in_flight.dec()
            self._note(scope, answered, time.perf_counter() - started)

    def _note(self, scope: Scope, answered: list[int], seconds: float) -> None:
        # The route's pattern, not the path: paths have ids in them, and there is no end of those.
        route = getattr(scope.get("route"), "path", "none")
        status = str(answered[0]) if answered else "none"
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._meters.requests.labels(method, route, status).inc()
        self._meters.seconds.labels(route).observe(seconds)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, error: BodyTooLarge | BodyTooSlow | Overloaded
    ) -> None:
        self._meters.refused.labels(error.code()).inc()
        answer = self._dialects.get(scope["path"])
        response = answer(error) if answer else domain_error_handler(Request(scope), error)
        await response(scope, receive, send)


def _stated_length(scope: Scope) -> int:
    stated = dict(scope["headers"]).get(b"content-length", b"0")
    return int(stated) if stated.isdigit() else 0


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(f"The request body is larger than {most} bytes.")

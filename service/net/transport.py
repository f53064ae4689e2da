"""An httpx transport that connects only to checked IP addresses and limits the total time of a request.

httpx alone would resolve the name again after the check (DNS rebinding), and its timeouts restart with every byte that
arrives.
"""

import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from service.net.addresses import AddressGuard

MAX_ADDRESSES = 3  # addresses of a host that are tried
CONNECT_SECONDS = 5.0


class TlsFailed(httpcore.ConnectError):
    """The host was reached, but its certificate is invalid or it does not speak TLS."""


class Deadline:
    """The time at which a request is aborted, whatever it is waiting for."""

    def __init__(self, seconds: float) -> None:
        """Set the deadline to `seconds` from now."""
        self._ends_at = time.monotonic() + seconds

    def remaining(self, at_most: float | None = None) -> float:
        """Return the remaining seconds, capped at `at_most`. Raises httpcore.ReadTimeout if none remain."""
        seconds = self._ends_at - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return seconds if at_most is None else min(seconds, at_most)


class GuardedTransport(httpx.BaseTransport):
    """Sends one request over a new connection. Raises httpcore's errors, OSError or EndpointRefused."""

    def __init__(self, *, guard: AddressGuard, tls: ssl.SSLContext, deadline: Deadline) -> None:
        """Prepare the pool. `handle_request` opens the connection."""
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, max_keepalive_connections=0, network_backend=_GuardedBackend(guard, deadline)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and return the response with its headers; the body is streamed."""
        assert isinstance(request.stream, httpx.SyncByteStream)
        url = request.url
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(response.stream, Iterable)
        return httpx.Response(response.status, headers=response.headers, stream=_ResponseBody(response.stream))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


class _ResponseBody(httpx.SyncByteStream):
    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts

    def close(self) -> None:
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()


class _GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked IP addresses only. TLS still verifies the host name."""

    def __init__(self, guard: AddressGuard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("The host has no address.")
        for address in self._guard.find_addresses(host, port)[:MAX_ADDRESSES]:
            try:
                seconds = self._deadline.remaining(min(timeout or CONNECT_SECONDS, CONNECT_SECONDS))
                stream = self._sockets.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.remaining(timeout))
        except httpcore.ConnectError as error:
            raise TlsFailed(str(error)) from error
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

"""A real HTTP receiver of webhooks on 127.0.0.1: it stores the requests and returns prepared replies."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request, with header names in lowercase and the body as bytes."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response, sent after `pause` seconds and once `released` is set, with `drip` seconds before each byte."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    pause: float = 0
    released: threading.Event | None = None
    drip: float = 0


class Receiver:
    """A receiver. A path in `pages` has its own reply; others get the `replies` in order, and then `usual`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[Received] = []
        self.pages: dict[str, Reply] = {}
        self.replies: deque[Reply] = deque()
        self.usual = Reply()
        self._arrival = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, request: Received) -> Reply:
        """Store a request and return the reply to it."""
        with self._arrival:
            self.received.append(request)
            self._arrival.notify_all()
            if request.path in self.pages:
                return self.pages[request.path]
            return self.replies.popleft() if self.replies else self.usual

    def wait_for(self, count: int, *, seconds: float = 60) -> list[Received]:
        """Wait for `count` requests and return them. Raises AssertionError if that takes too long."""
        return self.wait_until(lambda received: len(received) >= count, seconds=seconds)

    def wait_until(self, is_enough: Callable[[list[Received]], bool], *, seconds: float = 60) -> list[Received]:
        """Wait until there are enough requests and return them. Raises AssertionError if that takes too long."""
        with self._arrival:
            arrived = self._arrival.wait_for(lambda: is_enough(self.received), timeout=seconds)
        assert arrived, f"only {len(self.received)} requests came within {seconds} s"
        return self.received


@contextmanager
def run_receiver() -> Iterator[Receiver]:
    """Run a receiver on a free port until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.receiver = receiver = Receiver(server.server_address[1])  # type: ignore[attr-defined]  # the handler's way to it
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # put there by run_receiver
        reply = receiver.take(Received(path=self.path, headers=headers, body=body, at=time.monotonic()))
        try:
            self._respond(reply)
        except ConnectionError:
            # The sender closed the connection after its timeout, which some tests are about.
            self.close_connection = True

    def _respond(self, reply: Reply) -> None:
        time.sleep(reply.pause)
        if reply.released:
            reply.released.wait()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        for byte in (reply.body,) if not reply.drip else (bytes([value]) for value in reply.body):
            time.sleep(reply.drip)
            self.wfile.write(byte)

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing."""

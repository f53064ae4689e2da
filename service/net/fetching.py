"""Fetching a page or feed, with limits of size and time, from addresses that the guard lets pass at every redirect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpcore
import httpx

from service.domain.errors import EndpointRefused
from service.net.addresses import AddressGuard
from service.net.transport import Deadline, GuardedTransport

MAX_BYTES = 5_000_000
MAX_REDIRECTS = 5
USER_AGENT = "Commentdesk/1 (article import)"


class FetchFailed(Exception):
    """Nothing was fetched; the message names the kind of failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was found, and where in the end."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


class Fetcher:
    """Fetches, each time over connections of its own; may be shared between threads."""

    def __init__(self, *, guard: AddressGuard, timeout_seconds: float) -> None:
        """`timeout_seconds` is for everything together, redirects included."""
        self._guard = guard
        self._timeout = timeout_seconds
        self._tls = httpx.create_ssl_context()

    def fetch(self, url: str, *, check: Callable[[str], None] = lambda _url: None) -> Fetched:
        """The page at an address; raises FetchFailed, also for a page that is too large.

        `check` is shown every address before it is asked for, redirects included, and raises FetchFailed to stop.
        """
        deadline = Deadline(self._timeout)
        try:
            for _ in range(MAX_REDIRECTS):
                check(url)
                found = self._get(url, deadline)
                if found.status not in {301, 302, 303, 307, 308}:
                    return found
                # A fragment says where on the page to look, and is never sent.
                url = str(httpx.URL(url).join(found.headers.get("location", "")).copy_with(fragment=None))
        except (EndpointRefused, OSError, httpx.HTTPError, httpx.InvalidURL, *_CORE_ERRORS) as failure:
            raise FetchFailed(type(failure).__name__) from failure
        raise FetchFailed("too many redirects")

    def _get(self, url: str, deadline: Deadline) -> Fetched:
        parsed = self._guard.read_url(url)
        transport = GuardedTransport(guard=self._guard, tls=self._tls, deadline=deadline)
        headers = {"user-agent": USER_AGENT, "accept-encoding": "identity"}
        with (
            httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=self._timeout) as client,
            client.stream("GET", parsed, headers=headers) as response,
        ):
            content = b""
            for part in response.iter_bytes():
                content += part
                if len(content) > MAX_BYTES:
                    raise FetchFailed("too large")
            return Fetched(url=url, status=response.status_code, headers=response.headers, content=content)


_CORE_ERRORS = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.UnsupportedProtocol)

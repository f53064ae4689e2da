"""Fetching of a page or feed, with limits on size and time. The address guard checks every redirect."""

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
    """The fetch failed. The message names the kind of failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The response, and the URL after all redirects."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


class Fetcher:
    """Fetches URLs, each over a new connection; may be shared between threads."""

    def __init__(self, *, guard: AddressGuard, timeout_seconds: float) -> None:
        """`timeout_seconds` is for a whole fetch, including redirects."""
        self._guard = guard
        self._timeout = timeout_seconds
        self._tls = httpx.create_ssl_context()

    def fetch(self, url: str, *, check: Callable[[str], None] | None = None) -> Fetched:
        """Fetch a URL. Raises FetchFailed, also for a page that is too large.

        `check` is called with every URL before it is requested, including redirects; it raises FetchFailed to stop.
        """
        deadline = Deadline(self._timeout)
        try:
            for _ in range(MAX_REDIRECTS):
                if check is not None:
                    check(url)
                response = self._get(url, deadline)
                if response.status not in {301, 302, 303, 307, 308}:
                    return response
                # A fragment is for the browser only and is never sent.
                url = str(httpx.URL(url).join(response.headers.get("location", "")).copy_with(fragment=None))
        except (EndpointRefused, OSError, httpx.HTTPError, httpx.InvalidURL, *_HTTPCORE_ERRORS) as failure:
            raise FetchFailed(type(failure).__name__) from failure
        raise FetchFailed("too many redirects")

    def _get(self, url: str, deadline: Deadline) -> Fetched:
        parsed = self._guard.read_url(url)
        transport = GuardedTransport(guard=self._guard, tls=self._tls, deadline=deadline)
        # Without compression, a small response cannot become a huge page.
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


# httpx translates these into its own errors in its default transport only, not in ours.
_HTTPCORE_ERRORS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)

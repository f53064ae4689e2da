"""A GraphQL client. The address guard checks its connections, as it does for webhooks."""

import json
from typing import Any

import httpcore
import httpx

from service.domain.errors import EndpointRefused
from service.net.addresses import AddressGuard
from service.net.transport import Deadline, GuardedTransport

MAX_RESPONSE_BYTES = 1_000_000
USER_AGENT = "Commentdesk/1"


class GraphqlFailed(Exception):
    """The request failed, or the response is unusable. The message names the kind of failure, never content."""


class GraphqlClient:
    """Sends queries, each over a new connection; may be shared between threads."""

    def __init__(self, *, guard: AddressGuard, timeout_seconds: float) -> None:
        """`timeout_seconds` is for a whole request."""
        self._guard = guard
        self._timeout = timeout_seconds
        self._tls = httpx.create_ssl_context()

    def execute(self, url: str, token: str, query: str, **variables: Any) -> dict[str, Any]:
        """Send a query and return the response's `data`. Raises GraphqlFailed."""
        try:
            status, body = self._post(url, token, json.dumps({"query": query, "variables": variables}).encode())
        except (EndpointRefused, OSError, httpx.HTTPError, *_HTTPCORE_ERRORS) as failure:
            raise GraphqlFailed(type(failure).__name__) from failure
        try:
            response = json.loads(body)
        except (ValueError, RecursionError):
            raise GraphqlFailed(f"status {status}") from None
        data = response.get("data") if isinstance(response, dict) else None
        if not isinstance(data, dict) or response.get("errors"):
            raise GraphqlFailed(f"status {status}, with errors")
        return data

    def _post(self, url: str, token: str, content: bytes) -> tuple[int, bytes]:
        parsed = self._guard.read_url(url)
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}", "user-agent": USER_AGENT}
        transport = GuardedTransport(guard=self._guard, tls=self._tls, deadline=Deadline(self._timeout))
        with (
            httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=self._timeout) as client,
            client.stream("POST", parsed, content=content, headers=headers) as response,
        ):
            body = b""
            for part in response.iter_bytes():
                body += part
                if len(body) > MAX_RESPONSE_BYTES:
                    raise GraphqlFailed("response too large")
            return response.status_code, body


# httpx translates these into its own errors in its default transport only, not in ours.
_HTTPCORE_ERRORS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)

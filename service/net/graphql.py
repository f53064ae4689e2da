"""Asking a GraphQL server, over connections that pass the same guard as webhooks; knows nothing of what is asked."""

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
    """The server could not be asked, or did not answer what was asked; the message names the kind, never content."""


class GraphqlClient:
    """Asks, each question over a connection of its own; may be shared between threads."""

    def __init__(self, *, guard: AddressGuard, timeout_seconds: float) -> None:
        """`timeout_seconds` is for a whole question."""
        self._guard = guard
        self._timeout = timeout_seconds
        self._tls = httpx.create_ssl_context()

    def ask(self, url: str, token: str, query: str, **variables: Any) -> dict[str, Any]:
        """The answer's `data`; raises GraphqlFailed."""
        try:
            status, body = self._post(url, token, json.dumps({"query": query, "variables": variables}).encode())
        except (EndpointRefused, OSError, httpx.HTTPError, *_CORE_ERRORS) as failure:
            raise GraphqlFailed(type(failure).__name__) from failure
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise GraphqlFailed(f"status {status}") from None
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict) or answer.get("errors"):
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
                    raise GraphqlFailed("answer too large")
            return response.status_code, body


_CORE_ERRORS = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.UnsupportedProtocol)

"""Security headers for every response of pages and API. Pages contain no inline scripts or styles."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A sign-in link is a secret in an address, so other sites must not see it. `no-referrer` would also hide it, but it
    # sets the Origin of our own forms to "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

HSTS = "max-age=31536000"
"""For a year, browsers use only https for this host (RFC 6797)."""


class SecurityHeaders:
    """ASGI middleware that adds HEADERS and, for https, Strict-Transport-Security."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """Set `https` if browsers use it. The proxy in front of the service may still connect over http."""
        self._app = app
        self._headers = {**HEADERS, **({"Strict-Transport-Security": HSTS} if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers. A header that the response has already keeps its value."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)

"""One attempt to send a webhook message. The module `retries` decides about further attempts."""

import math
import re
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpcore
import httpx

from service.net.addresses import AddressGuard
from service.net.transport import Deadline, GuardedTransport
from service.webhooks.signing import sign

MAX_RESPONSE_BYTES = 65_536
USER_AGENT = "Commentdesk-Webhooks/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message and its receiver. `id` is the same at every attempt, so that the receiver recognises a repetition."""

    id: str
    url: str
    body: bytes
    signing_secrets: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResponse:
    """The status of the response, or the name of the error if there was no response. The receiver's text is dropped."""

    status: int | None
    error: str
    seconds: float
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver has accepted the message. Redirects are not followed and count as failures."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class WebhookSender:
    """Sends messages, each over a new connection; may be shared between threads."""

    def __init__(self, *, guard: AddressGuard, timeout_seconds: float) -> None:
        """`timeout_seconds` limits a whole attempt, without the DNS lookup, for which the system has no timeout."""
        self._guard = guard
        self._timeout = timeout_seconds
        self._tls = httpx.create_ssl_context()

    def send(self, message: Message, *, now: datetime) -> DeliveryResponse:
        """Make one attempt, signed for `now`. Never raises: an unrecorded failure would be retried forever."""
        began = time.monotonic()
        status, error, retry_after = None, "", None
        try:
            status, retry_header = self._post(message, now)
            retry_after = read_retry_after(retry_header, now=now)
        except Exception as failure:  # noqa: BLE001  a response may be broken in unforeseen ways
            error = _error_name(failure)
        return DeliveryResponse(status=status, error=error, seconds=time.monotonic() - began, retry_after=retry_after)

    def _post(self, message: Message, now: datetime) -> tuple[int, str]:
        url = self._guard.read_url(message.url)
        signature = sign(message.body, message_id=message.id, at=now, signing_secrets=message.signing_secrets)
        headers = {"content-type": "application/json", "user-agent": USER_AGENT, **signature}
        transport = GuardedTransport(guard=self._guard, tls=self._tls, deadline=Deadline(self._timeout))
        with (
            httpx.Client(transport=transport, trust_env=False, follow_redirects=False, timeout=self._timeout) as client,
            client.stream("POST", url, content=message.body, headers=headers) as response,
        ):
            _read_to_end(response)
            return response.status_code, response.headers.get("retry-after", "")


_CONNECTION_ERRORS = (
    httpx.HTTPError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


def read_retry_after(value: str, *, now: datetime) -> timedelta | None:
    """Read a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3). Return None if missing or invalid."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return timedelta(seconds=int(value))
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return timedelta(seconds=max(0, math.ceil((until - now).total_seconds())))


def _read_to_end(response: httpx.Response) -> None:
    # We need only the status, but some receivers fail if the connection is closed before their response is read.
    size = 0
    try:
        for part in response.iter_raw():
            size += len(part)
            if size > MAX_RESPONSE_BYTES:
                return
    except _CONNECTION_ERRORS:
        return


def _error_name(failure: Exception) -> str:
    if isinstance(failure, socket.gaierror):
        return "name_not_resolved"
    # "ConnectTimeout" becomes "connect_timeout".
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(failure).__name__).lower()

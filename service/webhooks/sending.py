"""Sending one message once, and what came of it. Trying again is not decided here."""

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
    """What is sent where. `id` is the same at every attempt, so that a receiver can tell a repetition."""

    id: str
    url: str
    body: bytes
    signing_secrets: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResponse:
    """A status, or the name of the error that stood in its way; never what the receiver wrote."""

    status: int | None
    error: str
    seconds: float
    retry_after: timedelta | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken the message. A redirection is not followed, and no success."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class WebhookSender:
    """Sends messages, each over a connection of its own; may be shared between threads."""

    def __init__(self, *, guard: AddressGuard, timeout_seconds: float) -> None:
        """`timeout_seconds` is for the whole of an attempt but the resolution of the name, which has none."""
        self._guard = guard
        self._timeout = timeout_seconds
        self._tls = httpx.create_ssl_context()

    def send(self, message: Message, *, now: datetime) -> DeliveryResponse:
        """Makes one attempt, signed for `now`; never raises, because what is not recorded is tried without end."""
        began = time.monotonic()
        status, error, retry_after = None, "", None
        try:
            status, wanted = self._post(message, now)
            retry_after = read_retry_after(wanted, now=now)
        except Exception as failure:  # noqa: BLE001  an answer may be wrong in ways that nobody has thought of
            error = _name(failure)
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


_HTTP_ERRORS = (
    httpx.HTTPError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


def read_retry_after(value: str, *, now: datetime) -> timedelta | None:
    """Reads a Retry-After header, seconds or an HTTP date; None if there is none that makes sense."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return timedelta(seconds=int(value))
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return timedelta(seconds=max(0, math.ceil((until - now).total_seconds())))


def _read_to_end(response: httpx.Response) -> None:
    # The status is all that counts, but some receivers are cut off in their work if nobody reads.
    size = 0
    try:
        for part in response.iter_raw():
            size += len(part)
            if size > MAX_RESPONSE_BYTES:
                return
    except _HTTP_ERRORS:
        return


def _name(failure: Exception) -> str:
    if isinstance(failure, socket.gaierror):
        return "name_not_resolved"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(failure).__name__).lower()

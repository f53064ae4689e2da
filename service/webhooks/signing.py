"""Signatures of Standard Webhooks 1.0.0: secrets, and the three headers that a receiver verifies."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64; 32 is what HMAC-SHA256 can use."""


def make_secret() -> str:
    """A new random secret, as it is shown to the receiver's developer."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(body: bytes, *, message_id: str, at: datetime, signing_secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt at `at`; with several secrets, knowing any of them is enough."""
    text = body.decode()
    signatures = [Webhook(secret).sign(msg_id=message_id, timestamp=at, data=text) for secret in signing_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }

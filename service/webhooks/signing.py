"""Signatures of Standard Webhooks 1.0.0: the secret, and the three headers that a receiver verifies."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

KEY_PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification allows 24 to 64; HMAC-SHA256 gains nothing from more than 32."""


def make_secret() -> str:
    """Return a new random secret, in the form that receivers configure."""
    return KEY_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(body: bytes, *, message_id: str, at: datetime, signing_secrets: Sequence[str]) -> dict[str, str]:
    """Return the headers of an attempt at the time `at`, with one signature per secret.

    The receiver needs only one of the secrets, so a secret can be rotated without a gap.
    """
    text = body.decode()
    signatures = [Webhook(secret).sign(msg_id=message_id, timestamp=at, data=text) for secret in signing_secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }

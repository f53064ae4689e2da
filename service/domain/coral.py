"""Coral's words: how it signs, and what our decisions and reasons are called there; from its source, release 9.11."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from service.domain.reasons import HoldReason, RejectReason

PHASE_PREFIX = "empsec_"
WEBHOOK_PREFIX = "whsec_"
_MAX_SIGNATURES = 10

REASONS: Mapping[str, str] = {
    RejectReason.TOXIC: "OFFENSIVE",
    RejectReason.HATE: "HATE_SPEECH",
    RejectReason.THREAT: "HARASSMENT_BULLYING",
    RejectReason.OFF_TOPIC: "IRRELEVANT_CONTENT",
    RejectReason.SPAM: "SPAM",
    RejectReason.ILLEGAL: "ILLEGAL_CONTENT",
    RejectReason.MISINFORMATION: "MISINFORMATION",
}
"""A person's reason in Coral's codes; what is not here is OTHER."""

RULES: Mapping[str, str] = {
    HoldReason.BLOCKED_WORD: "BANNED_WORD",
    HoldReason.BLOCKED_LINK: "AD",
    HoldReason.SPAM: "SPAM",
    HoldReason.NEAR_DUPLICATE: "SPAM",
    HoldReason.RELEVANCE: "IRRELEVANT_CONTENT",
    HoldReason.TOXICITY: "OFFENSIVE",
    "severe_toxicity": "ABUSIVE",
    "insult": "OFFENSIVE",
    "profanity": "OFFENSIVE",
    "identity_attack": "HATE_SPEECH",
    HoldReason.THREAT: "HARASSMENT_BULLYING",
}
"""A rule of the policy in the same codes."""

OTHER = "OTHER"
SPAM_CODES = frozenset({"SPAM", "AD"})
TOXIC_CODES = frozenset({"OFFENSIVE", "ABUSIVE", "HATE_SPEECH", "HARASSMENT_BULLYING"})


def sign_body(body: bytes, secret: str) -> str:
    """The signature of a body: the whole secret is the key, its prefix included."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str, secrets: Iterable[str]) -> bool:
    """Whether a signature in the header is by one of these secrets: while one is changed, Coral signs with both."""
    given = [part.strip().removeprefix("sha256=") for part in header.split(",")[:_MAX_SIGNATURES]]
    # All are compared, so that the time tells nothing.
    matches = [
        hmac.compare_digest(sign_body(body, secret).encode(), signature.encode("utf-8", "surrogateescape"))
        for secret in secrets
        for signature in given
    ]
    return any(matches)

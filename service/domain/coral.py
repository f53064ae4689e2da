"""Coral's signatures, and its codes for our reasons and rules, from the source of its release 9.11."""

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
"""Reasons of verdicts as Coral's codes; all others are OTHER."""

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
"""Rules of the policy as the same codes."""

OTHER = "OTHER"
SPAM_CODES = frozenset({"SPAM", "AD"})
TOXIC_CODES = frozenset({"OFFENSIVE", "ABUSIVE", "HATE_SPEECH", "HARASSMENT_BULLYING"})


def sign_body(body: bytes, secret: str) -> str:
    """Return the signature of a body. The key is the whole secret, including its prefix."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str, secrets: Iterable[str]) -> bool:
    """Return whether a signature in the header was made with one of these secrets.

    The header has several signatures while a secret is being rotated, because Coral then signs with both.
    """
    signatures = [part.strip().removeprefix("sha256=") for part in header.split(",")[:_MAX_SIGNATURES]]
    # Every pair is compared, so that the response time reveals nothing.
    matches = [
        hmac.compare_digest(sign_body(body, secret).encode(), signature.encode("utf-8", "surrogateescape"))
        for secret in secrets
        for signature in signatures
    ]
    return any(matches)

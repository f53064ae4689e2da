"""Reason codes: why the machine held a comment, and why a person rejected one."""

from enum import StrEnum


class HoldReason(StrEnum):
    """Why a rule of the policy held a comment."""

    SELF_HARM = "self_harm"
    THREAT = "threat"
    ARTICLE_CLOSED = "article_closed"
    AUTHOR_SUSPENDED = "author_suspended"
    BLOCKED_WORD = "blocked_word"
    BLOCKED_LINK = "blocked_link"
    PRE_MODERATED = "pre_moderated"
    LANGUAGE_NOT_SUPPORTED = "language_not_supported"
    NEAR_DUPLICATE = "near_duplicate"
    SPAM = "spam"
    TOXICITY = "toxicity"
    RELEVANCE = "relevance"
    COHERENCE = "coherence"
    LIKELY_TO_REJECT = "likely_to_reject"


class RejectReason(StrEnum):
    """Why a person rejected a comment; what its author is told."""

    TOXIC = "toxic"
    HATE = "hate"
    THREAT = "threat"
    OFF_TOPIC = "off_topic"
    INCOHERENT = "incoherent"
    SPAM = "spam"
    ILLEGAL = "illegal"
    PRIVACY = "privacy"
    MISINFORMATION = "misinformation"
    OTHER = "other"


REASON_LABELS = {
    RejectReason.TOXIC: "Insulting or abusive",
    RejectReason.HATE: "Attacks a group of people",
    RejectReason.THREAT: "Threatens somebody",
    RejectReason.OFF_TOPIC: "Not about this article",
    RejectReason.INCOHERENT: "Cannot be understood",
    RejectReason.SPAM: "Advertising, lure or flood",
    RejectReason.ILLEGAL: "Against the law",
    RejectReason.PRIVACY: "Gives away private facts",
    RejectReason.MISINFORMATION: "False in a harmful way",
    RejectReason.OTHER: "Another rule of this site",
}
"""Each reason as a moderator and the comment's author read it."""

"""Reason codes: why the policy held a comment, and why a person rejected one."""

from enum import StrEnum


class HoldReason(StrEnum):
    """The code of a rule that can hold a comment."""

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


AUTHOR_TRUSTED = "author_trusted"
"""The code of the rule that approves comments by trusted authors. It is no HoldReason, because it holds nothing."""


class RejectReason(StrEnum):
    """Why a person rejected a comment; the comment's author sees it."""

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
    RejectReason.THREAT: "Threatens someone",
    RejectReason.OFF_TOPIC: "Not about this article",
    RejectReason.INCOHERENT: "Cannot be understood",
    RejectReason.SPAM: "Spam or scam",
    RejectReason.ILLEGAL: "Against the law",
    RejectReason.PRIVACY: "Private information",
    RejectReason.MISINFORMATION: "Harmful false claim",
    RejectReason.OTHER: "Another rule of this site",
}
"""Each reason in the words that moderators and the comment's author see."""

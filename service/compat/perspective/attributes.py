"""Perspective's attributes: which of them we support, from which of our scores, and on which scale."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.domain.reasons import RejectReason

Scale: TypeAlias = Callable[[float], float]
"""Converts our toxicity to the value that the client gets: on Perspective's scale, or unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute: the score behind it, or its complement to 1, and the reason to reject a comment for it."""

    score: str
    reason: RejectReason
    is_complement: bool = False

    def read(self, scores: Mapping[str, float | None], scale: Scale) -> float | None:
        """Return the attribute's value in 0 to 1, toxicity on this scale; None if our score is unknown."""
        value = scores.get(self.score)
        if value is None:
            return None
        if self.score == "toxicity":
            return scale(value)
        return 1 - value if self.is_complement else value


def base_name(requested: str) -> str:
    """Return the attribute's name without a version such as the one in `TOXICITY@6`."""
    return requested.partition("@")[0]


_PRODUCTION = {
    "TOXICITY": Attribute(score="toxicity", reason=RejectReason.TOXIC),
    "SEVERE_TOXICITY": Attribute(score="severe_toxicity", reason=RejectReason.TOXIC),
    "IDENTITY_ATTACK": Attribute(score="identity_attack", reason=RejectReason.HATE),
    "INSULT": Attribute(score="insult", reason=RejectReason.TOXIC),
    "PROFANITY": Attribute(score="profanity", reason=RejectReason.TOXIC),
    "THREAT": Attribute(score="threat", reason=RejectReason.THREAT),
}

ATTRIBUTES: Mapping[str, Attribute] = {
    **_PRODUCTION,
    **{f"{name}_EXPERIMENTAL": attribute for name, attribute in _PRODUCTION.items()},
    "TOXICITY_FAST": _PRODUCTION["TOXICITY"],
    # The attribute of the New York Times' models for profanity.
    "OBSCENE": _PRODUCTION["PROFANITY"],
    "OFF_TOPIC": Attribute(score="relevance", reason=RejectReason.OFF_TOPIC, is_complement=True),
    "INCOHERENT": Attribute(score="coherence", reason=RejectReason.INCOHERENT, is_complement=True),
    "SPAM": Attribute(score="spam", reason=RejectReason.SPAM),
    "LIKELY_TO_REJECT": Attribute(score="likely_to_reject", reason=RejectReason.OTHER),
}
"""The supported attributes. We have no score for Perspective's other attributes, and a number would be invented.

Each describes a defect: a suggested score of 1 rejects the comment. Attributes for good qualities, such as reasoning or
compassion, have no reason for a rejection and do not belong here.
"""

SITE_MODEL_SCORE = "likely_to_reject"
"""The score that exists only if the site has its own model."""

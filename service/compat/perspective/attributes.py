"""Perspective's attributes: which of them we answer, from which of our scores, and on which scale."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.domain.reasons import RejectReason

Scale: TypeAlias = Callable[[float], float]
"""Our toxicity to what the client is told: on Perspective's scale, or as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute: a score of ours, or what is missing from 1, and why somebody would reject for it."""

    score: str
    reason: RejectReason
    is_complement: bool = False

    def read(self, scores: Mapping[str, float | None], scale: Scale) -> float | None:
        """The attribute's value in 0 to 1, toxicity on this scale, or None where our score is unknown."""
        value = scores.get(self.score)
        if value is None:
            return None
        if self.score == "toxicity":
            return scale(value)
        return 1 - value if self.is_complement else value


def base_name(requested: str) -> str:
    """The attribute's name without the version that it may carry: `TOXICITY@6`."""
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
    # The New York Times' word for the same thing.
    "OBSCENE": _PRODUCTION["PROFANITY"],
    "OFF_TOPIC": Attribute(score="relevance", reason=RejectReason.OFF_TOPIC, is_complement=True),
    "INCOHERENT": Attribute(score="coherence", reason=RejectReason.INCOHERENT, is_complement=True),
    "SPAM": Attribute(score="spam", reason=RejectReason.SPAM),
    "LIKELY_TO_REJECT": Attribute(score="likely_to_reject", reason=RejectReason.OTHER),
}
"""What we answer. What Perspective had beyond that has no score of ours behind it, and a number would be invented.

Each is a fault: a person who suggests that a comment is full of it rejects it. What one would like more of, as of
reasoning or compassion, has no reason to reject for and does not belong here.
"""

OF_A_SITE_MODEL = "likely_to_reject"
"""The score that is there only once the site has a model of its own."""

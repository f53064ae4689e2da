"""The Perspective attributes that we support, each with our score behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from service.domain.reasons import RejectReason

Scale: TypeAlias = Callable[[float], float]
"""Converts our toxicity score to the value in the response: on Perspective's scale, or unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute, with the reason to reject a comment for it.

    Its value is the score `score_name`, or 1 minus this score if `is_complement`.
    """

    score_name: str
    reason: RejectReason
    is_complement: bool = False

    def read(self, scores: Mapping[str, float | None], scale: Scale) -> float | None:
        """Return the attribute's value in 0 to 1, or None if our score is unknown. `scale` converts toxicity only."""
        value = scores.get(self.score_name)
        if value is None:
            return None
        if self.score_name == "toxicity":
            return scale(value)
        return 1 - value if self.is_complement else value


def base_name(requested: str) -> str:
    """Return the attribute's name without a version such as the one in `TOXICITY@6`."""
    return requested.partition("@")[0]


_PRODUCTION = {
    "TOXICITY": Attribute(score_name="toxicity", reason=RejectReason.TOXIC),
    "SEVERE_TOXICITY": Attribute(score_name="severe_toxicity", reason=RejectReason.TOXIC),
    "IDENTITY_ATTACK": Attribute(score_name="identity_attack", reason=RejectReason.HATE),
    "INSULT": Attribute(score_name="insult", reason=RejectReason.TOXIC),
    "PROFANITY": Attribute(score_name="profanity", reason=RejectReason.TOXIC),
    "THREAT": Attribute(score_name="threat", reason=RejectReason.THREAT),
}

ATTRIBUTES: Mapping[str, Attribute] = {
    **_PRODUCTION,
    **{f"{name}_EXPERIMENTAL": attribute for name, attribute in _PRODUCTION.items()},
    "TOXICITY_FAST": _PRODUCTION["TOXICITY"],
    # Perspective offers it for profanity, among the attributes trained on comments of the New York Times.
    "OBSCENE": _PRODUCTION["PROFANITY"],
    "OFF_TOPIC": Attribute(score_name="relevance", reason=RejectReason.OFF_TOPIC, is_complement=True),
    "INCOHERENT": Attribute(score_name="coherence", reason=RejectReason.INCOHERENT, is_complement=True),
    "SPAM": Attribute(score_name="spam", reason=RejectReason.SPAM),
    "LIKELY_TO_REJECT": Attribute(score_name="likely_to_reject", reason=RejectReason.OTHER),
}
"""The supported attributes. We have no score for Perspective's other attributes, and a number would be invented.

Each describes a defect, so a suggested score of 1 rejects the comment. Do not add attributes for good qualities, such
as reasoning or compassion: they are no reason for a rejection.
"""

SITE_MODEL_SCORE = "likely_to_reject"
"""The score of a site's own model, which is trained on its verdicts. Without such a model the score is missing."""

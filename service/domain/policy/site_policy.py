"""A site's policy, and the values that its rules work with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from service.domain.errors import PolicyInvalid
from service.domain.policy.thresholds import THRESHOLD_NAMES

MISTAKE_PROMISE_RANGE = (2, 1_000_000)
"""The smallest and the largest N of "at most 1 in N approved comments breaks our rules"."""

_HOST = re.compile(r"[^\s/:@?#.]+(\.[^\s/:@?#.]+)+")


class Outcome(StrEnum):
    """What is decided about a comment. A person's verdict is never HOLD."""

    APPROVE = "approve"
    HOLD = "hold"
    REJECT = "reject"


class Mode(StrEnum):
    """Whether an article accepts comments, and whether a person reads each of them first."""

    OPEN = "open"
    PRE_MODERATED = "pre_moderated"
    CLOSED = "closed"


class Trust(StrEnum):
    """What a site has decided about an author."""

    NORMAL = "normal"
    TRUSTED = "trusted"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of a site's policy.

    A threshold of None switches its rule off. A missing threshold is the model release's recommended one. The promises
    are limits that an editor sets: at most one in `mistake_promise` approved comments breaks the rules, and at most the
    share `held_promise` of all comments is held. Promises decide nothing; the threshold page measures them.
    """

    version: int = 0
    thresholds: Mapping[str, float | None] = field(default_factory=dict)
    blocked_words: tuple[str, ...] = ()
    blocked_hosts: tuple[str, ...] = ()
    pre_moderated_sections: tuple[str, ...] = ()
    reject_blocked: bool = False
    audit_share: float = 0.01
    mistake_promise: int | None = None
    held_promise: float | None = None

    def __post_init__(self) -> None:
        """Raise PolicyInvalid, naming the field."""
        for name, value in self.thresholds.items():
            if name not in THRESHOLD_NAMES:
                raise PolicyInvalid(f"There is no threshold '{name}'.", field=f"thresholds.{name}")
            if value is not None and not 0 <= value <= 1:
                raise PolicyInvalid("A threshold is a number from 0 to 1.", field=f"thresholds.{name}")
        if not 0 <= self.audit_share <= 1:
            raise PolicyInvalid("A share is a number from 0 to 1.", field="audit_share")
        smallest, largest = MISTAKE_PROMISE_RANGE
        if self.mistake_promise is not None and not smallest <= self.mistake_promise <= largest:
            raise PolicyInvalid("A promise is between 1 in 2 and 1 in 1,000,000.", field="mistake_promise")
        if self.held_promise is not None and not 0 < self.held_promise <= 1:
            raise PolicyInvalid("A share of held comments is above 0 and at most 1.", field="held_promise")

    def with_defaults(self, recommended: Mapping[str, float]) -> "Policy":
        """Return this policy with the recommended threshold wherever it has none."""
        return Policy(**{**self.as_dict(), "version": self.version, "thresholds": {**recommended, **self.thresholds}})

    def as_dict(self) -> dict[str, Any]:
        """Return what is stored and shown: every field except the version."""
        return {
            "thresholds": dict(self.thresholds),
            "blocked_words": tuple(self.blocked_words),
            "blocked_hosts": tuple(self.blocked_hosts),
            "pre_moderated_sections": tuple(self.pre_moderated_sections),
            "reject_blocked": self.reject_blocked,
            "audit_share": self.audit_share,
            "mistake_promise": self.mistake_promise,
            "held_promise": self.held_promise,
        }


def normalise_host(text: str) -> str:
    """Return the host of an address in the form that links are compared with: lowercase, without `www.`.

    Raises PolicyInvalid if the text is no host: nobody would notice for months that such a rule never applies.
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.strip().lower()).partition("/")[0].removeprefix("www.")
    if not _HOST.fullmatch(host):
        raise PolicyInvalid("A host has the form spam.example.", field="blocked_hosts")
    return host

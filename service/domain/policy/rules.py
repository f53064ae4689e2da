"""The policy: an ordered list of small pure rules that turns scores and circumstances into a decision with reasons."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.comment import ATTRIBUTES, Assessment
from service.domain import danger_phrases
from service.domain.errors import PolicyInvalid
from service.domain.reasons import HoldReason

THRESHOLD_NAMES = ("toxicity", *ATTRIBUTES, "relevance", "coherence", "likely_to_reject")
"""Scores that a policy may hold a comment for: relevance and coherence from below, the others from above."""

HELD_WHEN_BELOW = frozenset({"relevance", "coherence"})

MISTAKE_PROMISES = (2, 1_000_000)
"""The N of "at most 1 in N approved comments breaks our rules": least and largest."""


_HOST = re.compile(r"[^\s/:@?#.]+(\.[^\s/:@?#.]+)+")


class Outcome(StrEnum):
    """What the machine does with a comment."""

    APPROVE = "approve"
    HOLD = "hold"
    REJECT = "reject"


class Mode(StrEnum):
    """How an article takes comments."""

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
    """One version of a site's policy. A threshold of None switches its rule off; a missing one is the release's own.

    The promises are what an editor wants to be held to: at most one in `mistake_promise` approved comments breaks the
    rules, and at most the share `held_promise` of all comments is held. They decide nothing; pages measure them.
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
        """Raises PolicyInvalid, naming the field."""
        for name, value in self.thresholds.items():
            if name not in THRESHOLD_NAMES:
                raise PolicyInvalid(f"There is no threshold '{name}'.", field=f"thresholds.{name}")
            if value is not None and not 0 <= value <= 1:
                raise PolicyInvalid("A threshold lies between 0 and 1.", field=f"thresholds.{name}")
        if not 0 <= self.audit_share <= 1:
            raise PolicyInvalid("A share lies between 0 and 1.", field="audit_share")
        if self.mistake_promise is not None and not MISTAKE_PROMISES[0] <= self.mistake_promise <= MISTAKE_PROMISES[1]:
            raise PolicyInvalid("A promise is 1 in 2 up to 1 in 1,000,000.", field="mistake_promise")
        if self.held_promise is not None and not 0 < self.held_promise <= 1:
            raise PolicyInvalid("A share of held comments lies above 0 and is at most 1.", field="held_promise")

    def with_defaults(self, recommended: Mapping[str, float]) -> "Policy":
        """This policy with the release's recommended threshold wherever it states none."""
        return Policy(**{**self.as_facts(), "version": self.version, "thresholds": {**recommended, **self.thresholds}})

    def as_facts(self) -> dict[str, Any]:
        """What is stored and shown: everything but the version."""
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


def read_host(written: str) -> str:
    """The host as links are compared with it: of an address, in small letters, without `www.`.

    Raises PolicyInvalid for what is none: a rule that never fires is found out months later.
    """
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", written.strip().lower()).partition("/")[0].removeprefix("www.")
    if not _HOST.fullmatch(host):
        raise PolicyInvalid("A host is written like spam.example.", field="blocked_hosts")
    return host


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInput:
    """All that the policy may look at. `plain_text` is the comment as the scorers read it."""

    assessment: Assessment
    plain_text: str
    links: tuple[str, ...] = ()
    trust: Trust = Trust.NORMAL
    mode: Mode = Mode.OPEN
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule found. `settles` ends the list: later rules are not asked."""

    outcome: Outcome
    code: str
    message: str
    urgent: bool = False
    settles: bool = False
    score: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the machine does, and why; `rule` is the first finding that called for it."""

    outcome: Outcome
    rule: str
    findings: tuple[Finding, ...]
    thresholds: Mapping[str, float | None]
    policy_version: int

    @property
    def urgent(self) -> bool:
        """Whether a person should see it before all others."""
        return any(finding.urgent for finding in self.findings)


Rule = Callable[[PolicyInput, Policy], Finding | None]


def find_self_harm(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Somebody may be in danger: seen by a person first, whoever wrote it."""
    if danger_phrases.mentions_self_harm(case.plain_text):
        return _hold(HoldReason.SELF_HARM, "The writer may be in danger.", urgent=True)
    return None


def find_threat(case: PolicyInput, policy: Policy) -> Finding | None:
    """A threat, by phrase or by score."""
    score = case.assessment.scores.get("threat")
    threshold = policy.thresholds.get("threat")
    if danger_phrases.is_threat(case.plain_text):
        return _hold(HoldReason.THREAT, "It reads like a threat.", urgent=True, score=score)
    if score is not None and threshold is not None and score >= threshold:
        return _hold(HoldReason.THREAT, "It scores as a threat.", urgent=True, score=score, threshold=threshold)
    return None


def find_closed_article(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """The article takes no more comments, yet the CMS sent one: a person decides what became of it."""
    if case.mode is Mode.CLOSED:
        return _hold(HoldReason.ARTICLE_CLOSED, "The article is closed for comments.")
    return None


def find_suspended_author(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """An author whom the site has suspended."""
    if case.trust is Trust.SUSPENDED:
        return _hold(HoldReason.AUTHOR_SUSPENDED, "Its author is suspended.")
    return None


def find_blocked_word(case: PolicyInput, policy: Policy) -> Finding | None:
    """A whole word or phrase on the site's list, seen through disguises."""
    text = case.plain_text.lower()
    for word in map(str.lower, policy.blocked_words):
        # Of thousands of words hardly one is in a text, and to compile an expression takes longer than to look.
        if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            outcome = Outcome.REJECT if policy.reject_blocked else Outcome.HOLD
            return Finding(outcome=outcome, code=HoldReason.BLOCKED_WORD, message="It has a blocked word.")
    return None


def find_blocked_link(case: PolicyInput, policy: Policy) -> Finding | None:
    """A link to a host on the site's list, or below one."""
    for host in case.links:
        if any(host == blocked or host.endswith(f".{blocked}") for blocked in policy.blocked_hosts):
            outcome = Outcome.REJECT if policy.reject_blocked else Outcome.HOLD
            return Finding(outcome=outcome, code=HoldReason.BLOCKED_LINK, message="It links to a blocked site.")
    return None


def find_pre_moderation(case: PolicyInput, policy: Policy) -> Finding | None:
    """Court reporting and the like: everything is read by a person."""
    if case.mode is Mode.PRE_MODERATED or (case.section and case.section in policy.pre_moderated_sections):
        return _hold(HoldReason.PRE_MODERATED, "Comments on this article are read before they appear.")
    return None


def find_unsupported_language(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Scoring French as English would be worse than saying so."""
    if case.assessment.abstentions.get("toxicity") == "language_not_supported":
        return _hold(HoldReason.LANGUAGE_NOT_SUPPORTED, f"No model reads '{case.assessment.language}' yet.")
    return None


def find_spam(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """A spam rule or a flood of near-copies."""
    if not case.assessment.scores.get("spam"):
        return None
    rules = case.assessment.explanation.spam
    code = HoldReason.NEAR_DUPLICATE if rules == ("near_duplicate",) else HoldReason.SPAM
    return _hold(code, f"Spam rule: {', '.join(rules) or 'spam'}.", score=1.0)


def allow_trusted_author(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """An author whom the site trusts is not held for a score."""
    if case.trust is Trust.TRUSTED:
        return Finding(outcome=Outcome.APPROVE, code="author_trusted", message="Its author is trusted.", settles=True)
    return None


def find_score(name: str) -> Rule:
    """The rule that holds a comment whose score `name` is beyond the policy's threshold."""

    def rule(case: PolicyInput, policy: Policy) -> Finding | None:
        score, threshold = case.assessment.scores.get(name), policy.thresholds.get(name)
        if score is None or threshold is None:
            return None
        if (score <= threshold) if name in HELD_WHEN_BELOW else (score >= threshold):
            side = "below" if name in HELD_WHEN_BELOW else "above"
            words = name.replace("_", " ")
            return _hold(name, f"Its {words} is {side} this site's threshold.", score=score, threshold=threshold)
        return None

    rule.__name__ = f"find_{name}"
    return rule


RULES: tuple[Rule, ...] = (
    # Danger first: no trust and no mode may hide it.
    find_self_harm,
    find_threat,
    # Then what the site has said about article, author, words and links: facts, cheaper and surer than any score.
    find_closed_article,
    find_suspended_author,
    find_blocked_word,
    find_blocked_link,
    find_pre_moderation,
    # What cannot be scored must not reach the score rules as if it had been.
    find_unsupported_language,
    # A trusted author's account that is flooding has been stolen, so spam stands before trust …
    find_spam,
    # … and trust before the scores, which is what trust is for.
    allow_trusted_author,
    find_score("toxicity"),
    *(find_score(name) for name in ATTRIBUTES if name != "threat"),
    find_score("likely_to_reject"),
    find_score("relevance"),
    find_score("coherence"),
)


def decide(case: PolicyInput, policy: Policy) -> Decision:
    """Asks every rule in order; the gravest finding decides (reject over hold), and all of them are reasons."""
    findings: list[Finding] = []
    for rule in RULES:
        finding = rule(case, policy)
        if finding is None:
            continue
        findings.append(finding)
        if finding.settles:
            break
    gravest = next(
        (f for outcome in (Outcome.REJECT, Outcome.HOLD, Outcome.APPROVE) for f in findings if f.outcome is outcome),
        None,
    )
    return Decision(
        outcome=gravest.outcome if gravest else Outcome.APPROVE,
        rule=gravest.code if gravest else "nothing_found",
        findings=tuple(findings),
        thresholds=dict(policy.thresholds),
        policy_version=policy.version,
    )


def sampling_probability(decision: Decision, policy: Policy) -> float:
    """The probability with which this decision is shown to a person: 1 for what is held, the audit share otherwise."""
    return 1.0 if decision.outcome is Outcome.HOLD else policy.audit_share


def _hold(
    code: str,
    message: str,
    *,
    urgent: bool = False,
    score: float | None = None,
    threshold: float | None = None,
) -> Finding:
    return Finding(
        outcome=Outcome.HOLD, code=str(code), message=message, urgent=urgent, score=score, threshold=threshold
    )

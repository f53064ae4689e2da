"""The rules of the policy. They are pure functions, applied in order to scores and context; the findings decide."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.comment import ATTRIBUTES, Assessment
from service.domain import danger_phrases
from service.domain.policy.site_policy import Mode, Outcome, Policy, Trust
from service.domain.policy.thresholds import HELD_WHEN_BELOW, is_held
from service.domain.reasons import AUTHOR_TRUSTED, HoldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInput:
    """Everything that the rules can use.

    `plain_text` is the comment as the models read it, with disguises such as `1d1ot` resolved. `linked_hosts` are the
    hosts of its links, lowercase and without `www.`.
    """

    assessment: Assessment
    plain_text: str
    linked_hosts: tuple[str, ...] = ()
    trust: Trust = Trust.NORMAL
    mode: Mode = Mode.OPEN
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule found. A finding that `is_final` ends the list: later rules are not applied."""

    outcome: Outcome
    code: str
    message: str
    urgent: bool = False
    is_final: bool = False
    score: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The outcome with its reasons; `rule` is the code of the first finding with this outcome."""

    outcome: Outcome
    rule: str
    findings: tuple[Finding, ...]
    thresholds: Mapping[str, float | None]
    policy_version: int

    @property
    def urgent(self) -> bool:
        """Whether a person should see the comment before all others."""
        return any(finding.urgent for finding in self.findings)


Rule = Callable[[PolicyInput, Policy], Finding | None]

GRAVEST_FIRST = (Outcome.REJECT, Outcome.HOLD, Outcome.APPROVE)


def find_self_harm(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Hold a comment whose writer may be in danger, even if the author is trusted."""
    if danger_phrases.mentions_self_harm(case.plain_text):
        return _hold(HoldReason.SELF_HARM, "The writer may be in danger.", urgent=True)
    return None


def find_threat(case: PolicyInput, policy: Policy) -> Finding | None:
    """Hold a threat, recognised by a phrase or by its score."""
    score = case.assessment.scores.get("threat")
    threshold = policy.thresholds.get("threat")
    if danger_phrases.is_threat(case.plain_text):
        return _hold(HoldReason.THREAT, "It reads like a threat.", urgent=True, score=score)
    if score is not None and threshold is not None and is_held("threat", score, threshold):
        return _hold(HoldReason.THREAT, "It scores as a threat.", urgent=True, score=score, threshold=threshold)
    return None


def find_closed_article(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Hold a comment that the CMS sent although its article is closed."""
    if case.mode is Mode.CLOSED:
        return _hold(HoldReason.ARTICLE_CLOSED, "The article is closed for comments.")
    return None


def find_suspended_author(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Hold a comment by an author whom the site has suspended."""
    if case.trust is Trust.SUSPENDED:
        return _hold(HoldReason.AUTHOR_SUSPENDED, "Its author is suspended.")
    return None


def find_blocked_word(case: PolicyInput, policy: Policy) -> Finding | None:
    """Hold or reject a comment with a whole word or phrase from the site's list, even if it is disguised."""
    text = case.plain_text.lower()
    for word in map(str.lower, policy.blocked_words):
        # The substring test comes first: of thousands of words hardly one is in the text, and compiling is slower.
        if word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            outcome = Outcome.REJECT if policy.reject_blocked else Outcome.HOLD
            return Finding(outcome=outcome, code=HoldReason.BLOCKED_WORD, message="It has a blocked word.")
    return None


def find_blocked_link(case: PolicyInput, policy: Policy) -> Finding | None:
    """Hold or reject a comment with a link to a blocked host or one of its subdomains."""
    for host in case.linked_hosts:
        if any(host == blocked or host.endswith(f".{blocked}") for blocked in policy.blocked_hosts):
            outcome = Outcome.REJECT if policy.reject_blocked else Outcome.HOLD
            return Finding(outcome=outcome, code=HoldReason.BLOCKED_LINK, message="It links to a blocked site.")
    return None


def find_pre_moderation(case: PolicyInput, policy: Policy) -> Finding | None:
    """Hold every comment on articles and in sections that are pre-moderated, such as court reports."""
    if case.mode is Mode.PRE_MODERATED or (case.section and case.section in policy.pre_moderated_sections):
        return _hold(HoldReason.PRE_MODERATED, "Comments on this article are read before they appear.")
    return None


def find_unsupported_language(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Hold a comment in a language that no model supports: scoring French as English would be worse."""
    # Only the language can keep toxicity unknown. Other scores also have other reasons to be unknown.
    if case.assessment.abstentions.get("toxicity") == "language_not_supported":
        return _hold(HoldReason.LANGUAGE_NOT_SUPPORTED, f"No model reads '{case.assessment.language}' yet.")
    return None


def find_spam(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Hold a comment that a spam rule has found, or that is one of a flood of near-duplicates."""
    # The spam score is 1 if any rule of `models.spam` applies, and 0 otherwise.
    if not case.assessment.scores.get("spam"):
        return None
    spam_rules = case.assessment.explanation.spam
    code = HoldReason.NEAR_DUPLICATE if spam_rules == ("near_duplicate",) else HoldReason.SPAM
    return _hold(code, f"Spam rule: {', '.join(spam_rules) or 'spam'}.", score=1.0)


def allow_trusted_author(case: PolicyInput, policy: Policy) -> Finding | None:  # noqa: ARG001  every rule takes both
    """Approve a comment by a trusted author without looking at the scores that follow."""
    if case.trust is Trust.TRUSTED:
        return Finding(outcome=Outcome.APPROVE, code=AUTHOR_TRUSTED, message="Its author is trusted.", is_final=True)
    return None


def make_score_rule(name: str) -> Rule:
    """Return the rule that holds a comment by the threshold of the score `name`."""

    def rule(case: PolicyInput, policy: Policy) -> Finding | None:
        score, threshold = case.assessment.scores.get(name), policy.thresholds.get(name)
        if score is None or threshold is None or not is_held(name, score, threshold):
            return None
        side = "below" if name in HELD_WHEN_BELOW else "above"
        message = f"Its {name.replace('_', ' ')} is {side} this site's threshold."
        return _hold(name, message, score=score, threshold=threshold)

    rule.__name__ = f"find_{name}"
    return rule


RULES: tuple[Rule, ...] = (
    # Danger first: neither trust nor a mode may hide it.
    find_self_harm,
    find_threat,
    # Then what the site has decided about article, author, words and links: facts, cheaper and surer than any score.
    find_closed_article,
    find_suspended_author,
    find_blocked_word,
    find_blocked_link,
    find_pre_moderation,
    # A comment that cannot be scored must not reach the score rules as if it had been.
    find_unsupported_language,
    # A trusted author who floods the site probably lost the account to someone else, so spam comes before trust …
    find_spam,
    # … and trust before the scores, which is its purpose.
    allow_trusted_author,
    make_score_rule("toxicity"),
    # The attributes of toxicity, such as insult. Threats have their own rule above.
    *(make_score_rule(name) for name in ATTRIBUTES if name != "threat"),
    make_score_rule("likely_to_reject"),
    make_score_rule("relevance"),
    make_score_rule("coherence"),
)


def decide(case: PolicyInput, policy: Policy) -> Decision:
    """Apply every rule in order. The gravest outcome decides (reject before hold), and all findings are reasons."""
    findings: list[Finding] = []
    for rule in RULES:
        finding = rule(case, policy)
        if finding is None:
            continue
        findings.append(finding)
        if finding.is_final:
            break
    # Of several findings with the gravest outcome, `min` returns the first.
    gravest = min(findings, key=lambda finding: GRAVEST_FIRST.index(finding.outcome), default=None)
    return Decision(
        outcome=gravest.outcome if gravest else Outcome.APPROVE,
        rule=gravest.code if gravest else "nothing_found",
        findings=tuple(findings),
        thresholds=dict(policy.thresholds),
        policy_version=policy.version,
    )


def sampling_probability(decision: Decision, policy: Policy) -> float:
    """Return the probability that a person reviews this decision.

    Every held comment is reviewed. Of all others, the share `audit_share` is sampled, to measure how many are wrong.
    """
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

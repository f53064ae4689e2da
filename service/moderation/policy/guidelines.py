"""Guidelines: what each reason means on this site, written by its editors, with examples from real decisions."""

from dataclasses import dataclass

from service.domain.errors import NotFound, TextInvalid
from service.domain.reasons import HoldReason, RejectReason
from service.domain.rights import Caller, Right
from service.domain.text_validation import refuse_controls
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.policy import guidelines as store
from service.store.policy.guidelines import Example, Guideline, Pin

WORDS_CHARS = 5_000
NOTE_CHARS = 500
OFFERED = 10

HOLDS_LIKE: dict[RejectReason, tuple[str, ...]] = {
    RejectReason.TOXIC: (HoldReason.TOXICITY, "severe_toxicity", "insult", "profanity", HoldReason.LIKELY_TO_REJECT),
    RejectReason.HATE: ("identity_attack",),
    RejectReason.THREAT: (HoldReason.THREAT, HoldReason.SELF_HARM),
    RejectReason.OFF_TOPIC: (HoldReason.RELEVANCE,),
    RejectReason.INCOHERENT: (HoldReason.COHERENCE,),
    RejectReason.SPAM: (HoldReason.SPAM, HoldReason.NEAR_DUPLICATE, HoldReason.BLOCKED_LINK),
}
"""Which of the machine's rules look for the same: what they held and a person approved shows where a reason ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One reason: its guideline if there is one, the pinned examples, and decisions that could be pinned."""

    reason: RejectReason
    guideline: Guideline | None
    pinned: tuple[Example, ...]
    offered: tuple[Example, ...]


def list_guidelines(runtime: Runtime, caller: Caller) -> tuple[dict[str, Guideline], dict[str, int]]:
    """Guidelines by reason, and how many examples each reason has."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return store.list_guidelines(connection, site=caller.site), store.count_pinned(connection, site=caller.site)


def read_chapter(runtime: Runtime, caller: Caller, *, reason: RejectReason) -> Chapter:
    """All about one reason."""
    caller.require(Right.MODERATE)
    site = caller.site
    with runtime.database.reading() as connection:
        pinned = store.list_pinned(connection, site=site, reason=reason)
        known = {example.comment_id for example in pinned}
        offered = [
            *store.list_rejected(connection, site=site, reason=reason, limit=OFFERED + len(known)),
            *store.list_released(connection, site=site, rules=HOLDS_LIKE.get(reason, ()), limit=OFFERED + len(known)),
        ]
        return Chapter(
            reason=reason,
            guideline=store.list_guidelines(connection, site=site).get(reason),
            pinned=tuple(pinned),
            offered=tuple(example for example in offered if example.comment_id not in known),
        )


def write_guideline(runtime: Runtime, caller: Caller, *, reason: RejectReason, words: str) -> None:
    """Saves what a reason means; earlier wordings stay in the database. Raises TextInvalid naming the field."""
    caller.require(Right.EDIT)
    _check(words, field="words", longest=WORDS_CHARS)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        guideline = Guideline(reason=reason, text=words, author=caller.name, saved_at=now)
        store.add_guideline(connection, site=caller.site, guideline=guideline)
        audit_log.record(
            connection, site=caller.site, actor=caller.name, action="guideline.saved", subject=reason,
            details={"chars": len(words)}, now=now,
        )  # fmt: skip


def pin_example(runtime: Runtime, caller: Caller, *, reason: RejectReason, comment_id: str, note: str = "") -> None:
    """Pins a comment that a person has decided. Raises NotFound, TextInvalid naming the field."""
    caller.require(Right.EDIT)
    _check(note, field="note", longest=NOTE_CHARS)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        example = store.find_decided(connection, site=caller.site, comment_id=comment_id)
        if example is None:
            raise NotFound("Nobody has decided this comment.", field="comment_id")
        pin = Pin(
            reason=reason, comment_id=comment_id, revision=example.revision, note=note, pinned_by=caller.name,
            pinned_at=now,
        )  # fmt: skip
        store.pin_example(connection, site=caller.site, pin=pin)
        audit_log.record(
            connection, site=caller.site, actor=caller.name, action="example.pinned", subject=comment_id,
            details={"reason": reason}, now=now,
        )  # fmt: skip


def unpin_example(runtime: Runtime, caller: Caller, *, reason: RejectReason, comment_id: str) -> None:
    """Takes a pin away; gone already is gone."""
    caller.require(Right.EDIT)
    with runtime.database.writing() as connection:
        if store.unpin_example(connection, site=caller.site, reason=reason, comment_id=comment_id):
            audit_log.record(
                connection, site=caller.site, actor=caller.name, action="example.unpinned", subject=comment_id,
                details={"reason": reason}, now=runtime.clock(),
            )  # fmt: skip


def _check(text: str, *, field: str, longest: int) -> None:
    if len(text) > longest:
        raise TextInvalid(f"The text is longer than {longest} characters.", field=field)
    refuse_controls(text, field=field)

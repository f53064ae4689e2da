"""Guidelines: a site's own text about each reason for rejection, with real comments as examples."""

from dataclasses import dataclass

from service.domain.errors import NotFound, TextInvalid
from service.domain.reasons import HoldReason, RejectReason
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_no_control_characters
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.policy import guidelines as store
from service.store.policy.guidelines import Guideline, GuidelineExample, Pin

MAX_TEXT_CHARS = 5_000
MAX_NOTE_CHARS = 500
MAX_SUGGESTIONS = 10

RULES_BY_REASON: dict[RejectReason, tuple[str, ...]] = {
    RejectReason.TOXIC: (HoldReason.TOXICITY, "severe_toxicity", "insult", "profanity", HoldReason.LIKELY_TO_REJECT),
    RejectReason.HATE: ("identity_attack",),
    RejectReason.THREAT: (HoldReason.THREAT, HoldReason.SELF_HARM),
    RejectReason.OFF_TOPIC: (HoldReason.RELEVANCE,),
    RejectReason.INCOHERENT: (HoldReason.COHERENCE,),
    RejectReason.SPAM: (HoldReason.SPAM, HoldReason.NEAR_DUPLICATE, HoldReason.BLOCKED_LINK),
}
"""The rules of the policy that hold comments for each reason.

A comment that these rules held and a person approved is a good example of what the reason does not cover.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelinePage:
    """One reason with its guideline, the pinned examples, and recent decisions that could be pinned."""

    reason: RejectReason
    guideline: Guideline | None
    pinned: tuple[GuidelineExample, ...]
    suggested: tuple[GuidelineExample, ...]


def list_guidelines(runtime: Runtime, caller: Caller) -> tuple[dict[str, Guideline], dict[str, int]]:
    """Return the guidelines by reason, and the number of pinned examples by reason."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return store.list_guidelines(connection, site=caller.site), store.count_pinned(connection, site=caller.site)


def read_guideline_page(runtime: Runtime, caller: Caller, *, reason: RejectReason) -> GuidelinePage:
    """Return the guideline, the pinned examples and the suggested examples of one reason."""
    caller.require(Right.MODERATE)
    site = caller.site
    with runtime.database.reading() as connection:
        pinned = store.list_pinned(connection, site=site, reason=reason)
        known = {example.comment_id for example in pinned}
        suggested = [
            *store.list_rejected(connection, site=site, reason=reason, limit=MAX_SUGGESTIONS + len(known)),
            *store.list_approved_after_hold(
                connection, site=site, rules=RULES_BY_REASON.get(reason, ()), limit=MAX_SUGGESTIONS + len(known)
            ),
        ]
        return GuidelinePage(
            reason=reason,
            guideline=store.list_guidelines(connection, site=site).get(reason),
            pinned=tuple(pinned),
            suggested=tuple(example for example in suggested if example.comment_id not in known),
        )


def save_guideline(runtime: Runtime, caller: Caller, *, reason: RejectReason, text: str) -> None:
    """Save the guideline of a reason; earlier versions stay in the database. Raises TextInvalid."""
    caller.require(Right.EDIT)
    _check(text, field="text", max_chars=MAX_TEXT_CHARS)
    now = runtime.clock()
    guideline = Guideline(reason=reason, text=text, author=caller.name, saved_at=now)
    with runtime.database.writing() as connection:
        store.add_guideline(connection, site=caller.site, guideline=guideline)
        audit_log.record(connection, caller, "guideline.saved", subject=reason, now=now, characters=len(text))


def pin_example(runtime: Runtime, caller: Caller, *, reason: RejectReason, comment_id: str, note: str = "") -> None:
    """Pin a comment with a verdict as an example of a reason. Raises NotFound, TextInvalid."""
    caller.require(Right.EDIT)
    _check(note, field="note", max_chars=MAX_NOTE_CHARS)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        example = store.find_decided(connection, site=caller.site, comment_id=comment_id)
        if example is None:
            raise NotFound("There is no verdict on this comment.", field="comment_id")
        pin = Pin(
            reason=reason,
            comment_id=comment_id,
            revision=example.revision,
            note=note,
            pinned_by=caller.name,
            pinned_at=now,
        )
        store.pin_example(connection, site=caller.site, pin=pin)
        audit_log.record(connection, caller, "example.pinned", subject=comment_id, now=now, reason=reason)


def unpin_example(runtime: Runtime, caller: Caller, *, reason: RejectReason, comment_id: str) -> None:
    """Remove a pin. A missing pin is no error."""
    caller.require(Right.EDIT)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        if store.unpin_example(connection, site=caller.site, reason=reason, comment_id=comment_id):
            audit_log.record(connection, caller, "example.unpinned", subject=comment_id, now=now, reason=reason)


def _check(text: str, *, field: str, max_chars: int) -> None:
    if len(text) > max_chars:
        raise TextInvalid(f"The text is longer than {max_chars} characters.", field=field)
    check_no_control_characters(text, field=field)

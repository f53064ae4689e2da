"""Strokes: deciding on the pages, one comment or many at once, in a way that can be taken back for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.domain.errors import ClaimedElsewhere, DomainError, NotFound, TooLateToUndo
from service.domain.rights import Caller, Right
from service.moderation.review.verdicts import VerdictInput, VerdictResult, record_verdict
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import State, StoredComment
from service.store.insights import audit_log
from service.store.review import actions as store
from service.store.review import claims, escalations, queue, verdicts
from service.store.review.actions import Action, Step

AT_ONCE = 50
"""Comments in one transaction: between two of them others have their turn at the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenComment:
    """A comment as the person saw it: the wording, and the number of the newest verdict (0 for none)."""

    comment_id: str
    revision: int
    expected_verdict: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """What came of a stroke: its number (0 where nothing was decided), until when it can be taken back, and what was
    not decided, by comment id.
    """

    action_id: int
    undoable_until: datetime
    decided: int
    refused: dict[str, DomainError]


def decide(runtime: Runtime, caller: Caller, word: VerdictInput, choice: SeenComment) -> ActionResult:
    """Decides one comment; raises what `give_verdict` does, and ClaimedElsewhere while a colleague looks at it.

    Said again it is the same: a browser that lost the answer may send it once more.
    """
    struck = decide_many(runtime, caller, word, [choice])
    for error in struck.refused.values():
        raise error
    return struck


def decide_many(runtime: Runtime, caller: Caller, word: VerdictInput, choices: Sequence[SeenComment]) -> ActionResult:
    """Decides each comment that still is as it was seen and that nobody else has; says which it did not decide."""
    caller.require(Right.MODERATE)
    word.check()
    now = runtime.clock()
    undoable_until = now + timedelta(seconds=runtime.settings.undo_seconds)
    action_id, due, refused = 0, list[int](), dict[str, DomainError]()
    earlier: Action | None = None
    # In one order everywhere, so that two strokes never wait for each other.
    ordered = sorted(choices, key=lambda choice: choice.comment_id)
    for start in range(0, len(ordered), AT_ONCE):
        with runtime.database.writing() as connection:
            for choice in ordered[start : start + AT_ONCE]:
                try:
                    given = _decide_one(connection, caller, word, choice, now=now, undoable_until=undoable_until)
                except DomainError as error:
                    refused[choice.comment_id] = error
                    continue
                if given.before is None:
                    earlier = store.find_action_of(connection, site=caller.site, verdict_id=given.verdict.id)
                    continue
                action_id = action_id or _begin(
                    connection, caller, str(word.outcome), now=now, undoable_until=undoable_until
                )
                step = Step(comment_id=choice.comment_id, verdict_id=given.verdict.id, before=given.before)
                store.add_step(connection, action_id=action_id, step=step)
                due += given.due
    runtime.jobs.deliver(due)
    if earlier is not None and not action_id:
        # All of it said again: what can be taken back is what was said first.
        action_id, undoable_until = earlier.id, earlier.undoable_until
    return ActionResult(
        action_id=action_id, undoable_until=undoable_until, decided=len(ordered) - len(refused), refused=refused
    )


def undo(runtime: Runtime, caller: Caller, *, action_id: int) -> list[str]:
    """Takes a stroke of the caller's own back, all of it, as if it had not been; the comments, in order of their ids.

    Undone again it is the same. Raises NotFound, and TooLateToUndo where any part of it cannot be taken back.
    """
    caller.require(Right.MODERATE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        action = store.find_action(connection, site=caller.site, action_id=action_id, lock=True)
        if action is None or action.by != caller.name:
            raise NotFound("There is nothing of yours to take back.")
        steps = store.list_steps(connection, action_id=action_id)
        if action.undone_at is None:
            if now >= action.undoable_until:
                raise TooLateToUndo
            for step in steps:
                _take_back(connection, caller, action, step, now)
            store.mark_undone(connection, action_id=action_id, now=now)
    return [step.comment_id for step in steps]


def _begin(connection: Connection, caller: Caller, outcome: str, *, now: datetime, undoable_until: datetime) -> int:
    action = Action(by=caller.name, outcome=outcome, decided_at=now, undoable_until=undoable_until)
    return store.add_action(connection, site=caller.site, action=action)


def _decide_one(
    connection: Connection,
    caller: Caller,
    word: VerdictInput,
    choice: SeenComment,
    *,
    now: datetime,
    undoable_until: datetime,
) -> VerdictResult:
    refuse_claimed(connection, caller, choice.comment_id, now)
    return record_verdict(
        connection, caller, word, comment_id=choice.comment_id, revision=choice.revision,
        expected_verdict=choice.expected_verdict, now=now, due_at=undoable_until,
    )  # fmt: skip


def refuse_claimed(connection: Connection, caller: Caller, comment_id: str, now: datetime) -> None:
    """Raises ClaimedElsewhere, with the colleague's name, while somebody else looks at the comment."""
    claim = claims.list_claims(connection, site=caller.site, comment_ids=[comment_id], now=now).get(comment_id)
    if claim is not None and claim.user_id != caller.user_id:
        raise ClaimedElsewhere(f"{claim.user_name} is looking at this comment. Nothing of yours was stored.")


def _take_back(connection: Connection, caller: Caller, action: Action, step: Step, now: datetime) -> None:
    site, comment_id = caller.site, step.comment_id
    comment = comments.find_comment(connection, site=site, comment_id=comment_id, lock=True)
    if comment is None or comment.state is State.ERASED:
        raise TooLateToUndo
    if step.verdict_id:
        _take_verdict_back(connection, comment, action, step)
    else:
        _take_escalation_back(connection, comment, step)
    queue.put_back(connection, site=site, comment_id=comment_id, entries=step.before["queue"])
    facts = {"verdict": step.verdict_id, "outcome": action.outcome}
    audit_log.record(
        connection, site=site, actor=caller.name, action="comment.undone", subject=comment_id, details=facts, now=now
    )


def _take_verdict_back(connection: Connection, comment: StoredComment, action: Action, step: Step) -> None:
    site = comment.site
    newest = verdicts.latest_verdict(connection, site=site, comment_id=comment.id)
    if newest is None or newest.id != step.verdict_id or newest.revision != comment.revision:
        raise TooLateToUndo
    told = not store.drop_events(
        connection, site=site, comment_id=comment.id, type_="comment.verdict", due_at=action.undoable_until
    )
    if told or not store.drop_verdict(connection, verdict_id=step.verdict_id):
        raise TooLateToUndo
    comments.set_state(connection, site=site, comment_id=comment.id, state=State(step.before["state"]))
    store.reopen_appeals(connection, numbers=step.before["appeals"])
    escalations.reopen_escalations(connection, numbers=step.before["escalations"])


def _take_escalation_back(connection: Connection, comment: StoredComment, step: Step) -> None:
    number = step.before["escalation"]
    still_open = escalations.list_open(connection, site=comment.site, comment_id=comment.id)
    is_open = number in {escalation.id for escalation in still_open}
    if not is_open or comment.revision != step.before.get("revision", comment.revision):
        # Decided, handed back or revised since: the queue as it was is not the queue as it is.
        raise TooLateToUndo
    escalations.drop_escalation(connection, number=number)
    queue.leave_queue(connection, site=comment.site, comment_id=comment.id)

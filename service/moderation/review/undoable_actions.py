"""Undoable actions: deciding one comment or many on the review pages, and undoing that for a while."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.domain.errors import ClaimedElsewhere, DomainError, NotFound, TooLateToUndo
from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.moderation.review.verdicts import SeenComment, VerdictInput, VerdictResult, record_verdict
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.comments.comments import StoredComment
from service.store.insights import audit_log
from service.store.review import claims, escalations, queue, reports_and_appeals, verdicts
from service.store.review import undoable_actions as store
from service.store.review.undoable_actions import Action, ActionItem
from service.store.webhooks import deliveries

COMMENTS_PER_TRANSACTION = 50
"""Between two transactions, other requests can write to the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """The result of an action.

    `action_id` is 0 if nothing was decided. `refused` has the errors of comments that were not decided, by comment id.
    """

    action_id: int
    undoable_until: datetime
    decided: int
    refused: dict[str, DomainError]


def decide(runtime: Runtime, caller: Caller, verdict: VerdictInput, comment: SeenComment) -> ActionResult:
    """Decide one comment. The same verdict again has the same result, so that a browser can repeat the request.

    Raises what `give_verdict` raises, and ClaimedElsewhere if another user has claimed the comment.
    """
    result = decide_many(runtime, caller, verdict, [comment])
    # With one comment, there is one error or none.
    for error in result.refused.values():
        raise error
    return result


def decide_many(runtime: Runtime, caller: Caller, verdict: VerdictInput, seen: Sequence[SeenComment]) -> ActionResult:
    """Decide all comments that are still as they were seen and that no other user has claimed."""
    caller.require(Right.MODERATE)
    verdict.check()
    now = runtime.clock()
    undoable_until = now + timedelta(seconds=runtime.settings.undo_seconds)
    action = Action(by=caller.name, outcome=str(verdict.outcome), decided_at=now, undoable_until=undoable_until)
    results: list[VerdictResult] = []
    refused: dict[str, DomainError] = {}
    # All actions lock comments in the same order, so that two of them never wait for each other.
    ordered = sorted(seen, key=lambda comment: comment.comment_id)
    for start in range(0, len(ordered), COMMENTS_PER_TRANSACTION):
        with runtime.database.writing() as connection:
            batch_results = []
            for comment in ordered[start : start + COMMENTS_PER_TRANSACTION]:
                try:
                    require_unclaimed(connection, caller, comment.comment_id, now)
                    result = record_verdict(connection, caller, verdict, comment, now=now, due_at=undoable_until)
                except DomainError as error:
                    refused[comment.comment_id] = error
                else:
                    batch_results.append(result)
            action = _add_items(connection, caller, action, batch_results)
        results += batch_results
    runtime.jobs.deliver([delivery for result in results for delivery in result.deliveries])
    if not action.id and results:
        # Every verdict was given before. That earlier action is what can be undone.
        action = _find_earlier_action(runtime, caller, results[-1]) or action
    return ActionResult(
        action_id=action.id, undoable_until=action.undoable_until, decided=len(results), refused=refused
    )


def undo(runtime: Runtime, caller: Caller, *, action_id: int) -> list[str]:
    """Undo one of the caller's own actions completely. Return the ids of its comments in alphabetical order.

    Undoing it again has the same result. Raises NotFound, and TooLateToUndo if any part of it cannot be undone.
    """
    caller.require(Right.MODERATE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        action = store.find_action(connection, site=caller.site, action_id=action_id, lock=True)
        if action is None or action.by != caller.name:
            raise NotFound("You have no action with this id.")
        items = store.list_items(connection, action_id=action_id)
        if action.undone_at is None:
            if now >= action.undoable_until:
                raise TooLateToUndo
            for item in items:
                _undo_item(connection, caller, action, item, now)
            store.mark_undone(connection, action_id=action_id, now=now)
    return [item.comment_id for item in items]


def require_unclaimed(connection: Connection, caller: Caller, comment_id: str, now: datetime) -> None:
    """Raise ClaimedElsewhere with the name of the other user who has claimed the comment, if there is one."""
    claim = claims.list_claims(connection, site=caller.site, comment_ids=[comment_id], now=now).get(comment_id)
    if claim is not None and claim.user_id != caller.user_id:
        raise ClaimedElsewhere(f"{claim.user_name} is reviewing this comment. Your decision was not saved.")


def _add_items(connection: Connection, caller: Caller, action: Action, results: Sequence[VerdictResult]) -> Action:
    """Store new verdicts as items of the action, which is stored with the first of them. Return the stored action."""
    for result in results:
        if result.before is None:
            # The same verdict was stored already.
            continue
        if not action.id:
            action = replace(action, id=store.add_action(connection, site=caller.site, action=action))
        item = ActionItem(comment_id=result.verdict.comment_id, verdict_id=result.verdict.id, before=result.before)
        store.add_item(connection, action_id=action.id, item=item)
    return action


def _find_earlier_action(runtime: Runtime, caller: Caller, result: VerdictResult) -> Action | None:
    with runtime.database.reading() as connection:
        return store.find_action_of_verdict(connection, site=caller.site, verdict_id=result.verdict.id)


def _undo_item(connection: Connection, caller: Caller, action: Action, item: ActionItem, now: datetime) -> None:
    site, comment_id = caller.site, item.comment_id
    comment = comments.find_comment(connection, site=site, comment_id=comment_id, lock=True)
    if comment is None or comment.state is CommentState.ERASED:
        raise TooLateToUndo
    # The id is 0 if the action was an escalation.
    if item.verdict_id:
        _undo_verdict(connection, comment, action, item)
    else:
        _undo_escalation(connection, comment, item)
    queue.restore_entries(connection, site=site, comment_id=comment_id, entries=item.before["queue"])
    audit_details = {"verdict": item.verdict_id, "outcome": action.outcome}
    audit_log.record(connection, caller, "comment.undone", subject=comment_id, now=now, **audit_details)


def _undo_verdict(connection: Connection, comment: StoredComment, action: Action, item: ActionItem) -> None:
    site = comment.site
    newest = verdicts.latest_verdict(connection, site=site, comment_id=comment.id)
    if newest is None or newest.id != item.verdict_id or newest.revision != comment.revision:
        raise TooLateToUndo
    is_withdrawn = deliveries.withdraw_event(
        connection, site=site, comment_id=comment.id, type_="comment.verdict", due_at=action.undoable_until
    )
    if not is_withdrawn or not verdicts.delete_verdict(connection, verdict_id=item.verdict_id):
        raise TooLateToUndo
    comments.set_state(connection, site=site, comment_id=comment.id, state=CommentState(item.before["state"]))
    reports_and_appeals.reopen_appeals(connection, appeal_ids=item.before["appeals"])
    escalations.reopen_escalations(connection, escalation_ids=item.before["escalations"])


def _undo_escalation(connection: Connection, comment: StoredComment, item: ActionItem) -> None:
    number = item.before["escalation"]
    still_open = escalations.list_open(connection, site=comment.site, comment_id=comment.id)
    is_open = number in {escalation.id for escalation in still_open}
    if not is_open or comment.revision != item.before.get("revision", comment.revision):
        # The comment was decided, returned or revised since, so that its old queue entries no longer apply.
        raise TooLateToUndo
    escalations.delete_escalation(connection, escalation_id=number)
    queue.leave_queue(connection, site=comment.site, comment_id=comment.id)

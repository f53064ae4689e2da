"""The forms of a comment's page: decide and go on to the next comment, undo, escalate, and claim."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Response
from pydantic import AwareDatetime

from service.domain.errors import AlreadyDecided, BodyInvalid, ClaimedElsewhere, DomainError, TextInvalid
from service.domain.identifiers import MAX_ROW_ID, require_identifier
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.text_validation import check_no_control_characters, normalise_form_text
from service.moderation.review import claims, escalations, undoable_actions
from service.moderation.review.verdicts import SeenComment, VerdictInput
from service.store.review.escalations import Topic
from service.web.error_pages import PageRoute, wants_json
from service.web.rendering import go_to, json_response
from service.web.review.comment import show_again
from service.web.review.queue_position import QueuePosition, find_next
from service.web.review.request import FormRequest, ReviewRequest
from service.web.review.status import Status

router = APIRouter(route_class=PageRoute, include_in_schema=False)

MAX_NOTE_CHARS = 2_000

ActionId = Annotated[int, Path(ge=1, lt=MAX_ROW_ID)]


@router.post("/comments/{comment_id:path}")
def decide_comment(
    review: FormRequest,
    comment_id: str,
    revision: Annotated[int, Form()],
    expected_verdict: Annotated[int, Form()],
    outcome: Annotated[Outcome | Literal[""], Form()] = "",
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Decide the comment and go on to the next one. If that fails, show the comment again with the error.

    A form with a reason but without an outcome rejects the comment.
    """
    try:
        verdict = VerdictInput(
            outcome=outcome or Outcome.REJECT, reason=reason or None, note=_check_note(note), source="desk"
        )
        seen = SeenComment(
            comment_id=require_identifier(comment_id), revision=revision, expected_verdict=expected_verdict
        )
        result = undoable_actions.decide(review.runtime, review.user.caller, verdict, seen)
    except (AlreadyDecided, BodyInvalid, ClaimedElsewhere, TextInvalid) as failure:
        return _show_failure(review, comment_id, failure, note=note)
    return _go_to_next(review, comment_id, done=str(verdict.outcome), action_id=result.action_id)


@router.post("/escalations/{comment_id:path}")
def escalate_comment(
    review: FormRequest, comment_id: str, topic: Annotated[Topic, Form()], note: Annotated[str, Form()] = ""
) -> Response:
    """Escalate the comment to the editors and go on to the next one."""
    try:
        action_id = escalations.escalate(
            review.runtime,
            review.user.caller,
            comment_id=require_identifier(comment_id),
            topic=topic,
            note=_check_note(note),
        )
    except (AlreadyDecided, ClaimedElsewhere, TextInvalid) as failure:
        return _show_failure(review, comment_id, failure, note=note)
    return _go_to_next(review, comment_id, done="escalate", action_id=action_id)


@router.post("/returned/{comment_id:path}")
def return_to_queue(review: FormRequest, comment_id: str) -> Response:
    """Return an escalated comment to the queue."""
    escalations.return_to_queue(review.runtime, review.user.caller, comment_id=require_identifier(comment_id))
    return go_to(review.position.url("comments", comment_id, done="returned"))


@router.post("/actions/{action_id}/undo")
def undo_action(review: FormRequest, action_id: ActionId) -> Response:
    """Undo one of the user's own actions, and show its comment, or the queue after a bulk action."""
    comment_ids = undoable_actions.undo(review.runtime, review.user.caller, action_id=action_id)
    # `at` belongs to the comment on the screen, not to the comment of the undone action.
    position = replace(review.position, at=None)
    if len(comment_ids) == 1:
        path = position.url("comments", comment_ids[0], done="undone")
    else:
        path = position.start.url("queue", done="undone")
    return json_response({"comments": comment_ids, "path": path}) if wants_json(review.http) else go_to(path)


@router.post("/claims/{comment_id:path}")
def change_claim(
    review: FormRequest,
    comment_id: str,
    action: Annotated[Literal["keep", "take", "release"], Form()],
    seen_at: Annotated[AwareDatetime | None, Form()] = None,
) -> Response:
    """Extend the user's claim on a comment, take it over from a colleague, or release it."""
    runtime, caller = review.runtime, review.user.caller
    comment_id = require_identifier(comment_id)
    if action == "release":
        claims.release_claim(runtime, caller, comment_ids=[comment_id], seen=seen_at)
        # No redirect: a page that is being closed would follow it, and the comment's page would claim it again.
        return Response(status_code=HTTPStatus.NO_CONTENT)
    claim = claims.claim_comment(runtime, caller, comment_id=comment_id, by_force=action == "take")
    if wants_json(review.http):
        return json_response({"colleague": claim.user_name if claim else None, "seen_at": runtime.clock().isoformat()})
    return go_to(review.position.url("comments", comment_id))


def _show_failure(review: ReviewRequest, comment_id: str, failure: DomainError, *, note: str) -> Response:
    if wants_json(review.http):
        raise failure
    return show_again(review, comment_id, failure=failure, note=note)


def _go_to_next(review: ReviewRequest, comment_id: str, *, done: str, action_id: int) -> Response:
    if wants_json(review.http):
        # The script shows the next comment itself, so this needs only the link to the decided one.
        undo_seconds = review.runtime.settings.undo_seconds
        path = QueuePosition().url("comments", comment_id)
        return json_response({"done": done, "action": action_id, "undo_seconds": undo_seconds, "path": path})
    status = Status(done=done, action=str(action_id), previous=comment_id).as_query()
    entry = find_next(review.runtime, review.user, review.position, leave_out=[comment_id])
    if entry is None:
        return go_to(review.position.start.url("queue", ended="1", **status))
    return go_to(review.position.entry_url(entry, **status))


def _check_note(note: str) -> str:
    # Forms send line breaks as CR LF.
    note = normalise_form_text(note)
    if len(note) > MAX_NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {MAX_NOTE_CHARS} characters.", field="note")
    check_no_control_characters(note, field="note")
    return note

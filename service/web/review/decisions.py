"""Deciding on the pages: one comment, with the step to the next; taking it back; handing it on; claiming it."""

from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import AwareDatetime

from service.domain.errors import AlreadyDecided, BodyInvalid, ClaimedElsewhere, DomainError, TextInvalid
from service.domain.identifiers import MAX_ROWS, require_identifier
from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.text_validation import refuse_controls
from service.moderation.access.sessions import SignedIn
from service.moderation.review import actions, claims, escalations
from service.moderation.review.actions import SeenComment
from service.moderation.review.verdicts import VerdictInput
from service.moderation.runtime import Runtime
from service.store.review.escalations import Topic
from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep
from service.web.error_pages import PageRoute, wants_facts
from service.web.rendering import go_to, json_response
from service.web.review.comment import show_again
from service.web.review.queue_position import CurrentPosition, QueuePosition, find_next, path_from

router = APIRouter(route_class=PageRoute, include_in_schema=False)

NOTE_CHARS = 2_000

ActionId = Annotated[int, Path(ge=1, lt=MAX_ROWS)]


@router.post("/comments/{comment_id:path}")
def decide_comment(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    position: CurrentPosition,
    comment_id: str,
    revision: Annotated[int, Form()],
    expected_verdict: Annotated[int, Form()],
    outcome: Annotated[Outcome | Literal[""], Form()] = "",
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Decides and goes on to the next comment; shows this one again where that could not be. A reason alone rejects."""
    try:
        word = VerdictInput(
            outcome=outcome or Outcome.REJECT, reason=reason or None, note=_checked_note(note), source="page"
        )
        choice = SeenComment(
            comment_id=require_identifier(comment_id), revision=revision, expected_verdict=expected_verdict
        )
        struck = actions.decide(runtime, sender.caller, word, choice)
    except (AlreadyDecided, BodyInvalid, ClaimedElsewhere, TextInvalid) as failure:
        return _refuse(request, runtime, sender, position, comment_id, failure, note=note)
    return _go_on(request, runtime, sender, position, comment_id, str(word.outcome), struck.action_id)


@router.post("/escalations/{comment_id:path}")
def escalate_comment(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    position: CurrentPosition,
    comment_id: str,
    topic: Annotated[Topic, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Hands the comment to the editors and goes on to the next one."""
    try:
        action_id = escalations.escalate(
            runtime, sender.caller, comment_id=require_identifier(comment_id), topic=topic, note=_checked_note(note)
        )
    except (AlreadyDecided, ClaimedElsewhere, TextInvalid) as failure:
        return _refuse(request, runtime, sender, position, comment_id, failure, note=note)
    return _go_on(request, runtime, sender, position, comment_id, "escalate", action_id)


@router.post("/returned/{comment_id:path}")
def return_to_queue(
    runtime: RuntimeDep, sender: CurrentUserWithCsrf, position: CurrentPosition, comment_id: str
) -> Response:
    """An editor gives the comment back to everybody."""
    escalations.return_to_queue(runtime, sender.caller, comment_id=require_identifier(comment_id))
    return go_to(position.path_to(comment_id, done="returned"))


@router.post("/actions/{action_id}/undo")
def undo_action(
    request: Request, runtime: RuntimeDep, sender: CurrentUserWithCsrf, position: CurrentPosition, action_id: ActionId
) -> Response:
    """Takes one's own decision back, and leads to the comment it was about, or to the list."""
    undone = actions.undo(runtime, sender.caller, action_id=action_id)
    one = undone[0] if len(undone) == 1 else None
    path = position.path_to(one, done="undone") if one else position.path_to_queue(done="undone")
    return json_response({"comments": undone, "path": path}) if wants_facts(request) else go_to(path)


@router.post("/claims/{comment_id:path}")
def change_claim(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    position: CurrentPosition,
    comment_id: str,
    action: Annotated[Literal["keep", "take", "release_claim"], Form()],
    seen: Annotated[AwareDatetime | None, Form()] = None,
) -> Response:
    """Keeps a comment for oneself a while longer, takes it over from a colleague, or lets it go."""
    comment_id = require_identifier(comment_id)
    if action == "release_claim":
        claims.release_claim(runtime, sender.caller, comment_ids=[comment_id], seen=seen)
        # A page on its way out follows a redirect too, and the comment's page would claim it again.
        return Response(status_code=HTTPStatus.NO_CONTENT)
    claim = claims.claim_comment(runtime, sender.caller, comment_id=comment_id, by_force=action == "take")
    if wants_facts(request):
        return json_response({"colleague": claim.user_name if claim else None, "seen": runtime.clock().isoformat()})
    return go_to(position.path_to(comment_id))


def _refuse(
    request: Request,
    runtime: Runtime,
    sender: SignedIn,
    position: QueuePosition,
    comment_id: str,
    failure: DomainError,
    *,
    note: str,
) -> Response:
    if wants_facts(request):
        raise failure
    return show_again(request, runtime, sender, position, comment_id, failure=failure, note=note)


def _go_on(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    position: QueuePosition,
    comment_id: str,
    outcome: str,
    action_id: int,
) -> Response:
    if wants_facts(request):
        seconds = runtime.settings.undo_seconds
        path = f"/comments/{quote(comment_id, safe='')}"
        return json_response({"outcome": outcome, "action": action_id, "undo_seconds": seconds, "path": path})
    said = {"done": outcome, "action": str(action_id), "previous": comment_id}
    entry = find_next(runtime, user, position, leave_out=[comment_id])
    return go_to(path_from(position, entry, **said) if entry else position.path_to_queue(ended="1", **said))


def _checked_note(note: str) -> str:
    # Forms send line ends as CR LF, whatever was typed.
    note = note.replace("\r\n", "\n").strip()
    if len(note) > NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {NOTE_CHARS} characters.", field="note")
    refuse_controls(note, field="note")
    return note

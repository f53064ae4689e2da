"""Deciding on the pages: one comment, with the step to the next; taking it back; handing it on; claiming it."""

from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import AwareDatetime

from service.domain.errors import AlreadyDecided, BodyInvalid, ClaimedElsewhere, DomainError, TextInvalid
from service.domain.identifiers import MOST_ROWS, require_identifier
from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.text_validation import refuse_controls
from service.moderation.access.sessions import SignedIn
from service.moderation.review import actions, claims, escalations
from service.moderation.review.actions import Choice
from service.moderation.review.verdicts import Word
from service.moderation.runtime import Desk
from service.store.review.escalations import Topic
from service.web.access.auth import DeskHere, Sender
from service.web.error_pages import PageRoute, wants_facts
from service.web.rendering import answer_facts, go_to
from service.web.review.comment import show_again
from service.web.review.queue_position import Walk, WalkHere, find_next, path_from

router = APIRouter(route_class=PageRoute, include_in_schema=False)

NOTE_CHARS = 2_000

StrokeId = Annotated[int, Path(ge=1, lt=MOST_ROWS)]


@router.post("/comments/{comment_id:path}")
def decide_comment(
    request: Request,
    desk: DeskHere,
    sender: Sender,
    walk: WalkHere,
    comment_id: str,
    revision: Annotated[int, Form()],
    seen_verdict: Annotated[int, Form()],
    outcome: Annotated[Outcome | Literal[""], Form()] = "",
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Decides and goes on to the next comment; shows this one again where that could not be. A reason alone rejects."""
    try:
        word = Word(outcome=outcome or Outcome.REJECT, reason=reason or None, note=_checked_note(note), source="page")
        choice = Choice(comment_id=require_identifier(comment_id), revision=revision, seen_verdict=seen_verdict)
        struck = actions.decide(desk, sender.caller, word, choice)
    except (AlreadyDecided, BodyInvalid, ClaimedElsewhere, TextInvalid) as failure:
        return _refuse(request, desk, sender, walk, comment_id, failure, note=note)
    return _go_on(request, desk, sender, walk, comment_id, str(word.outcome), struck.stroke_id)


@router.post("/escalations/{comment_id:path}")
def escalate_comment(
    request: Request,
    desk: DeskHere,
    sender: Sender,
    walk: WalkHere,
    comment_id: str,
    topic: Annotated[Topic, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Hands the comment to the editors and goes on to the next one."""
    try:
        stroke_id = escalations.escalate(
            desk, sender.caller, comment_id=require_identifier(comment_id), topic=topic, note=_checked_note(note)
        )
    except (AlreadyDecided, ClaimedElsewhere, TextInvalid) as failure:
        return _refuse(request, desk, sender, walk, comment_id, failure, note=note)
    return _go_on(request, desk, sender, walk, comment_id, "escalate", stroke_id)


@router.post("/handed-back/{comment_id:path}")
def hand_back(desk: DeskHere, sender: Sender, walk: WalkHere, comment_id: str) -> Response:
    """An editor gives the comment back to everybody."""
    escalations.hand_back(desk, sender.caller, comment_id=require_identifier(comment_id))
    return go_to(walk.path_to(comment_id, done="handed-back"))


@router.post("/strokes/{stroke_id}/undo")
def undo_stroke(request: Request, desk: DeskHere, sender: Sender, walk: WalkHere, stroke_id: StrokeId) -> Response:
    """Takes one's own decision back, and leads to the comment it was about, or to the list."""
    undone = actions.undo(desk, sender.caller, stroke_id=stroke_id)
    one = undone[0] if len(undone) == 1 else None
    path = walk.path_to(one, done="undone") if one else walk.path_to_queue(done="undone")
    return answer_facts({"comments": undone, "path": path}) if wants_facts(request) else go_to(path)


@router.post("/claims/{comment_id:path}")
def change_claim(
    request: Request,
    desk: DeskHere,
    sender: Sender,
    walk: WalkHere,
    comment_id: str,
    action: Annotated[Literal["keep", "take", "let_go"], Form()],
    seen: Annotated[AwareDatetime | None, Form()] = None,
) -> Response:
    """Keeps a comment for oneself a while longer, takes it over from a colleague, or lets it go."""
    comment_id = require_identifier(comment_id)
    if action == "let_go":
        claims.let_go(desk, sender.caller, comment_ids=[comment_id], seen=seen)
        # A page on its way out follows a redirect too, and the comment's page would claim it again.
        return Response(status_code=HTTPStatus.NO_CONTENT)
    claim = claims.claim_comment(desk, sender.caller, comment_id=comment_id, by_force=action == "take")
    if wants_facts(request):
        return answer_facts({"colleague": claim.person_name if claim else None, "seen": desk.clock().isoformat()})
    return go_to(walk.path_to(comment_id))


def _refuse(
    request: Request, desk: Desk, sender: SignedIn, walk: Walk, comment_id: str, failure: DomainError, *, note: str
) -> Response:
    if wants_facts(request):
        raise failure
    return show_again(request, desk, sender, walk, comment_id, failure=failure, note=note)


def _go_on(
    request: Request, desk: Desk, person: SignedIn, walk: Walk, comment_id: str, outcome: str, stroke_id: int
) -> Response:
    if wants_facts(request):
        seconds = desk.settings.undo_seconds
        path = f"/comments/{quote(comment_id, safe='')}"
        return answer_facts({"outcome": outcome, "stroke": stroke_id, "undo_seconds": seconds, "path": path})
    said = {"done": outcome, "stroke": str(stroke_id), "previous": comment_id}
    entry = find_next(desk, person, walk, leave_out=[comment_id])
    return go_to(path_from(walk, entry, **said) if entry else walk.path_to_queue(ended="1", **said))


def _checked_note(note: str) -> str:
    # Forms send line ends as CR LF, whatever was typed.
    note = note.replace("\r\n", "\n").strip()
    if len(note) > NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {NOTE_CHARS} characters.", field="note")
    refuse_controls(note, field="note")
    return note

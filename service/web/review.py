"""The review page: one comment beside its article, and the form that decides it."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response

from service.domain.errors import (
    AlreadyDecided,
    BodyInvalid,
    CommentErased,
    DomainError,
    NotFound,
    TextInvalid,
)
from service.domain.policy import Outcome
from service.domain.reasons import REASON_LABELS, RejectReason
from service.domain.texts import refuse_controls
from service.moderation import comments, people, verdicts
from service.moderation.comments import CommentFile
from service.moderation.desk import Desk
from service.moderation.sessions import SignedIn
from service.store.comments import State
from service.store.decisions import StoredScores
from service.web.doors import DeskHere, Person, Sender
from service.web.failures import PageRoute
from service.web.highlights import Mark, segments
from service.web.readings import read_scores
from service.web.rendering import go_to, render
from service.web.walk import Walk, WalkHere, find_next, path_from

router = APIRouter(route_class=PageRoute, include_in_schema=False)

MARKED = ("toxicity", "coherence")
"""The scores whose spans can be marked in the text; the first that has any is marked unasked."""

NOTE_CHARS = 2_000


@router.get("/comments/{comment_id:path}")
def show_comment(
    request: Request,
    desk: DeskHere,
    person: Person,
    walk: WalkHere,
    comment_id: str,
    marks: str = "",
    done: str = "",
    previous: str = "",
) -> Response:
    """One comment with all that is known about it."""
    file = _read_file(desk, person, comment_id)
    return _render(request, desk, person, walk, file, marks=marks, done=done, previous=previous)


@router.post("/comments/{comment_id:path}")
def decide_comment(
    request: Request,
    desk: DeskHere,
    sender: Sender,
    walk: WalkHere,
    comment_id: str,
    outcome: Annotated[Outcome, Form()],
    revision: Annotated[int, Form()],
    seen_verdict: Annotated[int, Form()],
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Gives a verdict and goes on to the next comment; shows this one again where that could not be."""
    try:
        verdicts.give_verdict(
            desk,
            sender.caller,
            comment_id=comment_id,
            outcome=outcome,
            reason=reason or None,
            note=_checked_note(note),
            revision=revision,
            seen_verdict=seen_verdict,
            source="page",
        )
    except (AlreadyDecided, BodyInvalid, TextInvalid) as failure:
        file = _read_file(desk, sender, comment_id)
        return _render(request, desk, sender, walk, file, failure=failure, note=note, reason=reason)
    return _go_on(desk, sender, walk, comment_id, outcome)


def _read_file(desk: Desk, person: SignedIn, comment_id: str) -> CommentFile:
    # No id has a control character in it, and PostgreSQL refuses to be asked for one.
    if not comment_id.isprintable():
        raise NotFound("There is no comment with this id.")
    file = comments.read_comment(desk, person.caller, comment_id=comment_id)
    if file.comment.state is State.ERASED:
        raise CommentErased("This comment was erased.")
    return file


def _checked_note(note: str) -> str:
    # Forms send line ends as CR LF, whatever was typed.
    note = note.replace("\r\n", "\n").strip()
    if len(note) > NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {NOTE_CHARS} characters.", field="note")
    refuse_controls(note, field="note")
    return note


def _go_on(desk: Desk, person: SignedIn, walk: Walk, comment_id: str, outcome: Outcome) -> Response:
    entry = find_next(desk, person, walk, leave_out=[comment_id])
    if entry is None:
        return go_to(walk.path_to_queue(ended="1", done=str(outcome)))
    return go_to(path_from(walk, entry, done=str(outcome), previous=comment_id))


def _render(
    request: Request,
    desk: Desk,
    person: SignedIn,
    walk: Walk,
    file: CommentFile,
    *,
    marks: str = "",
    done: str = "",
    previous: str = "",
    failure: DomainError | None = None,
    note: str = "",
    reason: str = "",
) -> Response:
    scored, decided = file.scores[-1], file.decisions[-1]
    marked = _pick_marks(scored, marks)
    return render(
        request,
        "review.html",
        status=failure.status if failure else HTTPStatus.OK,
        person=person,
        walk=walk,
        file=file,
        scored=scored,
        decided=decided,
        readings=read_scores(scored.scores, scored.abstentions, decided.thresholds),
        pieces=segments(file.text, _marks(scored, marked)),
        marked=marked,
        markable=[name for name in MARKED if _marks(scored, name)],
        names=people.read_names(desk, actors=[verdict.by for verdict in file.verdicts]),
        reasons=REASON_LABELS,
        done=done,
        previous=previous,
        failure=failure,
        note=note,
        reason=reason,
    )


def _pick_marks(scored: StoredScores, asked: str) -> str:
    if asked in {*MARKED, "none"}:
        return asked
    return next((name for name in MARKED if _marks(scored, name)), "none")


def _marks(scored: StoredScores, name: str) -> list[Mark]:
    # Spans belong to one wording; the file's newest scores are of its newest wording.
    spans: list[dict[str, Any]] = scored.explanation.get(name) or []
    return [Mark(int(span["start"]), int(span["end"]), float(span["weight"])) for span in spans]

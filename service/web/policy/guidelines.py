"""The pages of guidelines: what each reason means here, and the examples pinned to it. Words are plain text."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.domain.errors import DomainError, NotFound, TextInvalid
from service.domain.identifiers import is_identifier
from service.domain.reasons import REASON_LABELS, RejectReason
from service.domain.rights import Right
from service.moderation.access import users
from service.moderation.access.sessions import SignedIn
from service.moderation.policy import guidelines
from service.moderation.policy.guidelines import NOTE_CHARS, WORDS_CHARS
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render
from service.web.review.queue_position import CurrentPosition

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/guidelines")
def show_guidelines(request: Request, runtime: RuntimeDep, user: User) -> Response:
    """All reasons with their words."""
    written, pinned = guidelines.list_guidelines(runtime, user.caller)
    return render(
        request,
        "guidelines.html",
        user=user,
        reasons=REASON_LABELS,
        written=written,
        pinned=pinned,
        may_edit=Right.EDIT in user.caller.rights,
    )


@router.get("/guidelines/{reason}")
def show_guideline(
    request: Request, runtime: RuntimeDep, user: User, reason: RejectReason, saved: str = ""
) -> Response:
    """One reason with its examples and, for an editor, the forms."""
    return _render(request, runtime, user, reason, saved=bool(saved))


@router.post("/guidelines/{reason}")
def save_guideline(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    reason: RejectReason,
    words: Annotated[str, Form()] = "",
) -> Response:
    """Saves the words."""
    words = words.replace("\r\n", "\n").strip()
    try:
        guidelines.write_guideline(runtime, sender.caller, reason=reason, words=words)
    except TextInvalid as failure:
        return _render(request, runtime, sender, reason, failure=failure, typed=words)
    return go_to(f"/guidelines/{reason}?saved=1")


@router.post("/guidelines/{reason}/pin")
def pin_example(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    reason: RejectReason,
    comment_id: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Pins a decided comment, or changes the note of a pin."""
    note = note.replace("\r\n", "\n").strip()
    try:
        guidelines.pin_example(runtime, sender.caller, reason=reason, comment_id=_possible(comment_id), note=note)
    except (TextInvalid, NotFound) as failure:
        return _render(request, runtime, sender, reason, failure=failure)
    return go_to(f"/guidelines/{reason}")


@router.post("/guidelines/{reason}/unpin")
def unpin_example(
    runtime: RuntimeDep, sender: CurrentUserWithCsrf, reason: RejectReason, comment_id: Annotated[str, Form()]
) -> Response:
    """Takes a pin away."""
    guidelines.unpin_example(runtime, sender.caller, reason=reason, comment_id=_possible(comment_id))
    return go_to(f"/guidelines/{reason}")


@router.post("/examples/{comment_id:path}")
def pin_comment(
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    position: CurrentPosition,
    comment_id: str,
    reason: Annotated[RejectReason, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Pins the comment that is looked at, and leads back to it."""
    guidelines.pin_example(runtime, sender.caller, reason=reason, comment_id=_possible(comment_id), note=note.strip())
    return go_to(position.path_to(comment_id, done="pinned"))


def _possible(comment_id: str) -> str:
    """The id, or none where no comment can have it: the database is not asked for what it would refuse."""
    return comment_id if is_identifier(comment_id) else ""


def _render(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    reason: RejectReason,
    *,
    failure: DomainError | None = None,
    saved: bool = False,
    typed: str | None = None,
) -> Response:
    chapter = guidelines.read_chapter(runtime, user.caller, reason=reason)
    guideline = chapter.guideline
    return render(
        request,
        "guideline.html",
        status=failure.status if failure else HTTPStatus.OK,
        user=user,
        chapter=chapter,
        label=REASON_LABELS[reason],
        names=users.read_names(runtime, actors=[guideline.author] if guideline else []),
        may_edit=Right.EDIT in user.caller.rights,
        typed=typed if typed is not None else guideline.text if guideline else "",
        words_chars=WORDS_CHARS,
        note_chars=NOTE_CHARS,
        failure=failure,
        saved=saved,
    )

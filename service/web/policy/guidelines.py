"""The guideline pages: what each reason for rejection means on this site, with pinned examples, all in plain text."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.dependencies import RuntimeDep
from service.domain.errors import DomainError, NotFound, TextInvalid
from service.domain.identifiers import is_identifier
from service.domain.reasons import REASON_LABELS, RejectReason
from service.domain.rights import Right
from service.domain.text_validation import normalise_form_text
from service.moderation.access import users
from service.moderation.access.sessions import SignedIn
from service.moderation.policy import guidelines
from service.moderation.policy.guidelines import MAX_NOTE_CHARS, MAX_TEXT_CHARS
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUser, CurrentUserWithCsrf
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render
from service.web.review.queue_position import CurrentPosition

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/guidelines")
def show_guidelines(request: Request, runtime: RuntimeDep, user: CurrentUser) -> Response:
    """Show every reason with its guideline."""
    texts, example_counts = guidelines.list_guidelines(runtime, user.caller)
    return render(
        request,
        "guidelines.html",
        user=user,
        reasons=REASON_LABELS,
        guidelines=texts,
        example_counts=example_counts,
    )


@router.get("/guidelines/{reason}")
def show_guideline(
    request: Request, runtime: RuntimeDep, user: CurrentUser, reason: RejectReason, saved: str = ""
) -> Response:
    """Show the guideline and examples of one reason. Editors can change them."""
    return _render(request, runtime, user, reason, saved=bool(saved))


@router.post("/guidelines/{reason}")
def save_guideline(
    request: Request,
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    reason: RejectReason,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Save the guideline of a reason."""
    text = normalise_form_text(text)
    try:
        guidelines.save_guideline(runtime, user.caller, reason=reason, text=text)
    except TextInvalid as failure:
        return _render(request, runtime, user, reason, failure=failure, typed=text)
    return go_to(f"/guidelines/{reason}?saved=1")


@router.post("/guidelines/{reason}/pin")
def pin_example(
    request: Request,
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    reason: RejectReason,
    comment_id: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Pin a decided comment as an example, or change the note of a pinned one."""
    note = normalise_form_text(note)
    try:
        guidelines.pin_example(runtime, user.caller, reason=reason, comment_id=_valid_id(comment_id), note=note)
    except (TextInvalid, NotFound) as failure:
        return _render(request, runtime, user, reason, failure=failure)
    return go_to(f"/guidelines/{reason}")


@router.post("/guidelines/{reason}/unpin")
def unpin_example(
    runtime: RuntimeDep, user: CurrentUserWithCsrf, reason: RejectReason, comment_id: Annotated[str, Form()]
) -> Response:
    """Remove an example."""
    guidelines.unpin_example(runtime, user.caller, reason=reason, comment_id=_valid_id(comment_id))
    return go_to(f"/guidelines/{reason}")


@router.post("/examples/{comment_id:path}")
def pin_comment(
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    position: CurrentPosition,
    comment_id: str,
    reason: Annotated[RejectReason, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Pin the comment from its own page, and return to it."""
    guidelines.pin_example(runtime, user.caller, reason=reason, comment_id=_valid_id(comment_id), note=note.strip())
    return go_to(position.url("comments", comment_id, done="pinned"))


def _valid_id(comment_id: str) -> str:
    """Return the id, or "" if no comment can have it. PostgreSQL raises an error for control characters."""
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
    page = guidelines.read_guideline_page(runtime, user.caller, reason=reason)
    guideline = page.guideline
    saved_text = guideline.text if guideline else ""
    return render(
        request,
        "guideline.html",
        status_code=failure.status if failure else HTTPStatus.OK,
        user=user,
        page=page,
        label=REASON_LABELS[reason],
        names=users.read_names(runtime, actors=[guideline.author] if guideline else []),
        may_edit=Right.EDIT in user.caller.rights,
        typed=saved_text if typed is None else typed,
        max_text_chars=MAX_TEXT_CHARS,
        max_note_chars=MAX_NOTE_CHARS,
        failure=failure,
        saved=saved,
    )

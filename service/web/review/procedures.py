"""Emergency procedures: what a site does about threats, people in danger, and other escalated comments."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.dependencies import RuntimeDep
from service.domain.errors import DomainError, TextInvalid
from service.domain.rights import Right
from service.domain.text_validation import normalise_form_text
from service.moderation.access.sessions import SignedIn
from service.moderation.review import escalations
from service.moderation.runtime import Runtime
from service.store.review.escalations import Topic
from service.web.access.auth import CurrentUser, CurrentUserWithCsrf
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/procedures")
def show_procedures(request: Request, runtime: RuntimeDep, user: CurrentUser, saved: str = "") -> Response:
    """Show the procedure for each topic. Editors can change it."""
    return _render(request, runtime, user, saved=bool(saved))


@router.post("/procedures")
def save_procedure(
    request: Request,
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    topic: Annotated[Topic, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Save the procedure for one topic."""
    try:
        escalations.save_procedure(runtime, user.caller, topic=topic, text=normalise_form_text(text))
    except TextInvalid as failure:
        return _render(request, runtime, user, failure=failure, typed={topic: text})
    return go_to("/procedures?saved=1")


def _render(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    *,
    saved: bool = False,
    failure: DomainError | None = None,
    typed: Mapping[Topic, str] | None = None,
) -> Response:
    return render(
        request,
        "procedures.html",
        status_code=failure.status if failure else HTTPStatus.OK,
        user=user,
        topics=list(Topic),
        procedures=escalations.read_procedures(runtime, user.caller),
        is_editor=Right.EDIT in user.caller.rights,
        saved=saved,
        failure=failure,
        typed=typed or {},
    )

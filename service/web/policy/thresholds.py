"""The page on which an editor tries thresholds and promises on the site's own past, saves them, and goes back."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.domain.errors import AlreadyDecided, BodyInvalid, DomainError, PolicyInvalid, TextInvalid
from service.domain.policy.rules import HELD_WHEN_BELOW, THRESHOLD_NAMES, Policy
from service.domain.rights import Right
from service.moderation.access import users
from service.moderation.access.sessions import SignedIn
from service.moderation.policy import policies, preview
from service.moderation.policy.preview import Preview
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.policy.threshold_form import MAIN, ThresholdForm, complete, parse_form, parse_query, write_percent
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

NOTE_CHARS = 1_000


@router.get("/thresholds")
def show_thresholds(request: Request, runtime: RuntimeDep, user: User, saved: str = "") -> Response:
    """The thresholds in force, or the ones in the address, with what they would do."""
    given = {name: value for name, value in request.query_params.items() if name != "saved"}
    return _render(request, runtime, user, given, saved=bool(saved))


@router.post("/thresholds")
def save_thresholds(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    tried: Annotated[str, Form()],
    seen_version: Annotated[int, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Saves what was tried as the next version of the policy."""
    given = parse_query(tried)
    try:
        changes = parse_form(given, policies.read_policy(runtime, sender.caller))
        saved = policies.read_saved(runtime, sender.caller)
        policies.save_policy(
            runtime, sender.caller, changes=changes.changes(saved), note=_check_note(note), seen_version=seen_version
        )
    except (PolicyInvalid, BodyInvalid, TextInvalid, AlreadyDecided) as failure:
        return _render(request, runtime, sender, given, failure=failure, note=note)
    return go_to("/thresholds?saved=1")


@router.post("/thresholds/restore")
def restore_thresholds(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    version: Annotated[int, Form()],
    seen_version: Annotated[int, Form()],
) -> Response:
    """Saves an old version anew."""
    try:
        policies.restore_policy(runtime, sender.caller, version=version, seen_version=seen_version)
    except AlreadyDecided as failure:
        return _render(request, runtime, sender, {}, failure=failure)
    return go_to("/thresholds?saved=1")


def _check_note(note: str) -> str:
    note = note.replace("\r\n", "\n").strip()
    if not note:
        raise BodyInvalid("Say why, for those who come after you.", field="note")
    if len(note) > NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {NOTE_CHARS} characters.", field="note")
    return note


def _render(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    given: dict[str, str],
    *,
    failure: DomainError | None = None,
    saved: bool = False,
    note: str = "",
) -> Response:
    present = policies.read_policy(runtime, user.caller)
    try:
        tried = parse_form(given, present)
        seen = _preview(runtime, user, tried)
    except PolicyInvalid as wrong:
        failure = failure or wrong
        tried = parse_form({}, present)
        seen = _preview(runtime, user, tried)
    versions = policies.list_policies(runtime, user.caller)
    return render(
        request,
        "thresholds.html",
        status=failure.status if failure else HTTPStatus.OK,
        user=user,
        may_edit=not user.caller.rights.isdisjoint({Right.EDIT, Right.MANAGE}),
        present=present,
        tried=tried,
        fields={**complete(present), **given},
        is_changed=_is_changed(tried, present),
        seen=seen,
        versions=versions,
        names=users.read_names(runtime, actors=[version.author for version in versions]),
        groups=(MAIN, tuple(name for name in THRESHOLD_NAMES if name not in MAIN)),
        below=HELD_WHEN_BELOW,
        write_percent=write_percent,
        failure=failure,
        saved=saved,
        note=note,
    )


def _is_changed(tried: ThresholdForm, present: Policy) -> bool:
    promised = (tried.mistake_promise, tried.held_promise)
    return bool(tried.stated) or promised != (present.mistake_promise, present.held_promise)


def _preview(runtime: Runtime, user: SignedIn, tried: ThresholdForm) -> Preview:
    return preview.preview_thresholds(
        runtime,
        user.caller,
        thresholds=tried.stated,
        lever=tried.lever,
        mistake_promise=tried.mistake_promise,
        held_promise=tried.held_promise,
    )

"""The thresholds page: an editor tries thresholds and promises on past comments, saves them, or restores old ones."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.dependencies import RuntimeDep
from service.domain.errors import BodyInvalid, DomainError, PolicyChanged, PolicyInvalid, TextInvalid
from service.domain.policy.site_policy import Policy
from service.domain.policy.thresholds import HELD_WHEN_BELOW, THRESHOLD_NAMES
from service.domain.rights import Right
from service.domain.text_validation import normalise_form_text
from service.moderation.access import users
from service.moderation.access.sessions import SignedIn
from service.moderation.policy import policies, preview
from service.moderation.policy.preview import Preview
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUser, CurrentUserWithCsrf
from service.web.error_pages import PageRoute
from service.web.policy.threshold_form import MAIN_SCORES, ThresholdForm, fill_in_fields, parse_form, parse_query
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

MAX_NOTE_CHARS = 1_000


@router.get("/thresholds")
def show_thresholds(request: Request, runtime: RuntimeDep, user: CurrentUser, saved: str = "") -> Response:
    """Show the thresholds in force. With thresholds in the address, show how they would have decided past comments."""
    submitted = {name: value for name, value in request.query_params.items() if name != "saved"}
    return _render(request, runtime, user, submitted, saved=bool(saved))


@router.post("/thresholds")
def save_thresholds(
    request: Request,
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    form: Annotated[str, Form()],
    expected_version: Annotated[int, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Save the thresholds and promises in `form`, a query string, as the next version of the policy."""
    submitted = parse_query(form)
    try:
        changes = parse_form(submitted, policies.read_policy(runtime, user.caller))
        newest = policies.read_saved_policy(runtime, user.caller)
        policies.save_policy(
            runtime,
            user.caller,
            changes=changes.policy_changes(newest),
            note=_check_note(note),
            seen_version=expected_version,
        )
    except (PolicyInvalid, BodyInvalid, TextInvalid, PolicyChanged) as failure:
        return _render(request, runtime, user, submitted, failure=failure, note=note)
    return go_to("/thresholds?saved=1")


@router.post("/thresholds/restore")
def restore_thresholds(
    request: Request,
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    version: Annotated[int, Form()],
    expected_version: Annotated[int, Form()],
) -> Response:
    """Save an old version again, as the newest one."""
    try:
        policies.restore_policy(runtime, user.caller, version=version, seen_version=expected_version)
    except PolicyChanged as failure:
        return _render(request, runtime, user, {}, failure=failure)
    return go_to("/thresholds?saved=1")


def _check_note(note: str) -> str:
    note = normalise_form_text(note)
    if not note:
        raise BodyInvalid("Give a reason for this change.", field="note")
    if len(note) > MAX_NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {MAX_NOTE_CHARS} characters.", field="note")
    return note


def _render(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    submitted: dict[str, str],
    *,
    failure: DomainError | None = None,
    saved: bool = False,
    note: str = "",
) -> Response:
    policy = policies.read_policy(runtime, user.caller)
    try:
        form, result = _try_out(runtime, user, submitted, policy)
    except (PolicyInvalid, BodyInvalid) as invalid:
        # Keep the invalid text in its field, but show the preview of the policy in force.
        failure = failure or invalid
        form, result = _try_out(runtime, user, {}, policy)
    versions = policies.list_policies(runtime, user.caller)
    return render(
        request,
        "thresholds.html",
        status_code=failure.status if failure else HTTPStatus.OK,
        user=user,
        may_edit=not user.caller.rights.isdisjoint({Right.EDIT, Right.MANAGE}),
        policy=policy,
        form=form,
        fields={**fill_in_fields(policy), **submitted},
        is_changed=form.differs_from(policy),
        preview=result,
        versions=versions,
        names=users.read_names(runtime, actors=[version.author for version in versions]),
        main_scores=MAIN_SCORES,
        more_scores=tuple(name for name in THRESHOLD_NAMES if name not in MAIN_SCORES),
        held_when_below=HELD_WHEN_BELOW,
        failure=failure,
        saved=saved,
        note=note,
    )


def _try_out(
    runtime: Runtime, user: SignedIn, submitted: dict[str, str], policy: Policy
) -> tuple[ThresholdForm, Preview]:
    form = parse_form(submitted, policy)
    return form, preview.preview_thresholds(
        runtime,
        user.caller,
        thresholds=form.thresholds,
        adjusted_score=form.adjusted_score,
        mistake_promise=form.mistake_promise,
        held_promise=form.held_promise,
    )

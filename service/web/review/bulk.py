"""Many at once: a group of waiting comments is counted and sampled first, then decided with one stroke."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from service.domain.errors import BodyInvalid, DomainError, TextInvalid
from service.domain.identifiers import is_identifier
from service.domain.policy.rules import Outcome
from service.domain.reasons import REASON_LABELS, RejectReason
from service.moderation.access.sessions import SignedIn
from service.moderation.review import actions
from service.moderation.review.actions import SeenComment
from service.moderation.review.bulk import MAX_BATCH, BulkSelection, Scope, select_for_bulk
from service.moderation.review.verdicts import VerdictInput
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.preferences import read_preferences
from service.web.rendering import go_to, render
from service.web.review.blur import find_blurred, mark_blurred
from service.web.review.queue_position import CurrentPosition, QueuePosition

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Ids = Annotated[tuple[str, ...], Query(max_length=MAX_BATCH)]


@router.get("/bulk")
def show_group(
    request: Request,
    runtime: RuntimeDep,
    user: User,
    position: CurrentPosition,
    scope: Scope = Scope.CHOSEN,
    about: str = "",
    chosen: Ids = (),
) -> Response:
    """How many comments the group has, and a sample of them, with the form that decides them all."""
    selection = select_for_bulk(
        runtime,
        user.caller,
        scope=scope,
        comment_id=about if is_identifier(about) else "",
        comment_ids=[one for one in chosen if is_identifier(one)],
        kind=position.kind,
        queue_filter=position.filters.queue_filter(runtime.clock()),
    )
    return _render(request, user, position, scope, selection, written=_write(selection.choices))


@router.post("/bulk")
def decide_group(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    position: CurrentPosition,
    selection: Annotated[str, Form()],
    outcome: Annotated[Literal["approve", "reject"], Form()],
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Decides every comment of the group that still is as it was shown."""
    choices = _read(selection)
    word = VerdictInput(
        outcome=Outcome(outcome), reason=reason or None, note=note.replace("\r\n", "\n").strip(), source="page_batch"
    )
    try:
        struck = actions.decide_many(runtime, sender.caller, word, choices)
    except (BodyInvalid, TextInvalid) as failure:
        again = _look_again(runtime, sender, choices)
        return _render(request, sender, position, Scope.CHOSEN, again, written=selection, failure=failure)
    facts = {"done": outcome, "action": struck.action_id or "", "many": struck.decided, "left": len(struck.refused)}
    path = position.path_to_queue()
    return go_to(f"{path}{'&' if '?' in path else '?'}{urlencode(facts)}")


def _look_again(runtime: Runtime, sender: SignedIn, choices: list[SeenComment]) -> BulkSelection:
    ids = [choice.comment_id for choice in choices]
    return select_for_bulk(runtime, sender.caller, scope=Scope.CHOSEN, comment_ids=ids)


def _render(
    request: Request,
    user: SignedIn,
    position: QueuePosition,
    scope: Scope,
    selection: BulkSelection,
    *,
    written: str,
    failure: DomainError | None = None,
) -> Response:
    blurred = read_preferences(request).blur == "on"
    sample = [
        (entry, mark_blurred(entry.text, [], find_blurred(entry.text) if blurred else [])) for entry in selection.sample
    ]
    facts: dict[str, Any] = {"scope": scope, "selection": selection, "sample": sample, "written": written}
    return render(
        request, "bulk.html", status=failure.status if failure else 200, user=user, position=position, most=MAX_BATCH,
        reasons=REASON_LABELS, failure=failure, **facts,
    )  # fmt: skip


def _write(choices: tuple[SeenComment, ...]) -> str:
    """The group as it was shown: what is decided is this, not what the group has become meanwhile."""
    return json.dumps([[choice.comment_id, choice.revision, choice.expected_verdict] for choice in choices])


def _read(written: str) -> list[SeenComment]:
    try:
        choices = [
            SeenComment(comment_id=str(key), revision=int(revision), expected_verdict=int(seen))
            for key, revision, seen in json.loads(written)
        ]
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BodyInvalid("This selection did not come from here.", field="selection") from error
    if not 0 < len(choices) <= MAX_BATCH or not all(is_identifier(choice.comment_id) for choice in choices):
        raise BodyInvalid("This selection did not come from here.", field="selection")
    return choices

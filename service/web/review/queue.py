"""The queue page: what waits, most pressing first, and the step to the next comment."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.domain.identifiers import is_identifier
from service.domain.policy.rules import THRESHOLD_NAMES
from service.domain.priority import waiting_points
from service.domain.reasons import HoldReason
from service.moderation.comments import summaries
from service.moderation.review import claims, queue
from service.store.review.queue import Kind
from service.web.access.auth import RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.preferences import read_preferences
from service.web.rendering import go_to, render
from service.web.review.blur import find_blurred, mark_blurred
from service.web.review.filters import AGES, FiltersHere
from service.web.review.queue_position import CurrentPosition, QueuePosition, find_next, path_from

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PAGE = 50
EXCERPT_CHARS = 280
REASONS = (*HoldReason, "severe_toxicity", "identity_attack", "insult", "profanity")


LeaveOut = Annotated[tuple[str, ...], Query(max_length=200)]
"""Comments that are decided already but may not have reached the database, or that are on the screen."""


@router.get("/")
def go_home() -> Response:
    """The queue is where work starts."""
    return go_to("/queue")


@router.get("/queue")
def show_queue(
    request: Request,
    runtime: RuntimeDep,
    user: User,
    filters: FiltersHere,
    kind: Kind | None = None,
    cursor: str | None = None,
    ended: str = "",
    done: str = "",
    action: Annotated[str, Query(pattern="^[0-9]{0,18}$")] = "",
    many: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = "",
    left: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = "",
) -> Response:
    """A page of the list, with counts by kind."""
    position, queue_filter = QueuePosition(kind=kind, filters=filters), filters.queue_filter(runtime.clock())
    page = queue.read_queue(runtime, user.caller, kind=kind, cursor=cursor, limit=PAGE, queue_filter=queue_filter)
    ids = [entry.comment_id for entry in page.entries]
    known = summaries.read_glances(runtime, user.caller, comment_ids=ids)
    looked_at = claims.list_claims(runtime, user.caller, comment_ids=ids)
    rows = [
        {
            "entry": entry,
            "path": path_from(position, entry),
            "summary": known.get(entry.comment_id),
            "claim": looked_at.get(entry.comment_id),
            "pieces": _excerpt(entry.text, blurred=read_preferences(request).blur == "on"),
            "age_points": waiting_points(entry.entered_at, runtime.clock()),
        }
        for entry in page.entries
    ]
    return render(
        request,
        "queue.html",
        user=user,
        page=page,
        rows=rows,
        position=position,
        kind=kind,
        kinds=list(Kind),
        filters=filters,
        choices=queue.read_choices(runtime, user.caller),
        reasons=REASONS,
        scores=THRESHOLD_NAMES,
        ages=list(AGES),
        most_found=queue.MAX_FOUND,
        said={"done": done, "action": action, "ended": ended, "many": many, "left": left},
    )


@router.get("/next")
def go_next(
    runtime: RuntimeDep, user: User, position: CurrentPosition, leave_out: LeaveOut = (), skipped: str = ""
) -> Response:
    """Leads to the next comment on the walk, or back to the list at its end; what was skipped is let go."""
    if skipped:
        claims.release_claim(runtime, user.caller, comment_ids=[skipped])
    entry = find_next(runtime, user, position, leave_out=[one for one in leave_out if is_identifier(one)])
    return go_to(path_from(position, entry) if entry else position.path_to_queue(ended="1"))


def _excerpt(text: str, *, blurred: bool) -> list[tuple[str, str, bool]]:
    shown = text if len(text) <= EXCERPT_CHARS else text[: EXCERPT_CHARS - 1].rstrip() + "…"
    return mark_blurred(shown, [], find_blurred(shown) if blurred else [])

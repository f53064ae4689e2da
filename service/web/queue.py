"""The queue page: what waits, most pressing first, and the step to the next comment."""

from fastapi import APIRouter, Request, Response

from service.moderation import glances, queueing
from service.store.queue import Kind
from service.web.doors import DeskHere, Person
from service.web.failures import PageRoute
from service.web.rendering import go_to, render
from service.web.walk import Walk, WalkHere, find_next, path_from

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PAGE = 50


@router.get("/")
def go_home() -> Response:
    """The queue is where work starts."""
    return go_to("/queue")


@router.get("/queue")
def show_queue(
    request: Request,
    desk: DeskHere,
    person: Person,
    kind: Kind | None = None,
    cursor: str | None = None,
    ended: str = "",
    done: str = "",
) -> Response:
    """A page of the list, with counts by kind."""
    page = queueing.read_queue(desk, person.caller, kind=kind, cursor=cursor, limit=PAGE)
    known = glances.read_glances(desk, person.caller, comment_ids=[entry.comment_id for entry in page.entries])
    walk = Walk(kind=kind)
    rows = [(entry, path_from(walk, entry), known.get(entry.comment_id)) for entry in page.entries]
    return render(
        request,
        "queue.html",
        person=person,
        page=page,
        rows=rows,
        kind=kind,
        kinds=list(Kind),
        ended=bool(ended),
        done=done,
    )


@router.get("/next")
def go_next(desk: DeskHere, person: Person, walk: WalkHere, leave_out: str = "") -> Response:
    """Leads to the next comment on the walk, or back to the list at its end."""
    entry = find_next(desk, person, walk, leave_out=[leave_out] if leave_out else [])
    return go_to(path_from(walk, entry) if entry else walk.path_to_queue(ended="1"))

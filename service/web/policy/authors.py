"""The form that makes an author trusted, suspended, or neither. It is on the page of each of their comments."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from service.dependencies import RuntimeDep
from service.domain.errors import NotFound, TextInvalid
from service.domain.identifiers import is_line
from service.domain.policy.site_policy import Trust
from service.moderation.policy import authors
from service.web.access.auth import CurrentUserWithCsrf
from service.web.error_pages import PageRoute
from service.web.rendering import go_to
from service.web.review.queue_position import CurrentPosition

router = APIRouter(route_class=PageRoute, include_in_schema=False)

MAX_NOTE_CHARS = 2_000


@router.post("/author-trust/{comment_id:path}")
def set_trust(
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    position: CurrentPosition,
    comment_id: str,
    trust: Annotated[Trust, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Set the trust of the comment's author, and return to the comment."""
    if len(note) > MAX_NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {MAX_NOTE_CHARS} characters.", field="note")
    if not comment_id or not is_line(comment_id):
        raise NotFound
    authors.trust_author_of(runtime, user.caller, comment_id=comment_id, trust=trust, note=note.strip())
    return go_to(position.url("comments", comment_id, done="saved"))

"""The form that sets whether an article or a section is open, pre-moderated or closed. It is on a comment's page."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response

from service.dependencies import RuntimeDep
from service.domain.errors import NotFound
from service.domain.identifiers import is_line
from service.domain.policy.site_policy import Mode
from service.moderation.articles import modes
from service.web.access.auth import CurrentUserWithCsrf
from service.web.error_pages import PageRoute
from service.web.rendering import go_to
from service.web.review.queue_position import CurrentPosition

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.post("/mode")
def set_mode(
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    position: CurrentPosition,
    target: Annotated[Literal["article", "section"], Form()],
    name: Annotated[str, Form(max_length=255)],
    comment_id: Annotated[str, Form()],
    mode: Annotated[Mode | Literal[""], Form()] = "",
) -> Response:
    """Set the mode of an article or of a section, and return to the comment. An empty mode resets it."""
    if not name or not is_line(name):
        raise NotFound
    if target == "article":
        modes.set_article_mode(runtime, user.caller, article_id=name, mode=mode or None)
    else:
        modes.set_section_mode(runtime, user.caller, section=name, mode=mode or None)
    return go_to(position.url("comments", comment_id, done="saved"))

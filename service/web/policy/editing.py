"""What an editor sets from the desk: how an article or a section takes comments, an author's standing, the steps to
take in danger.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from service.domain.errors import NotFound, TextInvalid
from service.domain.identifiers import is_line
from service.domain.policy.rules import Mode, Trust
from service.domain.rights import Right
from service.moderation.articles import modes
from service.moderation.policy import authors
from service.moderation.review import escalations
from service.store.review.escalations import Topic
from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render
from service.web.review.queue_position import CurrentPosition

router = APIRouter(route_class=PageRoute, include_in_schema=False)

NOTE_CHARS = 2_000


@router.post("/mode")
def set_mode(
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    position: CurrentPosition,
    of: Annotated[Literal["article", "section"], Form()],
    name: Annotated[str, Form(max_length=255)],
    comment_id: Annotated[str, Form()],
    mode: Annotated[Mode | Literal[""], Form()] = "",
) -> Response:
    """Sets how an article, or a whole section, takes comments from now on, and leads back to the comment."""
    if of == "article":
        modes.set_article_mode(runtime, sender.caller, article_id=_known_form(name), mode=mode or None)
    else:
        modes.set_section_mode(runtime, sender.caller, section=_known_form(name), mode=mode or None)
    return go_to(position.path_to(comment_id, done="mode"))


@router.post("/author-of/{comment_id:path}")
def set_trust(
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    position: CurrentPosition,
    comment_id: str,
    trust: Annotated[Trust, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Suspends the comment's author, trusts them, or neither."""
    if len(note) > NOTE_CHARS:
        raise TextInvalid(f"The note is longer than {NOTE_CHARS} characters.", field="note")
    authors.trust_author_of(runtime, sender.caller, comment_id=_known_form(comment_id), trust=trust, note=note.strip())
    return go_to(position.path_to(comment_id, done="trust"))


@router.get("/procedures")
def show_steps(request: Request, runtime: RuntimeDep, user: User, saved: str = "") -> Response:
    """What this site does about threats and about people in danger."""
    return render(
        request,
        "procedures.html",
        user=user,
        topics=list(Topic),
        steps=escalations.read_procedure(runtime, user.caller),
        is_editor=Right.EDIT in user.caller.rights,
        saved=bool(saved),
        failure=None,
        typed={},
    )


@router.post("/procedures")
def save_steps(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    topic: Annotated[Topic, Form()],
    words: Annotated[str, Form()] = "",
) -> Response:
    """Saves one topic's steps."""
    try:
        escalations.write_procedure(runtime, sender.caller, topic=topic, words=words.replace("\r\n", "\n"))
    except TextInvalid as failure:
        steps = escalations.read_procedure(runtime, sender.caller)
        return render(
            request, "procedures.html", status=failure.status, user=sender, topics=list(Topic), steps=steps,
            is_editor=True, saved=False, failure=failure, typed={topic: words},
        )  # fmt: skip
    return go_to("/procedures?saved=1")


def _known_form(name: str) -> str:
    if not name or not is_line(name):
        raise NotFound
    return name

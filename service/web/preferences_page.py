"""The page on which a person chooses how the pages look and whether single keys decide."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep, User, is_https
from service.web.error_pages import PageRoute
from service.web.preferences import CHOICES, keep_preferences, make_preferences
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/preferences")
def show_preferences(request: Request, user: User, saved: str = "") -> Response:
    """The form, with what this browser has chosen."""
    return render(request, "preferences.html", user=user, choices=CHOICES, saved=bool(saved))


@router.post("/preferences")
def save_preferences(
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,  # noqa: ARG001  naming it is what asks for a session and the form's key
    theme: Annotated[str, Form()] = "",
    size: Annotated[str, Form()] = "",
    motion: Annotated[str, Form()] = "",
    blur: Annotated[str, Form()] = "",
    keys: Annotated[str, Form()] = "",
) -> Response:
    """Keeps the choice in this browser; nobody else's page changes."""
    response = go_to("/preferences?saved=1")
    chosen = make_preferences(theme=theme, size=size, motion=motion, blur=blur, keys=keys)
    keep_preferences(response, chosen, secure=is_https(runtime.settings))
    return response

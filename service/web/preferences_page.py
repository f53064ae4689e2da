"""The preferences page: colours, text size, motion, blurring, and single-key commands."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.dependencies import RuntimeDep
from service.web.access.auth import CurrentUser, CurrentUserWithCsrf, is_https
from service.web.error_pages import PageRoute
from service.web.preferences import CHOICES, make_preferences, set_preferences
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/preferences")
def show_preferences(request: Request, user: CurrentUser, saved: str = "") -> Response:
    """Show the form with the preferences of this browser."""
    return render(request, "preferences.html", user=user, choices=CHOICES, saved=bool(saved))


@router.post("/preferences")
def save_preferences(
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,  # noqa: ARG001  the dependency checks session and form key
    theme: Annotated[str, Form()] = "",
    size: Annotated[str, Form()] = "",
    motion: Annotated[str, Form()] = "",
    blur: Annotated[str, Form()] = "",
    keys: Annotated[str, Form()] = "",
) -> Response:
    """Save the preferences in this browser."""
    response = go_to("/preferences?saved=1")
    chosen = make_preferences(theme=theme, size=size, motion=motion, blur=blur, keys=keys)
    set_preferences(response, chosen, secure=is_https(runtime.settings))
    return response

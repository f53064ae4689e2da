"""The entrance: signing in by password or link, choosing a site, signing out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.domain.errors import SignInFailed, TooManyRequests
from service.moderation.access import sessions
from service.moderation.access.sessions import Opened
from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep, SameOrigin, User, drop_cookie, set_cookie
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

HOME = "/queue"


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = HOME, signed_out: str = "") -> Response:  # noqa: A002  the query's name
    """The form for address and password."""
    return render(request, "sign_in.html", next=next, signed_out=bool(signed_out), email="", failure=None)


@router.post("/sign-in", dependencies=[SameOrigin])
def sign_in(
    request: Request,
    runtime: RuntimeDep,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = HOME,  # noqa: A002  the form's name
) -> Response:
    """Opens a session, or shows the form again with what went wrong."""
    address = request.client.host if request.client else ""
    try:
        opened = sessions.sign_in_with_password(
            runtime, request.app.state.web.attempts, email=email, password=password, address=address
        )
    except (SignInFailed, TooManyRequests) as failure:
        return render(
            request,
            "sign_in.html",
            status=failure.status,
            next=next,
            signed_out=False,
            email=email,
            failure=failure,
        )
    return _let_in(runtime, opened, _own_path(next))


@router.get("/sign-in/{secret}")
def show_link(request: Request, secret: str) -> Response:
    """Asks for a press of a button: a preview of the link in a chat or mail program must not use it up."""
    return render(request, "sign_in_link.html", secret=secret)


@router.post("/sign-in/{secret}", dependencies=[SameOrigin])
def sign_in_by_link(request: Request, runtime: RuntimeDep, secret: str) -> Response:
    """Uses the link up and opens a session."""
    try:
        opened = sessions.sign_in_with_link(runtime, secret=secret)
    except SignInFailed as failure:
        return render(
            request,
            "sign_in.html",
            status=failure.status,
            next=HOME,
            signed_out=False,
            email="",
            failure=failure,
        )
    return _let_in(runtime, opened, HOME)


@router.post("/sign-out")
def sign_out(runtime: RuntimeDep, sender: CurrentUserWithCsrf) -> Response:
    """Ends the session, here and in the browser."""
    sessions.sign_out(runtime, sender)
    response = go_to("/sign-in?signed_out=true")
    drop_cookie(response, runtime.settings)
    return response


@router.get("/sites")
def show_sites(request: Request, runtime: RuntimeDep, user: User) -> Response:
    """The sites that this person may choose from."""
    return render(request, "sites.html", user=user, sites=sessions.list_own_sites(runtime, user))


@router.post("/sites")
def choose_site(runtime: RuntimeDep, sender: CurrentUserWithCsrf, site: Annotated[str, Form()]) -> Response:
    """Turns the session to a site."""
    sessions.choose_site(runtime, sender, site=site)
    return go_to(HOME)


def _let_in(runtime: RuntimeDep, opened: Opened, path: str) -> Response:
    response = go_to("/sites" if opened.sites > 1 and path == HOME else path)
    set_cookie(response, runtime.settings, opened.secret)
    return response


def _own_path(path: str) -> str:
    # "//host" and "/\host" are other sites to a browser, and it drops tabs and line ends before it looks.
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else HOME

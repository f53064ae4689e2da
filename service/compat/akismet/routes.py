"""The routes of Akismet 1.1 and 1.2. The key is in the form, in the query or in the first label of the host name."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from service.compat.akismet import translation as akismet
from service.compat.dependencies import authenticate, read_sub_domain
from service.compat.error_formats import TranslatedErrorRoute
from service.dependencies import RuntimeDep
from service.domain.errors import BodyInvalid
from service.domain.rights import Caller
from service.moderation.insights.usage import read_usage


class AkismetRoute(TranslatedErrorRoute):
    """A route whose errors have Akismet's format."""

    write_error = staticmethod(akismet.akismet_error)


router = APIRouter(route_class=AkismetRoute, include_in_schema=False)


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of the form. A repeated field has its last value. Raises BodyInvalid."""
    try:
        # Akismet has no file uploads.
        form: FormData = await request.form(max_files=0)
    except HTTPException:
        raise BodyInvalid("The body is not a form.") from None
    return {name: value for name, value in form.items() if isinstance(value, str)}


Form = Annotated[dict[str, str], Depends(read_form)]


def find_caller(request: Request, runtime: RuntimeDep, form: Form) -> Caller:
    """Return the caller of the key. Raises NotAuthenticated or TooManyRequests."""
    query = request.query_params
    key = form.get("api_key") or form.get("key") or read_sub_domain(request) or query.get("api_key") or query.get("key")
    return authenticate(request, runtime, key or "")


KeyCaller = Annotated[Caller, Depends(find_caller)]


@router.post("/1.1/verify-key")
def verify_key(_caller: KeyCaller) -> Response:
    """Return `valid`. For a wrong key, `find_caller` raises, and the response is `invalid`."""
    return PlainTextResponse("valid")


@router.post("/1.1/comment-check")
def check_comment(runtime: RuntimeDep, caller: KeyCaller, form: Form) -> Response:
    """Decide a comment. The response `true` means that the comment must not be published."""
    return akismet.check_comment(runtime, caller, form)


@router.post("/1.1/submit-spam")
def submit_spam(runtime: RuntimeDep, caller: KeyCaller, form: Form) -> Response:
    """Record that the comment should have been rejected."""
    return akismet.submit(runtime, caller, form, is_spam=True)


@router.post("/1.1/submit-ham")
def submit_ham(runtime: RuntimeDep, caller: KeyCaller, form: Form) -> Response:
    """Record that the comment should have been published (ham is the opposite of spam)."""
    return akismet.submit(runtime, caller, form, is_spam=False)


@router.api_route("/1.2/usage-limit", methods=["GET", "POST"])
def get_usage(runtime: RuntimeDep, caller: KeyCaller) -> dict[str, Any]:
    """Return the number of comments received this month. There is no limit."""
    _month, _name, counts = read_usage(runtime, caller)
    return {"limit": "none", "usage": counts.received, "percentage": 0, "throttled": False}


@router.api_route("/1.2/key-sites", methods=["GET", "POST"], response_model=None)
def get_sites(request: Request, runtime: RuntimeDep, caller: KeyCaller) -> Response | dict[str, Any]:
    """Return the one site of the key, with its counts for a month."""
    month, name, counts = read_usage(runtime, caller, month=request.query_params.get("month", ""))
    row = {
        "site": name,
        "api_calls": str(counts.received),
        "spam": str(counts.stopped),
        # A comment from an earlier month may have been stopped in this one, so the difference could be negative.
        "ham": str(max(0, counts.received - counts.stopped)),
        "missed_spam": str(counts.missed),
        "false_positives": str(counts.stopped_wrongly),
        "is_revoked": False,
    }
    return akismet.key_sites_response(month, [row], as_csv=request.query_params.get("format") == "csv")

"""Perspective's addresses: `comments:analyze`, `comments:suggestscore`, and the document that describes them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from service.compat.dependencies import RuntimeDep, admit, read_bearer
from service.compat.error_formats import read_json, route_class_for
from service.compat.perspective import translation as perspective
from service.compat.perspective.discovery import describe
from service.compat.perspective.errors import KeyMissing, QuotaExceeded, google_error
from service.compat.perspective.schemas import AnalyzeRequest, SuggestRequest, read_request
from service.domain.errors import TooManyRequests
from service.domain.rights import Caller
from service.moderation.review.feedback import suggest

# Their contract is Perspective's, so they are not part of our own document.
router = APIRouter(route_class=route_class_for(google_error), include_in_schema=False)


def find_caller(request: Request, runtime: RuntimeDep) -> Caller:
    """Whom the key acts for: `?key=`, Google's header, or a bearer token.

    Raises KeyMissing, NotAuthenticated, QuotaExceeded.
    """
    query = request.query_params
    key = query.get("key") or request.headers.get("x-goog-api-key") or read_bearer(request)
    key = key or query.get("access_token") or query.get("oauth_token") or ""
    if not key:
        raise KeyMissing
    try:
        return admit(request, runtime, key)
    except TooManyRequests as error:
        per_minute = runtime.settings.requests_per_minute
        raise QuotaExceeded(per_minute=per_minute, retry_after=error.retry_after) from error


KeyCaller = Annotated[Caller, Depends(find_caller)]
Body = Annotated[Any, Depends(read_json)]


@router.post("/v1alpha1/comments:analyze")
def analyze(request: Request, runtime: RuntimeDep, caller: KeyCaller, body: Body) -> JSONResponse:
    """Scores a comment; stores nothing."""
    wanted: AnalyzeRequest = read_request(AnalyzeRequest, body)
    return JSONResponse(perspective.analyze(runtime, caller, wanted, recent=request.app.state.compat.recent))


@router.post("/v1alpha1/comments:suggestscore")
def suggest_score(runtime: RuntimeDep, caller: KeyCaller, body: Body) -> JSONResponse:
    """Takes a verdict, or a report where the token may not give one."""
    sent: SuggestRequest = read_request(SuggestRequest, body)
    suggest(runtime, caller, perspective.read_suggestion(sent))
    return JSONResponse(perspective.shape_suggestion(sent))


@router.get("/$discovery/rest")
@router.get("/discovery/v1/apis/commentanalyzer/v1alpha1/rest")
def discover(request: Request, runtime: RuntimeDep) -> JSONResponse:
    """What Google's client libraries build themselves from; public, as Google's own."""
    stated = runtime.settings.public_url
    root = f"{runtime.settings.resolved_public_url}/" if stated else str(request.base_url)
    return JSONResponse(describe(root))

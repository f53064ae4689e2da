"""The routes of Perspective: `comments:analyze`, `comments:suggestscore`, and the Discovery document."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from service.compat.dependencies import authenticate, read_bearer
from service.compat.error_formats import TranslatedErrorRoute, read_json
from service.compat.feedback import give_feedback
from service.compat.perspective import translation as perspective
from service.compat.perspective.discovery import describe
from service.compat.perspective.errors import KeyMissing, QuotaExceeded, google_error
from service.compat.perspective.schemas import AnalyzeRequest, SuggestRequest, read_request
from service.dependencies import RuntimeDep
from service.domain.errors import TooManyRequests
from service.domain.rights import Caller


class PerspectiveRoute(TranslatedErrorRoute):
    """A route whose errors have Google's format."""

    write_error = staticmethod(google_error)


# Google defines these routes, so they are not part of our own OpenAPI document.
router = APIRouter(route_class=PerspectiveRoute, include_in_schema=False)


def find_caller(request: Request, runtime: RuntimeDep) -> Caller:
    """Return the caller of the key, which may be in the query, in Google's header or in a bearer token.

    Raises KeyMissing, NotAuthenticated or QuotaExceeded.
    """
    query = request.query_params
    key = query.get("key") or request.headers.get("x-goog-api-key") or read_bearer(request)
    key = key or query.get("access_token") or query.get("oauth_token") or ""
    if not key:
        raise KeyMissing
    try:
        return authenticate(request, runtime, key)
    except TooManyRequests as error:
        per_minute = runtime.settings.requests_per_minute
        raise QuotaExceeded(per_minute=per_minute, retry_after=error.retry_after) from error


KeyCaller = Annotated[Caller, Depends(find_caller)]
Body = Annotated[Any, Depends(read_json)]


@router.post("/v1alpha1/comments:analyze")
def analyze(request: Request, runtime: RuntimeDep, caller: KeyCaller, body: Body) -> JSONResponse:
    """Score a comment without storing it."""
    analyze_request: AnalyzeRequest = read_request(AnalyzeRequest, body)
    return JSONResponse(
        perspective.analyze(runtime, caller, analyze_request, recent=request.app.state.compat.recent_articles)
    )


@router.post("/v1alpha1/comments:suggestscore")
def suggest_score(runtime: RuntimeDep, caller: KeyCaller, body: Body) -> JSONResponse:
    """Record a verdict, or a report if the token does not have the right to moderate."""
    suggest_request: SuggestRequest = read_request(SuggestRequest, body)
    give_feedback(runtime, caller, perspective.read_suggestion(suggest_request))
    return JSONResponse(perspective.suggestion_response(suggest_request))


@router.get("/$discovery/rest")
@router.get("/discovery/v1/apis/commentanalyzer/v1alpha1/rest")
def discover(request: Request, runtime: RuntimeDep) -> JSONResponse:
    """Return the Discovery document, which Google's client libraries read first. It is public, like Google's."""
    public_url = runtime.settings.public_url
    # Without a configured URL, the document names the host that the client has requested.
    root = f"{runtime.settings.resolved_public_url}/" if public_url else str(request.base_url)
    return JSONResponse(describe(root))

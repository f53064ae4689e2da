"""OpenAI's one address that we answer, beside our own API's."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from service.compat.dependencies import DeskHere, admit, read_bearer
from service.compat.error_formats import read_json, speak
from service.compat.openai import translation as openai
from service.domain.rights import Caller

router = APIRouter(route_class=speak(openai.answer_in_openai_s_words), include_in_schema=False)


def find_caller(request: Request, desk: DeskHere) -> Caller:
    """Whom the bearer token acts for; raises NotAuthenticated, TooManyRequests."""
    return admit(request, desk, read_bearer(request))


@router.post("/v1/moderations")
def post_moderations(
    desk: DeskHere, caller: Annotated[Caller, Depends(find_caller)], body: Annotated[Any, Depends(read_json)]
) -> JSONResponse:
    """Scores texts; stores nothing."""
    return JSONResponse(openai.moderate(desk, caller, body))

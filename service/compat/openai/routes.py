"""OpenAI's one address that we answer, beside our own API's."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from service.compat.dependencies import RuntimeDep, admit, read_bearer
from service.compat.error_formats import read_json, route_class_for
from service.compat.openai import translation as openai
from service.domain.rights import Caller

router = APIRouter(route_class=route_class_for(openai.openai_error), include_in_schema=False)


def find_caller(request: Request, runtime: RuntimeDep) -> Caller:
    """Whom the bearer token acts for; raises NotAuthenticated, TooManyRequests."""
    return admit(request, runtime, read_bearer(request))


@router.post("/v1/moderations")
def post_moderations(
    runtime: RuntimeDep, caller: Annotated[Caller, Depends(find_caller)], body: Annotated[Any, Depends(read_json)]
) -> JSONResponse:
    """Scores texts; stores nothing."""
    return JSONResponse(openai.moderate(runtime, caller, body))

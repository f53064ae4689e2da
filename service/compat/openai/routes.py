"""The route of OpenAI's moderations endpoint."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from service.compat.dependencies import authenticate, read_bearer
from service.compat.error_formats import TranslatedErrorRoute, read_json
from service.compat.openai import translation as openai
from service.dependencies import RuntimeDep
from service.domain.rights import Caller


class OpenAIRoute(TranslatedErrorRoute):
    """A route whose errors have OpenAI's format."""

    write_error = staticmethod(openai.openai_error)


router = APIRouter(route_class=OpenAIRoute, include_in_schema=False)


def find_caller(request: Request, runtime: RuntimeDep) -> Caller:
    """Return the caller of the bearer token. Raises NotAuthenticated or TooManyRequests."""
    return authenticate(request, runtime, read_bearer(request))


@router.post("/v1/moderations")
def post_moderations(
    runtime: RuntimeDep, caller: Annotated[Caller, Depends(find_caller)], body: Annotated[Any, Depends(read_json)]
) -> JSONResponse:
    """Score texts without storing them."""
    return JSONResponse(openai.moderate(runtime, caller, body))

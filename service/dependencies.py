"""The FastAPI dependency that API, pages and adapters share: the runtime of the app."""

from typing import Annotated

from fastapi import Depends, Request

from service.moderation.runtime import Runtime


def get_runtime(request: Request) -> Runtime:
    """Return the runtime, which the app opens when it starts."""
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(get_runtime)]

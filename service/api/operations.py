"""What operators and client developers ask: is it alive, is it ready, how is it doing, what does it speak."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from service.api.dependencies import RuntimeDep, TokenCaller
from service.api.middleware import Metrics
from service.domain.rights import Right
from service.moderation.insights.readiness import DatabaseState, ask_database, measure_backlog

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The process answers."""

    status: str


class Readiness(BaseModel):
    """The service can do its work: which model scores, and whether the schema is the code's."""

    status: str
    model: str
    database: DatabaseState


@router.get("/healthz", summary="Is the process alive")
def get_health() -> Health:
    """Answers as long as the process can."""
    return Health(status="ok")


@router.get("/readyz", summary="Can the service do its work")
def get_readiness(runtime: RuntimeDep, response: Response) -> Readiness:
    """Asks the database; 503 while it cannot be reached or is not migrated."""
    state = ask_database(runtime)
    is_ready = state is DatabaseState.OK
    response.status_code = 200 if is_ready else 503
    return Readiness(status="ok" if is_ready else "unavailable", model=runtime.scorers.base.version, database=state)


@router.get("/metrics", summary="Figures for Prometheus")
def get_metrics(request: Request, runtime: RuntimeDep, caller: TokenCaller) -> Response:
    """Counts and times of this process, and the worker's backlog; no content, no ids."""
    caller.require(Right.METRICS)
    meters: Metrics = request.app.state.meters
    meters.show_backlog(**asdict(measure_backlog(runtime)))
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/openapi.json", include_in_schema=False)
def get_openapi(request: Request, _caller: TokenCaller) -> dict[str, Any]:
    """The contract; any token will do."""
    document: dict[str, Any] = request.app.openapi()
    return document

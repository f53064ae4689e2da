"""Operations: health, readiness, metrics and the OpenAPI document."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from service.api.dependencies import TokenCaller
from service.api.metrics import Metrics
from service.dependencies import RuntimeDep
from service.domain.rights import Right
from service.moderation.insights.readiness import DatabaseState, check_database, measure_backlog

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The process is alive."""

    status: str


class Readiness(BaseModel):
    """Whether the service can work: the live release, and whether the database schema is current."""

    status: str
    model: str
    database: DatabaseState


@router.get("/healthz", summary="Check that the process is alive")
def get_health() -> Health:
    """Return 200 as long as the process runs."""
    return Health(status="ok")


@router.get("/readyz", summary="Check that the service is ready")
def get_readiness(runtime: RuntimeDep, response: Response) -> Readiness:
    """Query the database; return 503 while it is unreachable or its schema is out of date."""
    state = check_database(runtime)
    is_ready = state is DatabaseState.OK
    response.status_code = 200 if is_ready else 503
    return Readiness(status="ok" if is_ready else "unavailable", model=runtime.scorers.base.version, database=state)


@router.get("/metrics", summary="Get metrics for Prometheus")
def get_metrics(request: Request, runtime: RuntimeDep, caller: TokenCaller) -> Response:
    """Counts and durations of this process and the backlog of webhooks, without content or ids."""
    caller.require(Right.METRICS)
    metrics: Metrics = request.app.state.metrics
    metrics.set_backlog(**asdict(measure_backlog(runtime)))
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


@router.get("/openapi.json", include_in_schema=False)
def get_openapi(request: Request, _caller: TokenCaller) -> dict[str, Any]:
    """Return the OpenAPI document to any caller with a token."""
    document: dict[str, Any] = request.app.openapi()
    return document

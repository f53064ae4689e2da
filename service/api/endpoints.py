"""Webhook endpoints and deliveries: where events go, and what became of each."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from service.api import responses, schemas
from service.api.dependencies import RuntimeDep, TokenCaller
from service.moderation.webhooks import endpoints

router = APIRouter(tags=["webhooks"], prefix="/webhooks")

EndpointId = Annotated[str, Path(pattern=schemas.ID_PATTERN)]


@router.post("/endpoints", status_code=status.HTTP_201_CREATED, summary="Add an endpoint")
def post_endpoint(runtime: RuntimeDep, caller: TokenCaller, endpoint: schemas.EndpointIn) -> schemas.EndpointWithSecret:
    """The secret is in this answer and never shown again."""
    secret, made = endpoints.create_endpoint(runtime, caller, url=endpoint.url, event_types=endpoint.event_types)
    return schemas.EndpointWithSecret(**responses.shape_endpoint(made).model_dump(), secret=secret)


@router.get("/endpoints", summary="List the endpoints")
def get_endpoints(runtime: RuntimeDep, caller: TokenCaller) -> list[schemas.EndpointOut]:
    """Oldest first, disabled ones too."""
    return [responses.shape_endpoint(endpoint) for endpoint in endpoints.list_endpoints(runtime, caller)]


@router.delete("/endpoints/{endpoint_id}", status_code=status.HTTP_204_NO_CONTENT, summary="Delete an endpoint")
def delete_endpoint(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> None:
    """With the record of what was delivered there."""
    endpoints.delete_endpoint(runtime, caller, endpoint_id=endpoint_id)


@router.post("/endpoints/{endpoint_id}/disable", summary="Stop an endpoint")
def post_disable(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> schemas.EndpointOut:
    """What was on its way there is given up until replayed."""
    return responses.shape_endpoint(endpoints.disable_endpoint(runtime, caller, endpoint_id=endpoint_id))


@router.post("/endpoints/{endpoint_id}/enable", summary="Take an endpoint up again")
def post_enable(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> schemas.EndpointOut:
    """For events from now on."""
    return responses.shape_endpoint(endpoints.enable_endpoint(runtime, caller, endpoint_id=endpoint_id))


@router.post("/endpoints/{endpoint_id}/rotate", summary="Give an endpoint a new secret")
def post_rotate(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> schemas.EndpointWithSecret:
    """For a day both secrets sign."""
    secret, rotated = endpoints.rotate_secret(runtime, caller, endpoint_id=endpoint_id)
    return schemas.EndpointWithSecret(**responses.shape_endpoint(rotated).model_dump(), secret=secret)


@router.post("/endpoints/{endpoint_id}/test", summary="Send a test event")
def post_test(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> schemas.DeliveryStarted:
    """A `webhook.test` event, delivered like any other."""
    return schemas.DeliveryStarted(delivery=endpoints.send_test(runtime, caller, endpoint_id=endpoint_id))


@router.get("/deliveries", summary="List deliveries")
def get_deliveries(
    runtime: RuntimeDep,
    caller: TokenCaller,
    cursor: schemas.RowNumber | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    state: schemas.DeliveryState | None = None,
    endpoint_id: Annotated[str | None, Query(pattern=schemas.ID_PATTERN)] = None,
) -> schemas.DeliveriesOut:
    """Newest first."""
    found = endpoints.list_deliveries(runtime, caller, before=cursor, limit=limit, state=state, endpoint_id=endpoint_id)
    return responses.shape_deliveries(found, limit=limit)


@router.get("/deliveries/{delivery_id}", summary="Look a delivery up")
def get_delivery(runtime: RuntimeDep, caller: TokenCaller, delivery_id: schemas.RowNumber) -> schemas.DeliveryDetails:
    """With every attempt at it."""
    delivery, attempts = endpoints.read_delivery(runtime, caller, delivery_id=delivery_id)
    return responses.shape_delivery_details(delivery, attempts)


@router.post("/deliveries/{delivery_id}/replay", summary="Deliver an event again")
def post_replay(runtime: RuntimeDep, caller: TokenCaller, delivery_id: schemas.RowNumber) -> schemas.DeliveryStarted:
    """Under its own `webhook-id`, whatever came of it before."""
    endpoints.replay_delivery(runtime, caller, delivery_id=delivery_id)
    return schemas.DeliveryStarted(delivery=delivery_id)

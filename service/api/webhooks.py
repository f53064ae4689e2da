"""Webhook endpoints and deliveries: where events are sent, and the result of each attempt."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from service.api.dependencies import TokenCaller
from service.api.responses import deliveries_out, delivery_details_out, endpoint_out
from service.api.schemas.fields import RowId
from service.api.schemas.webhooks import (
    DeliveriesOut,
    DeliveryDetailsOut,
    DeliveryStarted,
    EndpointIn,
    EndpointOut,
    EndpointWithSecret,
)
from service.dependencies import RuntimeDep
from service.domain.identifiers import ID_PATTERN
from service.moderation.webhooks import endpoints
from service.webhooks.retries import DeliveryState

router = APIRouter(tags=["webhooks"], prefix="/webhooks")

EndpointId = Annotated[str, Path(pattern=ID_PATTERN)]


@router.post("/endpoints", status_code=status.HTTP_201_CREATED, summary="Add an endpoint")
def post_endpoint(runtime: RuntimeDep, caller: TokenCaller, endpoint: EndpointIn) -> EndpointWithSecret:
    """This response has the secret, which is never shown again."""
    secret, made = endpoints.create_endpoint(runtime, caller, url=endpoint.url, event_types=endpoint.event_types)
    return EndpointWithSecret(**endpoint_out(made).model_dump(), secret=secret)


@router.get("/endpoints", summary="List endpoints")
def get_endpoints(runtime: RuntimeDep, caller: TokenCaller) -> list[EndpointOut]:
    """Oldest first, including disabled endpoints."""
    return [endpoint_out(endpoint) for endpoint in endpoints.list_endpoints(runtime, caller)]


@router.delete("/endpoints/{endpoint_id}", status_code=status.HTTP_204_NO_CONTENT, summary="Delete an endpoint")
def delete_endpoint(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> None:
    """Also delete the record of its deliveries."""
    endpoints.delete_endpoint(runtime, caller, endpoint_id=endpoint_id)


@router.post("/endpoints/{endpoint_id}/disable", summary="Disable an endpoint")
def post_disable(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> EndpointOut:
    """Pending deliveries fail; they can be replayed later."""
    return endpoint_out(endpoints.disable_endpoint(runtime, caller, endpoint_id=endpoint_id))


@router.post("/endpoints/{endpoint_id}/enable", summary="Enable an endpoint")
def post_enable(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> EndpointOut:
    """The endpoint receives events from now on."""
    return endpoint_out(endpoints.enable_endpoint(runtime, caller, endpoint_id=endpoint_id))


@router.post("/endpoints/{endpoint_id}/rotate", summary="Rotate the secret of an endpoint")
def post_rotate(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> EndpointWithSecret:
    """For a day, events are signed with both the old and the new secret."""
    secret, rotated = endpoints.rotate_secret(runtime, caller, endpoint_id=endpoint_id)
    return EndpointWithSecret(**endpoint_out(rotated).model_dump(), secret=secret)


@router.post("/endpoints/{endpoint_id}/test", summary="Send a test event")
def post_test(runtime: RuntimeDep, caller: TokenCaller, endpoint_id: EndpointId) -> DeliveryStarted:
    """Send a `webhook.test` event, which is delivered like any other."""
    return DeliveryStarted(delivery_id=endpoints.send_test(runtime, caller, endpoint_id=endpoint_id))


@router.get("/deliveries", summary="List deliveries")
def get_deliveries(
    runtime: RuntimeDep,
    caller: TokenCaller,
    cursor: RowId | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    state: DeliveryState | None = None,
    endpoint_id: Annotated[str | None, Query(pattern=ID_PATTERN)] = None,
) -> DeliveriesOut:
    """Newest first."""
    page = endpoints.list_deliveries(runtime, caller, before=cursor, limit=limit, state=state, endpoint_id=endpoint_id)
    return deliveries_out(page, limit=limit)


@router.get("/deliveries/{delivery_id}", summary="Get a delivery")
def get_delivery(runtime: RuntimeDep, caller: TokenCaller, delivery_id: RowId) -> DeliveryDetailsOut:
    """Return the delivery with every attempt."""
    delivery, attempts = endpoints.read_delivery(runtime, caller, delivery_id=delivery_id)
    return delivery_details_out(delivery, attempts)


@router.post("/deliveries/{delivery_id}/replay", summary="Deliver an event again")
def post_replay(runtime: RuntimeDep, caller: TokenCaller, delivery_id: RowId) -> DeliveryStarted:
    """The event is sent with the same `webhook-id` as before, whether or not an earlier attempt succeeded."""
    endpoints.replay_delivery(runtime, caller, delivery_id=delivery_id)
    return DeliveryStarted(delivery_id=delivery_id)

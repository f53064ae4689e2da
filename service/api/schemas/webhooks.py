"""Webhook endpoints and deliveries."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from service.api.schemas.fields import Incoming, Line
from service.domain.events import EventType
from service.webhooks.retries import DeliveryState


class EndpointIn(Incoming):
    """Where to send events; no event types means all types."""

    url: Annotated[Line, Field(min_length=1, max_length=2_000)]
    event_types: list[EventType] = Field([])


class EndpointOut(BaseModel):
    """An endpoint, without its secret."""

    id: str
    url: str
    event_types: list[str]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str


class EndpointWithSecret(EndpointOut):
    """An endpoint with its new secret, which is shown only once."""

    secret: str


class DeliveryStarted(BaseModel):
    """The delivery that was started."""

    delivery_id: int


class DeliveryOut(BaseModel):
    """One event on its way to one endpoint."""

    id: int
    event_id: str
    endpoint_id: str
    type: str
    comment_id: str
    state: DeliveryState
    attempt_count: int
    due_at: datetime
    created_at: datetime


class AttemptOut(BaseModel):
    """One attempt: the status of the response, or the kind of error if there was none."""

    status: int | None
    error: str
    seconds: float
    attempted_at: datetime


class DeliveryDetailsOut(DeliveryOut):
    """A delivery with its attempts, oldest first."""

    attempts: list[AttemptOut]


class DeliveriesOut(BaseModel):
    """A page of deliveries; pass `cursor` to get the next page."""

    items: list[DeliveryOut]
    cursor: int | None

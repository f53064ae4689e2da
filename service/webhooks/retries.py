"""The retry schedule: what follows an attempt, as a pure function of the response."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus

from service.webhooks.sending import DeliveryResponse

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Delays after the first, second, … failure, as Standard Webhooks recommends; one more failure is final."""

JITTER = 0.2
MAX_WAIT = timedelta(hours=24)
MAX_THROTTLE = timedelta(minutes=15)
TIMEOUT_THROTTLE = timedelta(minutes=1)
_BUSY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_TIMED_OUT = frozenset({"connect_timeout", "read_timeout", "write_timeout"})


class DeliveryState(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do next: `wait` before the next attempt, and `throttle` all deliveries to the endpoint for this long."""

    state: DeliveryState
    wait: timedelta = timedelta(0)
    throttle: timedelta = timedelta(0)
    disables: bool = False


def find_next_step(response: DeliveryResponse, *, failures_before: int, seed: str) -> Step:
    """Return the step after this response; `seed` spreads the delays of deliveries that failed together."""
    if response.is_success:
        return Step(state=DeliveryState.DELIVERED)
    if response.status == HTTPStatus.GONE:
        return Step(state=DeliveryState.FAILED, disables=True)
    requested = min(response.retry_after or timedelta(0), MAX_WAIT) if response.status in _BUSY else timedelta(0)
    if failures_before >= len(DELAYS):
        return Step(state=DeliveryState.FAILED, throttle=_throttle(response, requested))
    # Jitter only lengthens the delay: a receiver that names a time is not called before it.
    jitter = 1 + JITTER * random.Random(seed).random()  # spreads load, is no secret
    wait = max(DELAYS[failures_before], requested) * jitter
    return Step(state=DeliveryState.PENDING, wait=wait, throttle=_throttle(response, requested))


def _throttle(response: DeliveryResponse, requested: timedelta) -> timedelta:
    """Return how long to send nothing to the endpoint: a receiver that hangs would occupy every worker thread."""
    if response.error in _TIMED_OUT:
        return TIMEOUT_THROTTLE
    return min(requested, MAX_THROTTLE)

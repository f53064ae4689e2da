"""The retry schedule: `find_next_step` computes from a response what happens next. It has no side effects."""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus

from service.webhooks.sending import DeliveryResponse

RETRY_DELAYS = (
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
"""The delays after the first, second, … failure, as Standard Webhooks recommends. After the last retry we give up."""

JITTER = 0.2  # lengthens a delay by a random share of at most 20 %
MAX_REQUESTED_DELAY = timedelta(hours=24)  # for the receiver's Retry-After
MAX_THROTTLE = timedelta(minutes=15)
TIMEOUT_THROTTLE = timedelta(minutes=1)
_BUSY_STATUSES = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_TIMEOUT_ERRORS = frozenset({"connect_timeout", "read_timeout", "write_timeout"})


class DeliveryState(StrEnum):
    """The state of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do after an attempt.

    `wait` is the delay before this delivery's next attempt. `throttle` pauses all deliveries to the endpoint.
    """

    state: DeliveryState
    wait: timedelta = timedelta(0)
    throttle: timedelta = timedelta(0)
    disables_endpoint: bool = False


def find_next_step(response: DeliveryResponse, *, failures_before: int, seed: str) -> NextStep:
    """Return the step after this response.

    `seed` makes the jitter reproducible. Different seeds spread the retries of deliveries that failed together.
    """
    if response.is_success:
        return NextStep(state=DeliveryState.DELIVERED)
    if response.status == HTTPStatus.GONE:
        return NextStep(state=DeliveryState.FAILED, disables_endpoint=True)
    requested_delay = timedelta(0)
    if response.status in _BUSY_STATUSES and response.retry_after is not None:
        requested_delay = min(response.retry_after, MAX_REQUESTED_DELAY)
    if failures_before >= len(RETRY_DELAYS):
        return NextStep(state=DeliveryState.FAILED, throttle=_throttle(response, requested_delay))
    # Jitter only lengthens the delay, so no attempt comes before the time that the receiver requested.
    jitter = 1 + JITTER * random.Random(seed).random()  # not cryptographic: it only spreads load
    wait = max(RETRY_DELAYS[failures_before], requested_delay) * jitter
    return NextStep(state=DeliveryState.PENDING, wait=wait, throttle=_throttle(response, requested_delay))


def _throttle(response: DeliveryResponse, requested_delay: timedelta) -> timedelta:
    """Return how long to pause the endpoint. Without it, a receiver that hangs would occupy every worker thread."""
    if response.error in _TIMEOUT_ERRORS:
        return TIMEOUT_THROTTLE
    return min(requested_delay, MAX_THROTTLE)

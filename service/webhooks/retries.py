"""What follows an attempt: done, again later, or given up. Pure: answer in, next step out."""

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
"""Waits after the first, second, … failure, as Standard Webhooks advises; after one more, it is over."""

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


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do: `wait` until the next attempt; `throttle` holds back all that goes to the endpoint."""

    state: State
    wait: timedelta = timedelta(0)
    throttle: timedelta = timedelta(0)
    disables: bool = False


def find_next_step(answer: DeliveryResponse, *, failures_before: int, seed: str) -> Step:
    """The step after this answer; `seed` spreads the waiting times of deliveries that failed together."""
    if answer.is_success:
        return Step(state=State.DELIVERED)
    if answer.status == HTTPStatus.GONE:
        return Step(state=State.DEAD, disables=True)
    asked = min(answer.retry_after or timedelta(0), MAX_WAIT) if answer.status in _BUSY else timedelta(0)
    if failures_before >= len(DELAYS):
        return Step(state=State.DEAD, throttle=_throttle(answer, asked))
    # Jitter only ever lengthens: a receiver that names a time is not asked before it.
    jitter = 1 + JITTER * random.Random(seed).random()  # noqa: S311  spreads load, keeps no secret
    wait = max(DELAYS[failures_before], asked) * jitter
    return Step(state=State.PENDING, wait=wait, throttle=_throttle(answer, asked))


def _throttle(answer: DeliveryResponse, asked: timedelta) -> timedelta:
    """How long to leave an endpoint alone: one receiver that hangs would keep every worker waiting."""
    if answer.error in _TIMED_OUT:
        return TIMEOUT_THROTTLE
    return min(asked, MAX_THROTTLE)

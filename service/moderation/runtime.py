"""The desk: what every use case stands on, assembled once by the app, the worker or the command line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from service.moderation.scoring.live_models import LiveModels
from service.settings import Settings
from service.store.database import Database


class JobQueue(Protocol):
    """Where a use case says that there is work for the worker. Losing the word is allowed: the rows are the truth."""

    def deliver(self, delivery_ids: list[int]) -> None:
        """These deliveries are due."""

    def rescore(self, site: str, article_id: str) -> None:
        """This article has arrived or changed."""


class NoQueue:
    """No queue: the worker's sweep finds the work by itself. For commands and tests."""

    def deliver(self, delivery_ids: list[int]) -> None:
        """Does nothing."""

    def rescore(self, site: str, article_id: str) -> None:
        """Does nothing."""


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Settings, database, models, clock and job queue; `secret_key` is read from its file once."""

    settings: Settings
    database: Database
    scorers: LiveModels
    secret_key: bytes
    jobs: JobQueue = field(default_factory=NoQueue)
    clock: Callable[[], datetime] = utc_now

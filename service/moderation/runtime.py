"""The runtime: everything that use cases need. The app, the worker or the command line opens it once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from service.moderation.live_models import LiveModels
from service.settings import Settings
from service.store.database import Database


class JobQueue(Protocol):
    """Where use cases put jobs for the worker. A job can be lost: the worker also finds its work in the database."""

    def deliver(self, delivery_ids: list[int]) -> None:
        """Queue these deliveries, which are due."""

    def rescore(self, site: str, article_id: str) -> None:
        """Queue the comments on this article, which has arrived or changed, for scoring again."""


class NoQueue:
    """No queue, for commands and tests. The worker finds the work in the database."""

    def deliver(self, delivery_ids: list[int]) -> None:
        """Do nothing."""

    def rescore(self, site: str, article_id: str) -> None:
        """Do nothing."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Settings, database, models, secret key, clock and job queue."""

    settings: Settings
    database: Database
    scorers: LiveModels
    secret_key: bytes
    jobs: JobQueue = field(default_factory=NoQueue)
    clock: Callable[[], datetime] = utc_now

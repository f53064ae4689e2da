"""The filters of the queue. They are part of the address, so that a link shows a colleague the same list."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends

from service.domain.errors import BodyInvalid
from service.domain.identifiers import is_line
from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.store.review.queue_filter import QueueFilter
from service.web.formatting import parse_percent

# How long a comment has been in the queue. The labels are in labels.html.
AGES = {
    "under-1h": timedelta(hours=1),
    "over-1h": timedelta(hours=1),
    "over-4h": timedelta(hours=4),
    "over-1d": timedelta(days=1),
    "over-3d": timedelta(days=3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters as the form sends them. Every field is text, and an empty field does not filter.

    `low` and `high` are the ends of a range of `score`, in per cent.
    """

    section: str = ""
    article: str = ""
    reason: str = ""
    score: str = ""
    low: str = ""
    high: str = ""
    author: str = ""
    language: str = ""
    age: str = ""
    escalated: str = ""

    def as_query(self) -> dict[str, str]:
        """Return the fields that are not empty, for an address."""
        return {name: value for name, value in asdict(self).items() if value}

    def queue_filter(self, now: datetime) -> QueueFilter:
        """Return the filter for the store. Raises BodyInvalid, naming the field."""
        self._check()
        cutoff = now - AGES[self.age] if self.age else None
        return QueueFilter(
            section=self.section or None,
            article=self.article or None,
            reason=self.reason or None,
            score=self.score or None,
            low=parse_percent(self.low, field="low") if self.score else None,
            high=parse_percent(self.high, field="high") if self.score else None,
            author=self.author or None,
            language=self.language or None,
            entered_before=cutoff if self.age.startswith("over") else None,
            entered_after=cutoff if self.age.startswith("under") else None,
            escalated=bool(self.escalated),
        )

    def _check(self) -> None:
        for name, value in self.as_query().items():
            # PostgreSQL raises an error for NUL characters, and no section or id contains control characters.
            if not is_line(value):
                raise BodyInvalid("There is no such filter.", field=name)
        for name, choices in (("score", THRESHOLD_NAMES), ("age", AGES)):
            if getattr(self, name) not in {"", *choices}:
                raise BodyInvalid("There is no such filter.", field=name)


# FastAPI reads the query into the fields of the dataclass.
CurrentFilters = Annotated[Filters, Depends()]

"""Filters: what a person keeps of the queue, as it stands in the address, so that a link is the same view again."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends

from service.domain.errors import BodyInvalid
from service.domain.identifiers import is_line
from service.domain.policy.rules import THRESHOLD_NAMES
from service.store.review.queue_filter import QueueFilter

AGES = {
    "under-1h": timedelta(hours=1),
    "over-1h": timedelta(hours=1),
    "over-4h": timedelta(hours=4),
    "over-1d": timedelta(days=1),
    "over-3d": timedelta(days=3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Everything as text, the way forms send it; empty keeps everything. Scores are in per cent."""

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
        """What has been chosen, for an address."""
        return {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}

    def without(self, name: str) -> dict[str, str]:
        """The same with one choice taken back."""
        return {key: value for key, value in self.as_query().items() if key != name}

    def queue_filter(self, now: datetime) -> QueueFilter:
        """The sieve for the queue; raises BodyInvalid, naming the field."""
        for field in fields(self):
            # No section or id has a control character in it, and PostgreSQL refuses to be asked for one.
            if not is_line(getattr(self, field.name)):
                raise BodyInvalid("There is no such choice.", field=field.name)
        if self.score not in {"", *THRESHOLD_NAMES} or self.age not in {"", *AGES}:
            raise BodyInvalid("There is no such choice.", field="score" if self.age in {"", *AGES} else "age")
        then = now - AGES[self.age] if self.age else None
        return QueueFilter(
            section=self.section or None,
            article=self.article or None,
            reason=self.reason or None,
            score=self.score or None,
            low=_share(self.low, "low") if self.score else None,
            high=_share(self.high, "high") if self.score else None,
            author=self.author or None,
            language=self.language or None,
            entered_before=then if self.age.startswith("over") else None,
            entered_after=then if self.age.startswith("under") else None,
            escalated=bool(self.escalated),
        )


def read_filters(
    section: str = "",
    article: str = "",
    reason: str = "",
    score: str = "",
    low: str = "",
    high: str = "",
    author: str = "",
    language: str = "",
    age: str = "",
    escalated: str = "",
) -> Filters:
    """The filters in an address."""
    return Filters(
        section=section, article=article, reason=reason, score=score, low=low, high=high, author=author,
        language=language, age=age, escalated=escalated,
    )  # fmt: skip


FiltersHere = Annotated[Filters, Depends(read_filters)]


def _share(text: str, field: str) -> float | None:
    if not text:
        return None
    try:
        share = float(text.replace(",", ".")) / 100
    except ValueError:
        raise BodyInvalid("A score is a number from 0 to 100.", field=field) from None
    if not 0 <= share <= 1:
        raise BodyInvalid("A score is a number from 0 to 100.", field=field)
    return share

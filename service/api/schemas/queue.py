"""The review queue."""

from datetime import datetime

from pydantic import BaseModel


class QueueItem(BaseModel):
    """A comment that waits for a person; `kind` says why."""

    comment_id: str
    article_id: str
    article_title: str | None
    kind: str
    priority: float
    urgent: bool
    entered_at: datetime
    text: str


class QueueOut(BaseModel):
    """A page of the queue; pass `cursor` to get the next page."""

    items: list[QueueItem]
    counts: dict[str, int]
    cursor: str | None

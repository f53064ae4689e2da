"""Articles, which comments are about."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from service.api.schemas.fields import Incoming, Line
from service.domain.policy.site_policy import Mode


class ArticleIn(Incoming):
    """An article; a title is enough for relevance, title and body are better."""

    title: Annotated[str, Field(max_length=1_000)] = ""
    body: Annotated[str, Field(max_length=500_000)] = ""
    url: Annotated[Line, Field(max_length=2_000)] | None = None
    section: Annotated[Line, Field(max_length=255)] | None = None
    mode: Mode = Mode.OPEN


class ArticleOut(BaseModel):
    """An article as it is stored."""

    id: str
    title: str
    body: str
    url: str | None
    section: str | None
    mode: Mode
    created_at: datetime
    updated_at: datetime

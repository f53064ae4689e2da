"""Authors and the site's trust in them."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from service.api.schemas.fields import Incoming
from service.domain.policy.site_policy import Trust


class TrustIn(Incoming):
    """The site's trust in an author."""

    trust: Trust
    note: Annotated[str, Field(max_length=1_000)] = ""


class AuthorOut(BaseModel):
    """An author's record on this site."""

    id: str
    name: str | None
    trust: Trust
    trust_note: str
    first_seen_at: datetime
    approved_count: int
    rejected_count: int
    held_count: int

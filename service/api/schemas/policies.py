"""The policy and its versions."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from service.api.schemas.fields import Incoming, Line, Probability

PolicyList = Annotated[list[Annotated[Line, Field(min_length=1, max_length=255)]], Field(max_length=5_000)]


class PolicyIn(Incoming):
    """Changes to the policy; fields that are left out keep their values. A threshold of null disables its rule."""

    # Factories, so that the document shows no default: a field that is left out keeps its value.
    thresholds: dict[str, float | None] = Field(default_factory=dict)
    blocked_words: PolicyList = Field(default_factory=list)
    blocked_hosts: PolicyList = Field(default_factory=list)
    pre_moderated_sections: PolicyList = Field(default_factory=list)
    reject_blocked: bool = Field(default_factory=bool)
    audit_share: Probability = Field(default_factory=float)
    note: Annotated[str, Field(min_length=1, max_length=1_000)]


class PolicyOut(BaseModel):
    """The policy in force."""

    version: int
    thresholds: dict[str, float | None]
    blocked_words: list[str]
    blocked_hosts: list[str]
    pre_moderated_sections: list[str]
    reject_blocked: bool
    audit_share: float


class PolicyVersionOut(PolicyOut):
    """A policy as it was saved."""

    author: str
    note: str
    created_at: datetime

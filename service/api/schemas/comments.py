"""Comments: sent, looked up, decided, reported and appealed."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.api.schemas.fields import Identifier, Incoming, Line, UtcTime
from service.api.schemas.scoring import ScoresOut
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason


class AuthorIn(Incoming):
    """The author of a comment, as the CMS knows them."""

    id: Identifier
    name: Annotated[Line, Field(max_length=200)] | None = None


class CommentIn(Incoming):
    """A comment as the CMS sends it, with the CMS's own ids."""

    id: Identifier
    article_id: Identifier
    text: str
    parent_id: Identifier | None = None
    author: AuthorIn | None = None
    posted_at: UtcTime | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "c-1001",
                    "article_id": "tram-line-9",
                    "text": "The new tram stop is too far from the hospital entrance.",
                    "author": {"id": "reader-7", "name": "Ada"},
                }
            ]
        },
    )


class RevisionIn(Incoming):
    """The new text of a comment."""

    text: str


class DecisionOut(BaseModel):
    """The decision that the policy made, with its reasons."""

    outcome: Outcome
    rule: str
    reasons: list[dict[str, Any]]
    thresholds: dict[str, float | None]
    policy_version: int
    automated: bool = True
    sampling_probability: float
    sampled: bool
    decided_at: datetime


class VerdictOut(BaseModel):
    """The decision that a person made."""

    id: int
    outcome: Outcome
    reason: RejectReason | None
    note: str
    revision: int
    source: str
    queue_kinds: list[str]
    decided_at: datetime


class CommentOut(BaseModel):
    """A comment's state, with its scores and the policy's decision."""

    id: str
    article_id: str
    parent_id: str | None
    revision: int
    state: str
    posted_at: datetime
    received_at: datetime
    scores: ScoresOut
    decision: DecisionOut


class CommentDetailsOut(CommentOut):
    """A comment with its text and history; an erased comment has neither text nor author."""

    text: str
    erased_at: datetime | None
    verdict: VerdictOut | None
    report_count: int
    appeal_count: int


class VerdictIn(Incoming):
    """A person's decision; a rejection needs a reason.

    Send the `revision` that the person saw, and in `expected_verdict` the id of the latest verdict they saw, to have a
    decision on an outdated view refused.
    """

    outcome: Outcome
    reason: RejectReason | None = None
    note: Annotated[str, Field(max_length=5_000)] = ""
    revision: int | None = None
    expected_verdict: int | None = None


class ReportIn(Incoming):
    """A reader's report."""

    reporter: Identifier
    reason: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")]
    note: Annotated[str, Field(max_length=5_000)] = ""


class ReportOut(BaseModel):
    """The number of readers who have reported the comment so far."""

    comment_id: str
    report_count: int


class AppealIn(Incoming):
    """The author's statement why the decision was wrong."""

    statement: str


class AppealOut(BaseModel):
    """An appeal, which a person will decide; until then `outcome` is null."""

    id: int
    comment_id: str
    appealed_at: datetime
    outcome: Outcome | None
    decided_at: datetime | None

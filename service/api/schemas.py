"""Schemas: what travels in and out of the API, as OpenAPI documents it. Unknown fields are refused by name."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from service.domain.events import EventType
from service.domain.identifiers import ID_PATTERN, LINE_PATTERN, MAX_ROWS, is_identifier
from service.domain.policy.rules import Mode, Outcome, Trust
from service.domain.reasons import RejectReason


def refuse_dots(value: str) -> str:
    """Refuses `.` and `..`, which in an address mean a folder and not a thing."""
    if not is_identifier(value):
        raise ValueError("An id is more than dots.")
    return value


def refuse_far(value: datetime) -> datetime:
    """Refuses times that cannot be put into UTC, or added to."""
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        utc = datetime.max.replace(tzinfo=UTC)
    if not _FIRST_YEAR <= utc.year <= _LAST_YEAR:
        raise ValueError(f"A time lies in the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    return utc


_FIRST_YEAR, _LAST_YEAR = 1900, 9000

Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN), AfterValidator(refuse_dots)]
Line = Annotated[str, StringConstraints(pattern=LINE_PATTERN)]
Moment = Annotated[AwareDatetime, AfterValidator(refuse_far)]
RowNumber = Annotated[int, Field(ge=0, lt=MAX_ROWS)]
"""A number that a database can keep."""
Probability = Annotated[float, Field(ge=0, le=1)]
PolicyList = Annotated[list[Annotated[Line, Field(min_length=1, max_length=255)]], Field(max_length=5_000)]


class Incoming(BaseModel):
    """What clients send: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid")


class AuthorIn(Incoming):
    """The author of a comment, as the CMS knows them."""

    id: Identifier
    name: Annotated[Line, Field(max_length=200)] | None = None


class CommentIn(Incoming):
    """A comment as the CMS sends it; all ids are the CMS's own."""

    id: Identifier
    article_id: Identifier
    text: str
    parent_id: Identifier | None = None
    author: AuthorIn | None = None
    posted_at: Moment | None = None

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
    """A comment's new wording."""

    text: str


class ArticleIn(Incoming):
    """An article; a title suffices for relevance, title and text are better."""

    title: Annotated[str, Field(max_length=1_000)] = ""
    body: Annotated[str, Field(max_length=500_000)] = ""
    url: Annotated[Line, Field(max_length=2_000)] | None = None
    section: Annotated[Line, Field(max_length=255)] | None = None
    mode: Mode = Mode.OPEN


class ArticleOut(BaseModel):
    """An article as it is kept."""

    id: str
    title: str
    body: str
    url: str | None
    section: str | None
    mode: Mode
    created_at: datetime
    updated_at: datetime


class InlineArticle(Incoming):
    """An article sent with the comment."""

    title: Annotated[str, Field(max_length=1_000)] = ""
    text: Annotated[str, Field(max_length=500_000)] = ""


class ScoreItem(Incoming):
    """One comment to score; `thread` holds earlier comments, oldest first."""

    text: str
    id: Identifier | None = None
    article: InlineArticle | None = None
    article_id: Identifier | None = None
    parent_text: Annotated[str, Field(max_length=20_000)] | None = None
    thread: Annotated[list[Annotated[str, Field(max_length=20_000)]], Field(max_length=50)] = []


class ScoreRequest(Incoming):
    """Up to 256 comments to score; nothing of it is kept."""

    comments: Annotated[list[ScoreItem], Field(min_length=1, max_length=256)]
    explain: bool = True


class ScoresOut(BaseModel):
    """The scores of one text: probabilities, or null with the reason in `abstentions`."""

    model: str
    site_model: str | None = None
    language: str
    scores: dict[str, float | None]
    abstentions: dict[str, str]
    explanation: dict[str, Any]


class ScoredItem(ScoresOut):
    """The scores of one item, with its id where it had one."""

    id: str | None = None


class ScoreResponse(BaseModel):
    """Results in the order of the request."""

    results: list[ScoredItem]


class DecisionOut(BaseModel):
    """What the machine decided, and why."""

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
    """What a person decided."""

    number: int
    outcome: Outcome
    reason: RejectReason | None
    note: str
    revision: int
    source: str
    queue_kinds: list[str]
    decided_at: datetime


class CommentOut(BaseModel):
    """A comment's state with the scores and the decision that led there."""

    id: str
    article_id: str
    parent_id: str | None
    revision: int
    state: str
    posted_at: datetime
    received_at: datetime
    scores: ScoresOut
    decision: DecisionOut


class CommentDetails(CommentOut):
    """A comment with its text and history; an erased one has neither words nor author."""

    text: str
    erased_at: datetime | None
    verdict: VerdictOut | None
    reports: int
    appeals: int


class VerdictIn(Incoming):
    """A person's decision; a rejection has a reason. `revision` and `expected_verdict` guard against stale views."""

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
    """How many readers have reported the comment by now."""

    comment_id: str
    reports: int


class AppealIn(Incoming):
    """Why the author thinks that the decision was wrong."""

    statement: str


class AppealOut(BaseModel):
    """An appeal that a person will answer."""

    number: int
    comment_id: str
    appealed_at: datetime
    outcome: Outcome | None
    decided_at: datetime | None


class QueueItem(BaseModel):
    """A comment that waits for a person, and why."""

    comment_id: str
    article_id: str
    article_title: str | None
    kind: str
    priority: float
    urgent: bool
    entered_at: datetime
    text: str


class QueueOut(BaseModel):
    """A page of the queue; `cursor` asks for the next one."""

    items: list[QueueItem]
    counts: dict[str, int]
    cursor: str | None


class TrustIn(Incoming):
    """What the site decides about an author."""

    trust: Trust
    note: Annotated[str, Field(max_length=1_000)] = ""


class AuthorOut(BaseModel):
    """An author's record on this site."""

    id: str
    name: str | None
    trust: Trust
    trust_note: str
    first_seen_at: datetime
    approved: int
    rejected: int
    held: int


class PolicyIn(Incoming):
    """Changes to the policy; fields left out stay as they are. A threshold of null switches its rule off."""

    # Factories, so that the document shows no default: what is left out is what the newest version says.
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


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class EndpointIn(Incoming):
    """Where events go; no event types means all of them."""

    url: Annotated[Line, Field(min_length=1, max_length=2_000)]
    event_types: list[EventType] = []


class EndpointOut(BaseModel):
    """An endpoint, without its secret."""

    id: str
    url: str
    event_types: list[str]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str


class EndpointWithSecret(EndpointOut):
    """An endpoint with its new secret, this once."""

    secret: str


class DeliveryStarted(BaseModel):
    """The delivery that will be attempted next."""

    delivery: int


class DeliveryOut(BaseModel):
    """One event on its way to one endpoint."""

    id: int
    event_id: str
    endpoint_id: str
    type: str
    comment_id: str
    state: DeliveryState
    attempt_count: int
    due_at: datetime
    created_at: datetime


class AttemptOut(BaseModel):
    """One try: the answer's status, or the kind of error where there was none."""

    status: int | None
    error: str
    seconds: float
    at: datetime


class DeliveryDetails(DeliveryOut):
    """A delivery with its attempts, oldest first."""

    attempts: list[AttemptOut]


class DeliveriesOut(BaseModel):
    """A page of deliveries; `cursor` asks for the next one."""

    items: list[DeliveryOut]
    cursor: int | None

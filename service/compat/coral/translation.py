"""Coral, translated: what its phases and webhooks send, and the strict reply that a phase may give."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from service.compat.external_ids import read_id
from service.domain.coral import OTHER, REASONS, RULES, SPAM_CODES, TOXIC_CODES
from service.domain.errors import BodyInvalid
from service.domain.identifiers import LINE_PATTERN
from service.domain.text_validation import blank_controls
from service.domain.urls import MAX_URL_CHARS
from service.moderation.coral.events import MAX_ID_CHARS, IncomingEvent
from service.moderation.coral.phase import Phase, PhaseResult
from service.store.comments.comments import State


def read_string(value: object) -> str | None:
    """The text, or None for what is none: of an event we act on what we can read."""
    if not isinstance(value, str) or len(value) > MAX_URL_CHARS:
        return None
    return value if blank_controls(value) == value else None


Id = Annotated[str | None, BeforeValidator(read_id)]
VerdictInput = Annotated[str | None, BeforeValidator(read_string)]
Line = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS, pattern=LINE_PATTERN)]


class Sent(BaseModel):
    """What Coral sends; a later version may say more."""

    model_config = ConfigDict(extra="ignore")


class SentComment(Sent):
    """A comment that is not saved yet."""

    body: str = ""
    parentID: Id = None  # noqa: N815  Coral's own spelling


class SentAuthor(Sent):
    """Who wrote it."""

    id: Id = None
    role: str = ""


class SentStory(Sent):
    """What it is under."""

    url: str = ""


class SentPhase(Sent):
    """The body of a phase."""

    action: str = "NEW"
    comment: SentComment
    author: SentAuthor = SentAuthor()
    story: SentStory = SentStory()


class SentData(Sent):
    """What an event is about, as far as we act on it."""

    commentID: Id = None  # noqa: N815  Coral's own spelling
    status: VerdictInput = None
    queue: VerdictInput = None
    storyURL: VerdictInput = None  # noqa: N815  Coral's own spelling


class SentEvent(Sent):
    """The envelope of a webhook."""

    id: Line
    type: Line
    data: SentData = SentData()
    createdAt: AwareDatetime  # noqa: N815  Coral's own spelling


def read_phase(sent: Any) -> Phase:
    """A phase's comment; raises BodyInvalid."""
    found = _read(SentPhase, sent)
    return Phase(
        body=found.comment.body,
        is_edit=found.action == "EDIT",
        parent_id=found.comment.parentID,
        author_id=found.author.id,
        role=found.author.role,
        story_url=found.story.url,
    )


def read_event(sent: Any) -> IncomingEvent:
    """A webhook's event; raises BodyInvalid."""
    found = _read(SentEvent, sent)
    at: datetime = found.createdAt
    return IncomingEvent(id=found.id, type=found.type, created_at=at, data=found.data.model_dump(exclude_none=True))


def shape_ruling(ruling: PhaseResult | None) -> dict[str, Any] | None:
    """The reply, in the words that Coral's schema takes; None for no opinion, which leaves Coral's own to count."""
    if ruling is None or ruling.state in {State.APPROVED, State.ERASED}:
        return None
    code = REASONS.get(ruling.reason, OTHER) if ruling.reason else RULES.get(ruling.rule, OTHER)
    if ruling.state is State.REJECTED:
        return {
            "status": "REJECTED",
            "moderationAction": {"status": "REJECTED", "rejectionReason": {"code": code}},
        }
    if code in TOXIC_CODES | SPAM_CODES:
        flag = "COMMENT_DETECTED_SPAM" if code in SPAM_CODES else "COMMENT_DETECTED_TOXIC"
        return {"status": "SYSTEM_WITHHELD", "actions": [{"actionType": "FLAG", "reason": flag}]}
    return {"status": "PREMOD"}


def _read(kind: type[Sent], sent: Any) -> Any:
    try:
        return kind.model_validate(sent)
    except ValidationError as error:
        facts = error.errors(include_input=False)[0]
        place = ".".join(str(part) for part in facts["loc"]) or "body"
        raise BodyInvalid(f"{place}: {facts['msg']}", field=place) from None

"""Translation of Coral's requests (moderation phase and webhooks) and of the reply to a moderation phase."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from service.compat.external_ids import read_id
from service.domain.coral import OTHER, REASONS, RULES, SPAM_CODES, TOXIC_CODES
from service.domain.errors import BodyInvalid
from service.domain.identifiers import LINE_PATTERN
from service.domain.states import CommentState
from service.domain.text_validation import blank_control_characters
from service.domain.urls import MAX_URL_CHARS
from service.moderation.coral.events import MAX_ID_CHARS, IncomingEvent
from service.moderation.coral.phase import Phase, PhaseResult


def read_string(value: object) -> str | None:
    """Return the string, or None if it cannot be stored. The rest of the event is handled in either case."""
    if not isinstance(value, str) or len(value) > MAX_URL_CHARS:
        return None
    return value if blank_control_characters(value) == value else None


Id = Annotated[str | None, BeforeValidator(read_id)]
OptionalText = Annotated[str | None, BeforeValidator(read_string)]
Line = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS, pattern=LINE_PATTERN)]


class CoralModel(BaseModel):
    """Base class of Coral's JSON. Unknown fields are ignored, because later versions of Coral may add some."""

    model_config = ConfigDict(extra="ignore")


class SentComment(CoralModel):
    """A comment that Coral has not saved yet."""

    body: str = ""
    parent_id: Id = Field(None, alias="parentID")


class SentAuthor(CoralModel):
    """The author of the comment."""

    id: Id = None
    role: str = ""


class SentStory(CoralModel):
    """The article on which the comment was written."""

    url: str = ""


class SentPhase(CoralModel):
    """The body of a request to the moderation phase."""

    action: str = "NEW"
    comment: SentComment
    author: SentAuthor = SentAuthor()
    story: SentStory = SentStory()


class SentData(CoralModel):
    """The fields of an event's data that we use."""

    comment_id: Id = Field(None, alias="commentID")
    status: OptionalText = None
    queue: OptionalText = None
    story_url: OptionalText = Field(None, alias="storyURL")


class SentEvent(CoralModel):
    """A webhook event."""

    id: Line
    type: Line
    data: SentData = SentData()
    created_at: AwareDatetime = Field(alias="createdAt")


def read_phase(payload: Any) -> Phase:
    """Return the comment of a phase request. Raises BodyInvalid."""
    phase = _read(SentPhase, payload)
    return Phase(
        body=phase.comment.body,
        is_edit=phase.action == "EDIT",
        parent_id=phase.comment.parent_id,
        author_id=phase.author.id,
        role=phase.author.role,
        story_url=phase.story.url,
    )


def read_event(payload: Any) -> IncomingEvent:
    """Return the event of a webhook. Raises BodyInvalid."""
    event = _read(SentEvent, payload)
    # Events are stored under Coral's own field names, such as `commentID`.
    data = event.data.model_dump(by_alias=True, exclude_none=True)
    return IncomingEvent(id=event.id, type=event.type, created_at=event.created_at, data=data)


def phase_reply(result: PhaseResult | None) -> dict[str, Any] | None:
    """Return the reply in Coral's schema, or None to leave the decision to Coral's own phases.

    A held comment is flagged as spam or toxic if that is why it is held; otherwise it waits for moderation (PREMOD).
    """
    if result is None or result.state in {CommentState.APPROVED, CommentState.ERASED}:
        return None
    # A verdict has a reason; a decision of the policy has a rule. Both are translated to Coral's codes.
    code = REASONS.get(result.reason, OTHER) if result.reason else RULES.get(result.rule, OTHER)
    if result.state is CommentState.REJECTED:
        return {
            "status": "REJECTED",
            "moderationAction": {"status": "REJECTED", "rejectionReason": {"code": code}},
        }
    if code in TOXIC_CODES | SPAM_CODES:
        flag = "COMMENT_DETECTED_SPAM" if code in SPAM_CODES else "COMMENT_DETECTED_TOXIC"
        return {"status": "SYSTEM_WITHHELD", "actions": [{"actionType": "FLAG", "reason": flag}]}
    return {"status": "PREMOD"}


def _read(schema: type[CoralModel], payload: Any) -> Any:
    try:
        return schema.model_validate(payload)
    except ValidationError as error:
        details = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in details["loc"]) or "body"
        raise BodyInvalid(f"{field}: {details['msg']}", field=field) from None

"""What Perspective's clients send: both of Google's spellings of a field, and nothing refused for being unknown."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from service.domain.errors import BodyInvalid
from service.domain.text_validation import blank_controls

Words = Annotated[str, AfterValidator(blank_controls)]
"""A text of which each character is one: what is echoed must fit into an answer too."""


class Sent(BaseModel):
    """Fields are known as `requestedAttributes` and as `requested_attributes`, as to Google; null is nothing."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def leave_out_null(cls, sent: Any) -> Any:
        """To Google a null field is one that was not sent."""
        return {name: value for name, value in sent.items() if value is not None} if isinstance(sent, dict) else sent


class TextEntry(Sent):
    """A text and what kind of text it is."""

    text: Words = ""
    type: str | int | None = None


class ArticleAndParent(Sent):
    """What the comment is under."""

    article: TextEntry | None = None
    parent_comment: TextEntry | None = None


class Context(Sent):
    """Either a list, read as article and parent comment, or the two by name."""

    entries: list[TextEntry] | None = None
    article_and_parent_comment: ArticleAndParent | None = None

    @property
    def article(self) -> str:
        """The article's text, or its address."""
        if self.article_and_parent_comment and self.article_and_parent_comment.article:
            return self.article_and_parent_comment.article.text
        return self.entries[0].text if self.entries else ""

    @property
    def parent(self) -> str:
        """The comment that this one answers."""
        if self.article_and_parent_comment and self.article_and_parent_comment.parent_comment:
            return self.article_and_parent_comment.parent_comment.text
        return self.entries[1].text if self.entries and len(self.entries) > 1 else ""


class Requested(Sent):
    """How one attribute is wanted."""

    score_type: str | int | None = None
    score_threshold: FiniteFloat | None = None


class Score(Sent):
    """A score."""

    value: FiniteFloat = 0.0
    type: str | int | None = None


class SpanScore(Sent):
    """A score of a part, which has a begin and an end: without, it would be a score of the whole."""

    begin: int
    end: int
    score: Score | None = None


class AttributeScores(Sent):
    """The scores of one attribute."""

    summary_score: Score | None = None
    span_scores: list[SpanScore] | None = None


class Request(Sent):
    """What both methods take."""

    comment: TextEntry = TextEntry()
    context: Context | None = None
    languages: Annotated[list[Words] | None, Field(max_length=50)] = None
    client_token: Words | None = None
    session_id: Words | None = None
    community_id: Words | None = None


class AnalyzeRequest(Request):
    """What `comments:analyze` takes."""

    requested_attributes: Annotated[dict[Words, Requested | None] | None, Field(max_length=100)] = None
    do_not_store: bool | None = None
    span_annotations: bool | None = None


class SuggestRequest(Request):
    """What `comments:suggestscore` takes."""

    attribute_scores: Annotated[dict[Words, AttributeScores | None] | None, Field(max_length=100)] = None


def read_request(kind: type[Request], sent: Any) -> Any:
    """The request as `kind`; raises BodyInvalid, naming the field and quoting nothing."""
    try:
        return kind.model_validate(sent)
    except ValidationError as error:
        facts = error.errors(include_input=False)[0]
        place = ".".join(str(part) for part in facts["loc"]) or "body"
        raise BodyInvalid(f"Invalid JSON payload received. {facts['msg']} at '{place}'.", field=place) from None

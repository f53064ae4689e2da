"""What Perspective's clients send: fields in both of Google's spellings; unknown fields are ignored."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from service.domain.errors import BodyInvalid
from service.domain.text_validation import blank_control_characters

Text = Annotated[str, AfterValidator(blank_control_characters)]
"""A text without lone surrogates and control characters, because some fields are echoed in the response."""


class Sent(BaseModel):
    """Like Google, accepts `requestedAttributes` and `requested_attributes`, and treats null as missing."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def drop_null_fields(cls, sent: Any) -> Any:
        """Drop fields that are null: Google treats them as not sent."""
        return {name: value for name, value in sent.items() if value is not None} if isinstance(sent, dict) else sent


class TextEntry(Sent):
    """A text and its type."""

    text: Text = ""
    type: str | int | None = None


class ArticleAndParent(Sent):
    """The article and the parent comment."""

    article: TextEntry | None = None
    parent_comment: TextEntry | None = None


class Context(Sent):
    """Either a list of article and parent comment, in this order, or both by name."""

    entries: list[TextEntry] | None = None
    article_and_parent_comment: ArticleAndParent | None = None

    @property
    def article(self) -> str:
        """The article's text or URL."""
        if self.article_and_parent_comment and self.article_and_parent_comment.article:
            return self.article_and_parent_comment.article.text
        return self.entries[0].text if self.entries else ""

    @property
    def parent(self) -> str:
        """The comment to which this one replies."""
        if self.article_and_parent_comment and self.article_and_parent_comment.parent_comment:
            return self.article_and_parent_comment.parent_comment.text
        return self.entries[1].text if self.entries and len(self.entries) > 1 else ""


class Requested(Sent):
    """The options of one requested attribute."""

    score_type: str | int | None = None
    score_threshold: FiniteFloat | None = None


class Score(Sent):
    """A score."""

    value: FiniteFloat = 0.0
    type: str | int | None = None


class SpanScore(Sent):
    """A score of a part of the text; both offsets are required."""

    begin: int
    end: int
    score: Score | None = None


class AttributeScores(Sent):
    """The scores of one attribute."""

    summary_score: Score | None = None
    span_scores: list[SpanScore] | None = None


class Request(Sent):
    """The fields that both methods have."""

    comment: TextEntry = TextEntry()
    context: Context | None = None
    languages: Annotated[list[Text] | None, Field(max_length=50)] = None
    client_token: Text | None = None
    session_id: Text | None = None
    community_id: Text | None = None


class AnalyzeRequest(Request):
    """The request of `comments:analyze`."""

    requested_attributes: Annotated[dict[Text, Requested | None] | None, Field(max_length=100)] = None
    do_not_store: bool | None = None
    span_annotations: bool | None = None


class SuggestRequest(Request):
    """The request of `comments:suggestscore`."""

    attribute_scores: Annotated[dict[Text, AttributeScores | None] | None, Field(max_length=100)] = None


def read_request(kind: type[Request], sent: Any) -> Any:
    """Return the request as `kind`. Raises BodyInvalid, which names the field and quotes no value."""
    try:
        return kind.model_validate(sent)
    except ValidationError as error:
        details = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in details["loc"]) or "body"
        raise BodyInvalid(f"Invalid JSON payload received. {details['msg']} at '{field}'.", field=field) from None

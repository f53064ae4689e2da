"""Schemas of Perspective's requests."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from service.domain.errors import BodyInvalid
from service.domain.text_validation import blank_control_characters

Text = Annotated[str, AfterValidator(blank_control_characters)]
"""A text without lone surrogates and control characters, because some fields are echoed in the response."""


class GoogleModel(BaseModel):
    """Base class. Like Google, it accepts `requestedAttributes` and `requested_attributes`.

    It ignores unknown fields and fields that are null.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def drop_null_fields(cls, payload: Any) -> Any:
        """Drop fields that are null, because Google treats them as missing."""
        return (
            {name: value for name, value in payload.items() if value is not None}
            if isinstance(payload, dict)
            else payload
        )


class TextEntry(GoogleModel):
    """A text and its type."""

    text: Text = ""
    type: str | int | None = None


class ArticleAndParent(GoogleModel):
    """The article and the parent comment."""

    article: TextEntry | None = None
    parent_comment: TextEntry | None = None


class Context(GoogleModel):
    """The article and the parent comment: either as a list in this order, or by name."""

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


class Requested(GoogleModel):
    """The options of one requested attribute."""

    score_type: str | int | None = None
    score_threshold: FiniteFloat | None = None


class Score(GoogleModel):
    """A score."""

    value: FiniteFloat = 0.0
    type: str | int | None = None


class SpanScore(GoogleModel):
    """The score of a span: `begin` and `end` are offsets in UTF-16 units, and `end` is exclusive."""

    begin: int
    end: int
    score: Score | None = None


class AttributeScores(GoogleModel):
    """The scores of one attribute."""

    summary_score: Score | None = None
    span_scores: list[SpanScore] | None = None


class Request(GoogleModel):
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


def read_request(schema: type[Request], payload: Any) -> Any:
    """Return the request, validated with `schema`. Raises BodyInvalid, which names the field and quotes no value."""
    try:
        return schema.model_validate(payload)
    except ValidationError as error:
        details = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in details["loc"]) or "body"
        raise BodyInvalid(f"Invalid JSON payload received. {details['msg']} at '{field}'.", field=field) from None

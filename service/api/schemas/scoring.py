"""Scores of comments that are not stored, and the scores that every stored comment has."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from service.api.schemas.fields import Identifier, Incoming


class InlineArticle(Incoming):
    """An article sent with the comment."""

    title: Annotated[str, Field(max_length=1_000)] = ""
    body: Annotated[str, Field(max_length=500_000)] = ""


class ScoreItem(Incoming):
    """One comment to score; `thread` holds earlier comments, oldest first."""

    text: str
    id: Identifier | None = None
    article: InlineArticle | None = None
    article_id: Identifier | None = None
    parent_text: Annotated[str, Field(max_length=20_000)] | None = None
    thread: list[Annotated[str, Field(max_length=20_000)]] = Field([], max_length=50)


class ScoreRequest(Incoming):
    """Up to 256 comments to score; nothing is stored."""

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
    """The scores of one item, with its id if it had one."""

    id: str | None = None


class ScoreResponse(BaseModel):
    """Results in the order of the request."""

    results: list[ScoredItem]

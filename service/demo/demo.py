"""The sample article and its comments, from the JSON files in this folder."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """An article as a CMS would send it: the fields of `PUT /v1/articles/{id}`."""

    id: str
    title: str
    body: str
    url: str
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleComment:
    """A comment as a CMS would send it; `shows` says what it is an example of, and is not sent.

    `minutes` is how long after the article it was posted. A parent always comes before its replies.
    """

    id: str
    author_id: str
    author_name: str
    text: str
    minutes: int
    shows: str
    parent_id: str | None = None


def sample_article() -> SampleArticle:
    """Return the article that all sample comments are about."""
    return SampleArticle(**_read("article.json"))


def sample_comments() -> tuple[SampleComment, ...]:
    """Return about twenty comments, oldest first: what a moderator sees on an ordinary day."""
    return tuple(SampleComment(**fields) for fields in _read("comments.json"))


def _read(name: str) -> Any:
    return json.loads(resources.files("service.demo").joinpath(name).read_text(encoding="utf-8"))

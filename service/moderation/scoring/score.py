"""Scoring of single texts with an article, without storing anything."""

from dataclasses import dataclass

from sqlalchemy import Connection

from models.comment import Article, Comment, Passage
from service.domain.errors import NotFound
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text
from service.moderation.live_models import Scoring
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.articles import articles
from service.store.learning import site_models


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to score, with its article or with the id of an article on the caller's site."""

    text: str
    article: Article | None = None
    article_id: str | None = None
    parent_text: str | None = None
    thread: tuple[str, ...] = ()


def score_texts(runtime: Runtime, caller: Caller, *, texts: list[Text], explain: bool) -> list[Scoring]:
    """Score the texts one by one, in order. Raises TextInvalid and NotFound, naming the field of the item."""
    caller.require(Right.SCORE)
    for number, text in enumerate(texts):
        check_text(text.text, field=f"comments.{number}.text", max_chars=runtime.settings.max_comment_chars)
    with runtime.database.reading() as connection:
        site = sites.find_site(connection, caller.site)
        language = site.language if site else "en"
        site_model_version = site_models.live_version(connection, site=caller.site)
        stored = _read_articles(connection, caller.site, texts)
    scorings = []
    for text in texts:
        comment = Comment(
            text=text.text,
            article=stored[text.article_id] if text.article_id else text.article,
            parent=Passage(text.parent_text) if text.parent_text else None,
            thread=tuple(Passage(earlier) for earlier in text.thread),
            language=language,
        )
        assessment = runtime.scorers.base.assess(comment, explain=explain)
        scorings.append(runtime.scorers.add_site_score(assessment, site=caller.site, version=site_model_version))
    return scorings


def _read_articles(connection: Connection, site: str, texts: list[Text]) -> dict[str, Article]:
    stored: dict[str, Article] = {}
    for number, text in enumerate(texts):
        if text.article_id is None or text.article_id in stored:
            continue
        article = articles.find_article(connection, site=site, article_id=text.article_id)
        if article is None:
            raise NotFound("There is no article with this id.", field=f"comments.{number}.article_id")
        stored[text.article_id] = article.content
    return stored

"""Registration of articles by the CMS, before or after their first comment arrives."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from models.comment import Article
from service.domain.errors import NotFound
from service.domain.policy.site_policy import Mode
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_no_control_characters
from service.moderation.articles.page_fetches import request_fetch
from service.moderation.runtime import Runtime
from service.store.articles import articles, page_fetches
from service.store.articles.articles import StoredArticle
from service.store.insights import audit_log


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInput:
    """An article as the CMS sends it."""

    title: str = ""
    body: str = ""
    url: str | None = None
    section: str | None = None
    mode: Mode = Mode.OPEN


def register_article(runtime: Runtime, caller: Caller, *, article_id: str, article: ArticleInput) -> StoredArticle:
    """Add or replace an article and compute its embeddings. Comments that waited for it are scored again.

    If it is sent again without a text, it keeps the text that was fetched from its page. Raises TextInvalid.
    """
    caller.require(Right.COMMENTS)
    check_no_control_characters(article.title, field="title")
    check_no_control_characters(article.body, field="body")
    now = runtime.clock()
    with runtime.database.reading() as connection:
        known = articles.find_article(connection, site=caller.site, article_id=article_id)
        content = _read_content(connection, known, article)
    if known and _is_embedded(runtime, known.content, content):
        content = known.content
    else:
        content = runtime.scorers.base.embed_article(content)
    stored = StoredArticle(
        site=caller.site,
        id=article_id,
        content=content,
        url=article.url,
        section=article.section,
        cms_mode=article.mode,
        created_at=known.created_at if known else now,
        updated_at=now,
    )
    with runtime.database.writing() as connection:
        articles.put_article(connection, stored)
        if article.body:
            page_fetches.drop_request(connection, site=caller.site, article_id=article_id)
        request_fetch(runtime, connection, stored)
        if known and known.cms_mode is not stored.cms_mode:
            modes = {"from": str(known.cms_mode), "to": str(stored.cms_mode)}
            audit_log.record(connection, caller, "article.mode", subject=article_id, now=now, **modes)
        # Read again, because an editor's mode takes precedence over the one that was sent.
        stored_now = articles.find_article(connection, site=caller.site, article_id=article_id)
    assert stored_now is not None
    runtime.jobs.rescore(caller.site, article_id)
    return stored_now


def read_article(runtime: Runtime, caller: Caller, *, article_id: str) -> StoredArticle:
    """Return the article with this id. Raises NotFound."""
    caller.require_any(Right.COMMENTS, Right.MODERATE)
    with runtime.database.reading() as connection:
        article = articles.find_article(connection, site=caller.site, article_id=article_id)
    if article is None:
        raise NotFound("There is no article with this id.", field="id")
    return article


def _read_content(connection: Connection, known: StoredArticle | None, article: ArticleInput) -> Article:
    """Return the content that was sent, or the text that was fetched from the same page if none was sent."""
    if known is None or article.body or not article.url:
        return Article(article.title, article.body)
    if not page_fetches.is_fetched(connection, site=known.site, article_id=known.id, url=article.url):
        return Article(article.title, article.body)
    return Article(article.title or known.content.title, known.content.text)


def _is_embedded(runtime: Runtime, known: Article, content: Article) -> bool:
    """Return whether the known article has this content, with embeddings by the present encoder."""
    is_current = known.vectors is not None and known.vectors.encoder == runtime.scorers.base.encoder_hash
    return is_current and replace(known, vectors=None) == content

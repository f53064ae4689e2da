"""Articles: the CMS registers what comments are about, before or after the first of them."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from models.comment import Article
from service.domain.errors import NotFound
from service.domain.policy.rules import Mode
from service.domain.rights import Caller, Right
from service.domain.text_validation import refuse_controls
from service.moderation.articles.page_fetches import request_fetch
from service.moderation.runtime import Runtime
from service.store.articles import articles, page_fetches
from service.store.articles.articles import StoredArticle
from service.store.insights import audit_log


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """An article as the CMS sends it."""

    title: str = ""
    body: str = ""
    url: str | None = None
    section: str | None = None
    mode: Mode = Mode.OPEN


def register_article(runtime: Runtime, caller: Caller, *, article_id: str, facts: ArticleFacts) -> StoredArticle:
    """Adds or replaces an article, embedding it once; comments that waited for it are scored again.

    Sent again without text, it keeps what was fetched from its page.
    """
    caller.require(Right.COMMENTS)
    refuse_controls(facts.title, field="title")
    refuse_controls(facts.body, field="body")
    now = runtime.clock()
    with runtime.database.reading() as connection:
        known = articles.find_article(connection, site=caller.site, article_id=article_id)
        content = _complete(connection, known, facts)
    if known and _is_embedded(runtime, known.content, content):
        content = known.content
    else:
        content = runtime.scorers.base.embed_article(content)
    article = StoredArticle(
        site=caller.site,
        id=article_id,
        content=content,
        url=facts.url,
        section=facts.section,
        cms_mode=facts.mode,
        created_at=known.created_at if known else now,
        updated_at=now,
    )
    with runtime.database.writing() as connection:
        articles.put_article(connection, article)
        if facts.body:
            page_fetches.drop_wish(connection, site=caller.site, article_id=article_id)
        request_fetch(runtime, connection, article)
        if known and known.cms_mode is not article.cms_mode:
            audit_log.record(
                connection,
                site=caller.site,
                actor=caller.name,
                action="article.mode",
                subject=article_id,
                details={"from": str(known.cms_mode), "to": str(article.cms_mode)},
                now=now,
            )
        kept = articles.find_article(connection, site=caller.site, article_id=article_id)
    assert kept is not None
    runtime.jobs.rescore(caller.site, article_id)
    return kept


def read_article(runtime: Runtime, caller: Caller, *, article_id: str) -> StoredArticle:
    """The article with this id; raises NotFound."""
    if Right.COMMENTS not in caller.rights:
        caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        article = articles.find_article(connection, site=caller.site, article_id=article_id)
    if article is None:
        raise NotFound("There is no article with this id.", field="id")
    return article


def _complete(connection: Connection, known: StoredArticle | None, facts: ArticleFacts) -> Article:
    """What was sent; the words that were fetched from the same page stand in for those that were not sent."""
    if known is None or facts.body or not facts.url:
        return Article(facts.title, facts.body)
    if not page_fetches.is_fetched(connection, site=known.site, article_id=known.id, url=facts.url):
        return Article(facts.title, facts.body)
    return Article(facts.title or known.content.title, known.content.text)


def _is_embedded(runtime: Runtime, known: Article, sent: Article) -> bool:
    current = known.vectors is not None and known.vectors.encoder == runtime.scorers.base.encoder_identity
    return current and replace(known, vectors=None) == sent

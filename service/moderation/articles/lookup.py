"""Finding an article by the address of its page, and registering a page by its address alone."""

from sqlalchemy import Connection

from service.domain.rights import Caller
from service.domain.urls import page_id, spellings
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.runtime import Runtime
from service.store.articles import articles

UNKNOWN_ARTICLE = "page-unknown"
"""The article id of comments that arrive without an address. It is never registered, so their relevance is unknown."""


def find_article_id(connection: Connection, *, site: str, address: str) -> str:
    """Return the id of the article at an address.

    If it is not known yet, this is the id that it will have if its page is imported later.
    """
    page = page_id(address)
    if page is None:
        return UNKNOWN_ARTICLE
    return articles.find_article_id(connection, site=site, page=page, addresses=spellings(address)) or page


def register_page(runtime: Runtime, caller: Caller, address: str) -> None:
    """Register the article at an address without any content, unless it is known already or this is no address."""
    with runtime.database.reading() as connection:
        article_id = find_article_id(connection, site=caller.site, address=address)
        known = articles.find_article(connection, site=caller.site, article_id=article_id)
    if known is None and article_id != UNKNOWN_ARTICLE:
        register_article(runtime, caller, article_id=article_id, article=ArticleInput(url=address))

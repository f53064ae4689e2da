"""Imports of articles: from a file or feed, and on a schedule from the feeds of the setting."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog

from models.comment import Article
from service.batch.article_files import ArticleRow, read_articles
from service.batch.comment_files import FileInvalid
from service.domain.errors import DomainError, TextInvalid
from service.domain.rights import Caller, Right
from service.moderation.access.users import operator_of
from service.moderation.articles.registration import ArticleFacts, register_article
from service.moderation.intake.external import UNKNOWN_ARTICLE, find_article_id
from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.net.fetching import Fetcher, FetchFailed
from service.store.access import sites
from service.store.articles import articles

log = structlog.get_logger()


@dataclass(slots=True)
class Imported:
    """How many articles were new, changed, as they were, or could not be used."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


def import_articles(runtime: Runtime, caller: Caller, *, rows: Iterable[ArticleRow]) -> Imported:
    """Registers each article, under the id that its page has here already.

    What is known is never replaced by less: feeds often have a summary where the CMS has sent the whole text.
    """
    caller.require(Right.COMMENTS)
    imported = Imported()
    for row in rows:
        outcome = _import(runtime, caller, row)
        setattr(imported, outcome, getattr(imported, outcome) + 1)
    return imported


def make_fetcher(runtime: Runtime) -> Fetcher:
    """What fetches feeds, from addresses that webhooks may reach too."""
    guard = make_address_guard(runtime.settings.webhook_allowed_hosts)
    return Fetcher(guard=guard, timeout_seconds=runtime.settings.webhook_timeout_seconds)


def read_feed(fetcher: Fetcher, url: str) -> list[ArticleRow]:
    """The articles of a feed, or of a CSV, at an address; raises FetchFailed, FileInvalid."""
    found = fetcher.fetch(url)
    if found.status != HTTPStatus.OK:
        raise FetchFailed(f"status {found.status}")
    return list(read_articles(found.content, address=found.url))


def import_feeds(runtime: Runtime, fetcher: Fetcher) -> int:
    """Imports every feed of the setting and says how many; one that fails is logged and does not stop the others."""
    for feed in runtime.settings.article_feeds:
        site, _, url = feed.partition("=")
        told = log.bind(site=site, host=_find_host(url))
        try:
            with runtime.database.reading() as connection:
                known = sites.find_site(connection, site)
            if known is None:
                told.warning("feed not imported", reason="no such site")
                continue
            imported = import_articles(runtime, operator_of(site), rows=read_feed(fetcher, url))
            told.info("feed imported", added=imported.added, changed=imported.changed)
        except (FetchFailed, FileInvalid, DomainError) as failure:
            told.warning("feed not imported", reason=str(failure))
    return len(runtime.settings.article_feeds)


def _find_host(url: str) -> str:
    """What the log may say of a feed: paths and queries of such addresses are often secrets themselves."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _import(runtime: Runtime, caller: Caller, row: ArticleRow) -> str:
    with runtime.database.reading() as connection:
        article_id = row.id or find_article_id(connection, site=caller.site, address=row.url or "")
        known = articles.find_article(connection, site=caller.site, article_id=article_id)
    if article_id == UNKNOWN_ARTICLE:
        return "refused"
    content = Article(row.title, row.body)
    if known is not None:
        before = known.content
        content = Article(row.title or before.title, row.body if len(row.body) > len(before.text) else before.text)
        if (content.title, content.text) == (before.title, before.text) and known.url == (row.url or known.url):
            return "unchanged"
    facts = ArticleFacts(
        title=content.title,
        body=content.text,
        url=row.url or (known.url if known else None),
        section=(known.section if known else None) or row.section,
        **({"mode": known.cms_mode} if known else {}),
    )
    try:
        register_article(runtime, caller, article_id=article_id, facts=facts)
    except TextInvalid:
        return "refused"
    return "changed" if known else "added"

"""Imports of articles: from a file or feed, and regularly from the feeds in the settings."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog

from models.comment import Article
from service.batch.article_files import ArticleRow, read_articles
from service.batch.comment_files import FileInvalid
from service.domain.errors import DomainError, TextInvalid
from service.domain.rights import Caller, Right
from service.moderation.access.users import operator_of
from service.moderation.articles.lookup import UNKNOWN_ARTICLE, find_article_id
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.net.fetching import Fetcher, FetchFailed
from service.store.access import sites
from service.store.articles import articles
from service.store.articles.articles import StoredArticle

log = structlog.get_logger()


class _Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """How many articles were new, changed, unchanged, or could not be used."""

    added: int
    changed: int
    unchanged: int
    refused: int


def import_articles(runtime: Runtime, caller: Caller, *, rows: Iterable[ArticleRow]) -> ImportResult:
    """Register each article, with the id that its page already has here.

    A longer text is never replaced by a shorter one: feeds often have a summary where the CMS has sent the whole text.
    """
    caller.require(Right.COMMENTS)
    outcomes = Counter(_import_article(runtime, caller, row) for row in rows)
    return ImportResult(
        added=outcomes[_Outcome.ADDED],
        changed=outcomes[_Outcome.CHANGED],
        unchanged=outcomes[_Outcome.UNCHANGED],
        refused=outcomes[_Outcome.REFUSED],
    )


def make_fetcher(runtime: Runtime) -> Fetcher:
    """Return a fetcher for feeds. It can reach the same addresses as webhooks."""
    guard = make_address_guard(runtime.settings.webhook_allowed_hosts)
    return Fetcher(guard=guard, timeout_seconds=runtime.settings.webhook_timeout_seconds)


def read_feed(fetcher: Fetcher, url: str) -> list[ArticleRow]:
    """Return the articles of a feed or CSV file at an address. Raises FetchFailed, FileInvalid."""
    response = fetcher.fetch(url)
    if response.status != HTTPStatus.OK:
        raise FetchFailed(f"status {response.status}")
    return list(read_articles(response.content, address=response.url))


def import_feeds(runtime: Runtime, fetcher: Fetcher) -> int:
    """Import every feed in the settings and return their number. A feed that fails is logged and skipped."""
    for feed in runtime.settings.article_feeds:
        site, _, url = feed.partition("=")
        feed_log = log.bind(site=site, host=_host_of(url))
        try:
            with runtime.database.reading() as connection:
                known = sites.find_site(connection, site)
            if known is None:
                feed_log.warning("feed not imported", reason="no such site")
                continue
            imported = import_articles(runtime, operator_of(site), rows=read_feed(fetcher, url))
            feed_log.info("feed imported", added=imported.added, changed=imported.changed)
        except (FetchFailed, FileInvalid, DomainError) as failure:
            feed_log.warning("feed not imported", reason=str(failure))
    return len(runtime.settings.article_feeds)


def _host_of(url: str) -> str:
    # The log has the host alone, because the path and query of a feed's address are often secret.
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _import_article(runtime: Runtime, caller: Caller, row: ArticleRow) -> _Outcome:
    with runtime.database.reading() as connection:
        article_id = row.id or find_article_id(connection, site=caller.site, address=row.url or "")
        known = articles.find_article(connection, site=caller.site, article_id=article_id)
    if article_id == UNKNOWN_ARTICLE:
        return _Outcome.REFUSED
    content = _merge_content(known, row)
    if known and _is_unchanged(known, content, row):
        return _Outcome.UNCHANGED
    article = ArticleInput(
        title=content.title,
        body=content.text,
        url=row.url or (known.url if known else None),
        section=(known.section if known else None) or row.section,
        **({"mode": known.cms_mode} if known else {}),
    )
    try:
        register_article(runtime, caller, article_id=article_id, article=article)
    except TextInvalid:
        return _Outcome.REFUSED
    return _Outcome.CHANGED if known else _Outcome.ADDED


def _merge_content(known: StoredArticle | None, row: ArticleRow) -> Article:
    if known is None:
        return Article(row.title, row.body)
    longer_text = row.body if len(row.body) > len(known.content.text) else known.content.text
    return Article(row.title or known.content.title, longer_text)


def _is_unchanged(known: StoredArticle, content: Article, row: ArticleRow) -> bool:
    has_same_content = (content.title, content.text) == (known.content.title, known.content.text)
    return has_same_content and known.url == (row.url or known.url)

"""Fetching an article's own page for its words, where nobody has sent them; off unless a setting lists the host."""

from datetime import timedelta

import structlog
from sqlalchemy import Connection

from models.comment import Article
from service.batch.article_files import ArticleRow
from service.batch.article_pages import read_page
from service.batch.comment_files import FileInvalid
from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.net.fetching import Fetcher, FetchFailed
from service.net.pages import PageFetcher, is_on_hosts
from service.store.articles import articles, page_fetches
from service.store.articles.articles import StoredArticle
from service.store.articles.page_fetches import FetchRequest

log = structlog.get_logger()

PAUSES = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=16),
)
"""Waits after the first, second, … attempt; after one more, the page is given up."""


def make_page_fetcher(runtime: Runtime) -> PageFetcher:
    """What fetches pages of the listed hosts, from addresses that webhooks may reach too."""
    guard = make_address_guard(runtime.settings.webhook_allowed_hosts)
    fetcher = Fetcher(guard=guard, timeout_seconds=runtime.settings.webhook_timeout_seconds)
    return PageFetcher(fetcher, guard=guard, hosts=runtime.settings.article_fetch_hosts)


def request_fetch(runtime: Runtime, connection: Connection, article: StoredArticle) -> None:
    """Wants the page of an article without text, if its host is listed."""
    if article.content.text or not article.url or not is_on_hosts(article.url, runtime.settings.article_fetch_hosts):
        return
    page_fetches.add_wish(connection, site=article.site, article_id=article.id, url=article.url, now=runtime.clock())


def is_any_due(runtime: Runtime) -> bool:
    """Whether there is a page to fetch now."""
    if not runtime.settings.article_fetch_hosts:
        return False
    with runtime.database.reading() as connection:
        return bool(page_fetches.list_due(connection, now=runtime.clock(), limit=1))


def fetch_due(runtime: Runtime, pages: PageFetcher, *, limit: int = 20) -> int:
    """Fetches pages that are due, one after the other, and says how many articles got their text.

    An attempt is counted before it is made: whatever becomes of this process, the next one is due in its time.
    """
    with runtime.database.reading() as connection:
        due = page_fetches.list_due(connection, now=runtime.clock(), limit=limit)
    return sum(_fetch(runtime, pages, wish) for wish in due)


def _fetch(runtime: Runtime, pages: PageFetcher, wish: FetchRequest) -> bool:
    now = runtime.clock()
    next_at = now + PAUSES[wish.attempts] if wish.attempts < len(PAUSES) else None
    with runtime.database.writing() as connection:
        if not page_fetches.take_wish(connection, wish, now=now, next_at=next_at):
            return False
    facts = {"site": wish.site, "article": wish.article_id, "attempts": wish.attempts + 1}
    try:
        found = pages.fetch(wish.url)
        row = read_page(found.content, address=found.url)
    except (FetchFailed, FileInvalid) as failure:
        log.warning("article not fetched", **facts, reason=str(failure), gives_up=next_at is None)
        return False
    is_filled = _fill(runtime, wish, row)
    log.info("article fetched", **facts, is_filled=is_filled)
    return is_filled


def _fill(runtime: Runtime, wish: FetchRequest, row: ArticleRow) -> bool:
    """Gives the article its text, unless somebody has meanwhile; its title, if it has one, stays."""
    with runtime.database.reading() as connection:
        known = articles.find_article(connection, site=wish.site, article_id=wish.article_id)
    if known is None or known.content.text:
        return False
    content = runtime.scorers.base.embed_article(Article(known.content.title or row.title, row.body))
    with runtime.database.writing() as connection:
        if not articles.fill_article(connection, known, content, now=runtime.clock()):
            return False
        page_fetches.note_fetched(connection, wish, now=runtime.clock())
    runtime.jobs.rescore(wish.site, wish.article_id)
    return True

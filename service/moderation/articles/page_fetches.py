"""Fetching an article's text from its own page if the CMS has sent none. A setting lists the hosts; none by default."""

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

RETRY_DELAYS = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=16),
)
"""The delays after the first, second, … attempt. After one more attempt, the page is given up."""


def make_page_fetcher(runtime: Runtime) -> PageFetcher:
    """Return a fetcher for pages of the listed hosts. It can reach the same addresses as webhooks."""
    guard = make_address_guard(runtime.settings.webhook_allowed_hosts)
    fetcher = Fetcher(guard=guard, timeout_seconds=runtime.settings.webhook_timeout_seconds)
    return PageFetcher(fetcher, guard=guard, hosts=runtime.settings.article_fetch_hosts)


def request_fetch(runtime: Runtime, connection: Connection, article: StoredArticle) -> None:
    """Request the page of an article without text, if its host is listed."""
    if article.content.text or not article.url or not is_on_hosts(article.url, runtime.settings.article_fetch_hosts):
        return
    page_fetches.add_request(connection, site=article.site, article_id=article.id, url=article.url, now=runtime.clock())


def is_any_due(runtime: Runtime) -> bool:
    """Return whether any page is due."""
    if not runtime.settings.article_fetch_hosts:
        return False
    with runtime.database.reading() as connection:
        return bool(page_fetches.list_due(connection, now=runtime.clock(), limit=1))


def fetch_due(runtime: Runtime, pages: PageFetcher, *, limit: int = 20) -> int:
    """Fetch pages that are due, one after the other. Return how many articles got their text.

    An attempt is counted before it is made, so that the next one is due on time even if this process is killed.
    """
    with runtime.database.reading() as connection:
        due = page_fetches.list_due(connection, now=runtime.clock(), limit=limit)
    return sum(_fetch(runtime, pages, request) for request in due)


def _fetch(runtime: Runtime, pages: PageFetcher, request: FetchRequest) -> bool:
    now = runtime.clock()
    next_at = now + RETRY_DELAYS[request.attempts] if request.attempts < len(RETRY_DELAYS) else None
    with runtime.database.writing() as connection:
        if not page_fetches.take_request(connection, request, now=now, next_at=next_at):
            return False
    request_log = log.bind(site=request.site, article=request.article_id, attempts=request.attempts + 1)
    try:
        page = pages.fetch(request.url)
        row = read_page(page.content, address=page.url)
    except (FetchFailed, FileInvalid) as failure:
        request_log.warning("article not fetched", reason=str(failure), gives_up=next_at is None)
        return False
    is_filled = _fill(runtime, request, row)
    request_log.info("article fetched", is_filled=is_filled)
    return is_filled


def _fill(runtime: Runtime, request: FetchRequest, row: ArticleRow) -> bool:
    """Set the article's text, unless it has got one in the meantime. An existing title stays."""
    with runtime.database.reading() as connection:
        known = articles.find_article(connection, site=request.site, article_id=request.article_id)
    if known is None or known.content.text:
        return False
    content = runtime.scorers.base.embed_article(Article(known.content.title or row.title, row.body))
    with runtime.database.writing() as connection:
        if not articles.fill_article(connection, known, content, now=runtime.clock()):
            return False
        page_fetches.mark_fetched(connection, request, now=runtime.clock())
    runtime.jobs.rescore(request.site, request.article_id)
    return True

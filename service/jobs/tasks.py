"""The consuming end of the job queue: what a worker does for each kind of job."""

import threading

from huey import Huey

from service.jobs.queue import Tasks, register_tasks
from service.moderation.articles.page_fetches import fetch_due, make_page_fetcher
from service.moderation.intake.submit import rescore_waiting
from service.moderation.runtime import Runtime
from service.moderation.webhooks.deliveries import deliver
from service.webhooks.sending import WebhookSender


def register_work(huey: Huey, runtime: Runtime, sender: WebhookSender) -> Tasks:
    """Register the functions with which this process does the queue's jobs."""
    fetcher = make_page_fetcher(runtime)
    fetching = threading.Lock()

    def deliver_one(delivery_id: int) -> None:
        deliver(runtime, delivery_id, sender=sender)

    def rescore_article(site: str, article_id: str) -> None:
        rescore_waiting(runtime, site=site, article_id=article_id)

    def fetch_articles() -> None:
        # One page at a time, however often the sweep asks: neither a slow host nor many articles may take the
        # threads that webhooks need, and no publication's host should be hurried.
        if fetching.acquire(blocking=False):
            try:
                fetch_due(runtime, fetcher)
            finally:
                fetching.release()

    return register_tasks(huey, deliver=deliver_one, rescore=rescore_article, fetch=fetch_articles)

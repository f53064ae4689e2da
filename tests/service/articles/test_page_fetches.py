"""Fetching an article's text from its page: from listed hosts, as robots.txt allows."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from models.comment import Article
from service.jobs.worker import Stop, run_worker
from service.moderation.access.users import operator_of
from service.moderation.articles.page_fetches import RETRY_DELAYS, fetch_due, is_any_due, make_page_fetcher
from service.moderation.articles.registration import ArticleInput, read_article, register_article
from service.moderation.intake.external import ExternalComment, ingest
from service.moderation.intake.submit import Submission, rescore_waiting, submit
from service.moderation.runtime import Runtime
from service.net.fetching import MAX_BYTES
from service.settings import Settings, SettingsInvalid
from service.store.articles import articles, page_fetches
from tests.conftest import Clock
from tests.support.builders import PRAISE, a_site
from tests.support.receiver import Receiver, Reply, run_receiver

HEADLINE = "Council approves tram extension to the hospital"
PARAGRAPHS = (
    "The city council voted on Tuesday to extend tram line 9 to the university hospital, which will cost 84 million.",
    "Nurses and night staff had asked for a connection for years, because the last bus leaves at ten.",
)
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{HEADLINE} | Gazette</title>
<meta property="og:title" content="{HEADLINE}"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<main><article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article>
<section id="comments"><div class="comment"><p>I never liked the mayor.</p></div></section></main>
<footer>All rights reserved.</footer></body></html>""".encode()
HTML = {"content-type": "text/html; charset=utf-8"}
STORY = Reply(headers=HTML, body=PAGE)
BANNER = Reply(headers=HTML, body=b"<html><body><p>Please accept our cookies.</p></body></html>")


@pytest.fixture
def gazette() -> Iterator[Receiver]:
    """The newspaper's own server, without a robots.txt."""
    with run_receiver() as running:
        running.usual = Reply(status=404)
        running.pages["/tram"] = STORY
        yield running


@pytest.fixture
def newsroom(runtime: Runtime) -> Runtime:
    """A runtime that may fetch from one host, and not from `localhost`."""
    a_site(runtime)
    return with_settings(runtime, article_fetch_hosts=("127.0.0.1",))


def with_settings(runtime: Runtime, **changes: object) -> Runtime:
    return replace(runtime, settings=runtime.settings.model_copy(update=changes))


def address_of(gazette: Receiver, path: str = "/tram") -> str:
    return f"http://127.0.0.1:{gazette.port}{path}"


def register(runtime: Runtime, gazette: Receiver, **facts: str) -> None:
    facts = {"url": address_of(gazette), **facts}
    register_article(runtime, operator_of("gazette"), article_id="tram", article=ArticleInput(**facts))


def fetch(runtime: Runtime) -> int:
    return fetch_due(runtime, make_page_fetcher(runtime))


def read(runtime: Runtime, article_id: str = "tram") -> Article:
    return read_article(runtime, operator_of("gazette"), article_id=article_id).content


def paths(gazette: Receiver) -> list[str]:
    return [request.path for request in gazette.received]


def test_an_article_gets_title_and_text_from_its_page(newsroom: Runtime, gazette: Receiver) -> None:
    register(newsroom, gazette)
    submit(newsroom, operator_of("gazette"), Submission(id="c-1", article_id="tram", text=PRAISE))
    assert (fetch(newsroom), fetch(newsroom)) == (1, 0)
    article = read(newsroom)
    assert (article.title, article.text) == (HEADLINE, "\n".join(PARAGRAPHS))
    assert rescore_waiting(newsroom) == 1
    assert paths(gazette) == ["/robots.txt", "/tram"]
    assert gazette.received[0].headers["user-agent"].startswith("Commentdesk/")


def test_text_from_the_cms_is_never_replaced(newsroom: Runtime, gazette: Receiver) -> None:
    register(newsroom, gazette, title="Tram", body="From the CMS.")
    assert not is_any_due(newsroom)
    register(newsroom, gazette, title="Tram")
    with newsroom.database.reading() as connection:
        without_text = articles.find_article(connection, site="gazette", article_id="tram")
    assert without_text
    register(newsroom, gazette, title="Tram", body="From the CMS.")
    assert fetch(newsroom) == 0
    with newsroom.database.writing() as connection:
        late = articles.fill_article(connection, without_text, Article("Tram", "Late."), now=newsroom.clock())
    assert (late, read(newsroom).text, paths(gazette)) == (False, "From the CMS.", [])


def test_a_title_from_the_cms_is_never_replaced(newsroom: Runtime, gazette: Receiver) -> None:
    register(newsroom, gazette, title="The CMS's own headline")
    fetch(newsroom)
    assert (read(newsroom).title, read(newsroom).text) == ("The CMS's own headline", "\n".join(PARAGRAPHS))


def test_a_fetched_text_stays_if_the_cms_sends_none(newsroom: Runtime, gazette: Receiver) -> None:
    register(newsroom, gazette)
    fetch(newsroom)
    register(newsroom, gazette, section="local")
    assert (read(newsroom).text, is_any_due(newsroom)) == ("\n".join(PARAGRAPHS), False)
    register(newsroom, gazette, url=address_of(gazette, "/moved"))
    assert (read(newsroom).text, is_any_due(newsroom)) == ("", True)


def test_a_comment_requests_the_page_of_its_article(runtime: Runtime, gazette: Receiver) -> None:
    a_site(runtime)
    register(runtime, gazette)
    later = with_settings(runtime, article_fetch_hosts=("127.0.0.1",))
    assert fetch(later) == 0
    submit(later, operator_of("gazette"), Submission(id="c-1", article_id="tram", text=PRAISE))
    assert fetch(later) == 1


def test_an_external_comment_requests_its_page(newsroom: Runtime, gazette: Receiver) -> None:
    arrival = ExternalComment(source="coral", text=PRAISE, address=address_of(gazette, "/tram#comments"))
    ingest(newsroom, operator_of("gazette"), arrival)
    assert (fetch(newsroom), rescore_waiting(newsroom)) == (1, 1)
    assert read(newsroom, arrival.page).title == HEADLINE


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_only_listed_hosts_are_fetched(runtime: Runtime, gazette: Receiver) -> None:
    assert runtime.settings.article_fetch_hosts == ()
    a_site(runtime)
    elsewhere = with_settings(runtime, article_fetch_hosts=("gazette.example",))
    for unlisted in (runtime, elsewhere):
        register(unlisted, gazette)
        ingest(
            unlisted, operator_of("gazette"), ExternalComment(source="coral", text=PRAISE, address=address_of(gazette))
        )
        assert (is_any_due(unlisted), fetch(unlisted), paths(gazette)) == (False, 0, [])


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_robots_txt_is_respected(newsroom: Runtime, gazette: Receiver) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: Commentdesk\nAllow: /open\nDisallow: /*\n"
    gazette.pages |= {"/robots.txt": Reply(body=rules), "/open/tram": STORY}
    register(newsroom, gazette)
    assert (fetch(newsroom), paths(gazette)) == (0, ["/robots.txt"])
    register(newsroom, gazette, url=address_of(gazette, "/open/tram"))
    assert (fetch(newsroom), read(newsroom).title) == (1, HEADLINE)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_robots_txt_is_respected_after_a_redirect(newsroom: Runtime, gazette: Receiver) -> None:
    gazette.pages["/old"] = Reply(status=301, headers={"location": "/tram#top"})
    register(newsroom, gazette, url=address_of(gazette, "/old"))
    gazette.pages["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /tram\n")
    assert (fetch(newsroom), paths(gazette)) == (0, ["/robots.txt", "/old"])
    gazette.pages["/robots.txt"] = Reply(status=404)
    register(newsroom, gazette, url=address_of(gazette, "/old?again"))
    gazette.pages["/old?again"] = gazette.pages["/old"]
    assert fetch(newsroom) == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"/tram": Reply(headers=HTML, body=b"<p>" + b"x" * MAX_BYTES)},
        {"/tram": Reply(headers=HTML, body=PAGE, pause=1.5)},
        {"/tram": Reply(headers=HTML, body=PAGE, drip=0.1)},
        {"/tram": Reply(headers={"content-type": "application/json"}, body=PAGE)},
        {"/tram": Reply(headers=HTML, body=b"<p>word" * 50_000)},
        {"/tram": Reply(status=302, headers={"location": "/tram"})},
        {"/tram": Reply(status=404)},
        {"/tram": BANNER},
        {"/robots.txt": Reply(status=503)},
        {"/robots.txt": Reply(status=429)},
    ],
    ids=["large", "slow", "dripping", "not HTML", "tags", "circle", "missing", "banner", "robots gone", "robots busy"],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_unusable_page_is_retried_later(
    newsroom: Runtime, gazette: Receiver, clock: Clock, answers: dict[str, Reply]
) -> None:
    newsroom = with_settings(newsroom, webhook_timeout_seconds=1)
    gazette.pages |= answers
    register(newsroom, gazette)
    assert (fetch(newsroom), read(newsroom).text, is_any_due(newsroom)) == (0, "", False)
    gazette.pages |= {"/tram": STORY, "/robots.txt": Reply(status=404)}
    clock.advance(seconds=RETRY_DELAYS[0].total_seconds())
    assert fetch(newsroom) == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_redirect_to_an_unlisted_host_is_not_followed(newsroom: Runtime, gazette: Receiver) -> None:
    gazette.pages["/tram"] = Reply(status=302, headers={"location": f"http://localhost:{gazette.port}/abroad"})
    gazette.pages["/abroad"] = STORY
    register(newsroom, gazette)
    assert (fetch(newsroom), paths(gazette)) == (0, ["/robots.txt", "/tram"])


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_private_address_needs_the_permission_for_webhooks(newsroom: Runtime, gazette: Receiver) -> None:
    strict = with_settings(newsroom, webhook_allowed_hosts=())
    register(strict, gazette)
    assert (fetch(strict), paths(gazette)) == (0, [])


def test_a_page_is_given_up_after_a_day(newsroom: Runtime, gazette: Receiver, clock: Clock) -> None:
    gazette.pages["/tram"] = Reply(status=404)
    register(newsroom, gazette)
    pages = make_page_fetcher(newsroom)
    for pause in (*RETRY_DELAYS, timedelta(days=9)):
        fetch_due(newsroom, pages)
        clock.advance(seconds=pause.total_seconds())
    assert not is_any_due(newsroom)
    assert paths(gazette).count("/tram") == len(RETRY_DELAYS) + 1


def test_a_killed_fetch_is_repeated(newsroom: Runtime, gazette: Receiver, clock: Clock) -> None:
    register(newsroom, gazette)
    now = clock()
    with newsroom.database.writing() as connection:
        (wish,) = page_fetches.list_due(connection, now=now, limit=9)
        assert page_fetches.take_request(connection, wish, now=now, next_at=now + RETRY_DELAYS[0])
        assert not page_fetches.take_request(connection, wish, now=now, next_at=now + RETRY_DELAYS[0])
    assert fetch(newsroom) == 0
    clock.advance(seconds=RETRY_DELAYS[0].total_seconds())
    assert fetch(newsroom) == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_worker_fetches_pages(newsroom: Runtime, gazette: Receiver) -> None:
    register(newsroom, gazette)
    stop = Stop()
    worker = threading.Thread(target=run_worker, args=(newsroom,), kwargs={"stop": stop, "threads": 2})
    worker.start()
    gazette.wait_until(lambda received: any(request.path == "/tram" for request in received))
    stop.put(0)
    worker.join(timeout=60)
    assert read(newsroom).title == HEADLINE


def test_a_setting_with_an_address_instead_of_a_host_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTDESK_ARTICLE_FETCH_HOSTS", "https://gazette.example/")
    with pytest.raises(SettingsInvalid, match=r"COMMENTDESK_ARTICLE_FETCH_HOSTS: .* without https"):
        Settings.read()


def test_without_the_extra_the_setting_names_what_to_install() -> None:
    # As if a package were not there, in Python's own way of saying so.
    program = "import sys; sys.modules['trafilatura'] = None; from service.settings import Settings; Settings.read()"
    environment = {"COMMENTDESK_ARTICLE_FETCH_HOSTS": "gazette.example"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "COMMENTDESK_ARTICLE_FETCH_HOSTS" in done.stderr
    assert "pip install 'commentdesk[fetch]'" in done.stderr

"""Imports of articles from CSV, RSS and Atom, by file, address or schedule."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from service.batch.article_files import ArticleRow, read_articles
from service.batch.comment_files import FileInvalid
from service.domain.policy.site_policy import Mode
from service.moderation.articles.imports import import_articles, import_feeds, make_fetcher, read_feed
from service.moderation.articles.modes import set_article_mode
from service.moderation.articles.registration import ArticleInput, read_article, register_article
from service.moderation.intake.submit import Submission, rescore_waiting, submit
from service.moderation.runtime import Runtime
from service.net.fetching import MAX_BYTES, FetchFailed
from service.settings import Settings
from tests.support.builders import PRAISE, a_site
from tests.support.receiver import Reply, run_receiver

STORY = "https://gazette.example/tram"

CSV = b"""url,headline,text,section
https://gazette.example/tram,Tram to the hospital,"The council voted.
It was close.",local
,No address,Words,
"""

RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gazette</title>
<item><title>Tram &amp; hospital</title><link>https://gazette.example/tram</link><category>local</category>
<description>A summary.</description>
<content:encoded><![CDATA[<p>The council voted.</p><p>It was <b>close</b>.</p>]]></content:encoded></item>
<item><title>By its guid</title><guid>https://gazette.example/guid</guid><description>x</description></item>
<item><title>Nowhere</title><guid isPermaLink="false">17</guid></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title>
<entry><title type="html">Tram &amp;amp; hospital</title><link rel="self" href="/self"/><link href="/tram"/>
<category term="local"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It was close.</p></div></content>
</entry></feed>"""

BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rss><channel><item><title>&b;</title></item>
</channel></rss>"""


def test_csv_columns_are_found_by_name() -> None:
    body = "The council voted.\nIt was close."
    expected = ArticleRow(url=STORY, title="Tram to the hospital", body=body, section="local")
    assert list(read_articles(CSV)) == [expected]


def test_rss_is_read_with_its_full_text() -> None:
    tram, guid = read_articles(RSS)
    body = "The council voted.\nIt was close."
    assert tram == ArticleRow(url=STORY, title="Tram & hospital", body=body, section="local")
    assert guid.url == "https://gazette.example/guid"


def test_atom_addresses_are_resolved() -> None:
    (tram,) = read_articles(ATOM, address="https://gazette.example/feed")
    assert tram == ArticleRow(url=STORY, title="Tram & hospital", body="It was close.", section="local")


@pytest.mark.parametrize("content", [BOMB, b"<rss", b"<html></html>", b"name,text\n", b"\xff\xfe", b'url\n"a'])
def test_a_file_without_articles_is_refused(content: bytes) -> None:
    with pytest.raises(FileInvalid):
        list(read_articles(content))


def test_an_import_matches_by_address_and_keeps_the_longer_text(runtime: Runtime) -> None:
    site = a_site(runtime)
    known = ArticleInput(title="Tram", body="The whole report, which is longer than its summary.", url=f"{STORY}/")
    register_article(runtime, site, article_id="a-1", article=known)
    imported = import_articles(runtime, site, rows=[ArticleRow(url=STORY, title="Tram: a new headline", body="Short.")])
    article = read_article(runtime, site, article_id="a-1")
    assert (imported.changed, imported.added) == (1, 0)
    assert (article.content.title, article.content.text) == ("Tram: a new headline", known.body)
    again = import_articles(runtime, site, rows=[ArticleRow(url=STORY, title="Tram: a new headline", body="Short.")])
    assert again.unchanged == 1


def test_an_import_does_not_change_an_editors_mode(runtime: Runtime) -> None:
    operator = a_site(runtime)
    register_article(
        runtime, operator, article_id="ferry", article=ArticleInput(title="Ferry", url="https://n.example/f")
    )
    set_article_mode(runtime, operator, article_id="ferry", mode=Mode.CLOSED)
    import_articles(runtime, operator, rows=[ArticleRow(id="ferry", title="Ferry to run", body="From May on.")])
    assert read_article(runtime, operator, article_id="ferry").mode is Mode.CLOSED
    set_article_mode(runtime, operator, article_id="ferry", mode=None)
    assert read_article(runtime, operator, article_id="ferry").mode is Mode.OPEN


def test_earlier_comments_are_scored_again_after_an_import(runtime: Runtime) -> None:
    site = a_site(runtime)
    import_articles(runtime, site, rows=[ArticleRow(url=STORY, title="Tram to the hospital approved")])
    (row,) = read_articles(CSV)
    page = "page-unregistered"
    submit(runtime, site, Submission(id="c-1", article_id=page, text=PRAISE))
    register_article(runtime, site, article_id=page, article=ArticleInput(url="https://gazette.example/later"))
    assert rescore_waiting(runtime) == 0, "an address alone changes no score"
    import_articles(
        runtime, site, rows=[ArticleRow(url="https://gazette.example/later", title=row.title, body=row.body)]
    )
    assert rescore_waiting(runtime) == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_feed_is_fetched_with_limits(runtime: Runtime, settings: Settings) -> None:
    fetcher = make_fetcher(runtime)
    with run_receiver() as receiver:
        receiver.replies.append(Reply(status=302, headers={"location": "http://10.0.0.1/feed"}))
        receiver.replies.append(Reply(body=b"x" * (MAX_BYTES + 1)))
        receiver.replies.append(Reply(status=500))
        receiver.usual = Reply(body=RSS)
        for _ in range(3):
            with pytest.raises(FetchFailed):
                read_feed(fetcher, receiver.url)
        assert len(read_feed(fetcher, receiver.url)) == 2
    assert settings.article_feeds == ()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_log_has_only_the_host_of_a_feed(runtime: Runtime) -> None:
    a_site(runtime)
    with run_receiver() as receiver, capture_logs() as lines:
        receiver.usual = Reply(body=RSS)
        receiver.replies.append(Reply(status=500))
        secret = f"{receiver.url}/of/ours?key=s3cret"
        feeds = (f"gazette={secret}", f"gazette={secret}", f"nobody={secret}", "gazette=https://[s3cret")
        configured = replace(runtime, settings=runtime.settings.model_copy(update={"article_feeds": feeds}))
        import_feeds(configured, make_fetcher(runtime))
    assert [line["host"] for line in lines] == ["127.0.0.1", "127.0.0.1", "127.0.0.1", ""]
    assert "s3cret" not in repr(lines)
    assert "of/ours" not in repr(lines)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_failing_feed_does_not_stop_others(runtime: Runtime) -> None:
    site = a_site(runtime)
    with run_receiver() as receiver:
        receiver.usual = Reply(body=RSS)
        receiver.replies.append(Reply(status=500))
        feeds = (f"gazette={receiver.url}", f"nobody={receiver.url}", f"gazette={receiver.url}")
        configured = replace(runtime, settings=runtime.settings.model_copy(update={"article_feeds": feeds}))
        import_feeds(configured, make_fetcher(runtime))
    imported = import_articles(runtime, site, rows=read_articles(RSS))
    assert imported.unchanged == 2

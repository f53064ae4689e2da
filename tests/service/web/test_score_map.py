"""The score map without JavaScript: the table, the selected range, and the points that the script would draw."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.site_policy import Outcome
from service.moderation.runtime import Runtime
from tests.conftest import NOON
from tests.support.browserless import Page, Visitor, a_moderator, a_visitor
from tests.support.builders import a_cms
from tests.support.history import Past, write_past


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    return a_moderator(client)


def runtime_of(client: TestClient) -> Runtime:
    runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return runtime


def row_of(page: Page, name: str) -> list[str]:
    """Return the cells of one row of the table."""
    for row in page.tree.css(".bins tbody tr"):
        if row.css_first("th").text(strip=True) == name:
            return [cell.text(strip=True) for cell in row.css("td")]
    raise AssertionError(f"There is no row '{name}'.")


PAST = [
    Past(toxicity=0.02),
    Past(toxicity=0.04),
    Past(toxicity=0.62, said=Outcome.REJECT),
    Past(toxicity=0.85),
    Past(toxicity=1.0, said=Outcome.APPROVE),
]


def test_an_empty_day_says_so(ana: Visitor) -> None:
    assert "No comments." in ana.open("/score-map").words


def test_the_table_counts_a_day_by_score_and_state(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map")
    assert f"received on {NOON.date()} (UTC)" in page.words
    assert row_of(page, "0 to 5 %") == ["2", "0", "0", "2"]
    assert row_of(page, "60 to 65 %") == ["0", "0", "1", "1"]
    assert row_of(page, "85 to 90 %") == ["0", "1", "0", "1"]
    assert row_of(page, "95 to 100 %") == ["1", "0", "0", "1"]


def test_other_days_articles_and_sites_are_left_out(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    yesterday = (NOON - timedelta(days=1)).date()
    for path in (f"/score-map?day={yesterday}", "/score-map?article=other"):
        assert "No comments." in ana.open(path).words
    assert "No comments." in a_moderator(client, "bo@news.example", site="herald").open("/score-map").words


def test_comments_without_the_score_are_counted_as_unknown(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    assert row_of(ana.open("/score-map?article=tram&score=likely_to_reject"), "Unknown")[-1] == "5"


def test_a_range_lists_comments_and_links_to_queue_and_bulk_review(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map?article=tram&low=60&high=90")
    links = [link.attributes["href"] for link in page.tree.css(".selected-range a.text")]
    assert links == ["/comments/p-3", "/comments/p-2"]
    for target in ("/queue?score=toxicity&low=60&high=90&article=tram", "/bulk?scope=filtered&score=toxicity"):
        (link,) = page.tree.css(f".selected-range a[href^='{target}']")
        assert ana.open(link.attributes["href"] or "").status == 200


def test_a_range_of_a_day_selects_its_comments_for_bulk_review(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    form = ana.open("/score-map?low=60&high=90").form_with("Decide 1 pending comment")
    assert form.attributes["action"] == "/bulk"
    assert [field.attributes["value"] for field in form.css("input[name=selected]")] == ["p-3"]
    assert ana.open("/bulk?scope=selected&selected=p-3").status == 200


def test_a_row_of_the_table_links_to_its_range(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map?article=tram")
    links = {link.text(strip=True): link.attributes["href"] for link in page.tree.css(".bins a")}
    assert len(ana.open(links["0 to 5 %"] or "").tree.css(".selected-range li")) == 2


def test_the_points_are_sent_as_columns(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    points = ana.client.get("/score-map/points?article=tram").json()
    columns = zip(points["ids"], points["scores"], points["states"], strict=True)
    assert sorted(columns) == [
        ("p-0", 20, "a"), ("p-1", 40, "a"), ("p-2", 620, "r"), ("p-3", 850, "h"), ("p-4", 1000, "a"),
    ]  # fmt: skip


def test_an_erased_comment_is_not_on_the_map(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    a_cms(client).delete("/v1/comments/p-3")
    assert "p-3" not in ana.client.get("/score-map/points?article=tram").json()["ids"]
    assert not ana.open("/score-map?article=tram&low=80&high=90").tree.css(".selected-range li")


@pytest.mark.parametrize(
    "query", ["day=yesterday", "day=9999-12-31", "score=beauty", "low=x", "high=101", "low=nan", "article=%00"]
)
def test_an_invalid_address_gets_an_error_page(ana: Visitor, query: str) -> None:
    page = ana.open(f"/score-map?{query}")
    assert page.status == 422
    assert page.headers["content-type"].startswith("text/html")


def test_an_unknown_article_is_an_empty_map(ana: Visitor) -> None:
    page = ana.open("/score-map?article=%3Cscript%3E")
    assert page.status == 200
    assert not page.tree.css("main script")


def test_the_points_need_a_session(client: TestClient) -> None:
    assert a_visitor(client).open("/score-map/points").address.startswith("/sign-in")


def test_every_field_has_a_label(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map?low=0&high=100")
    labels = {node.attributes["for"] for node in page.tree.css("label")}
    assert {node.attributes.get("id") for node in page.tree.css("input:not([type=hidden]), select")} == labels

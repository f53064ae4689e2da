"""The map without JavaScript: a table of scores, ranges that open, and the dots that a script would draw."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.rules import Outcome
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


def band_of(page: Page, name: str) -> list[str]:
    """The figures of one row of the table."""
    for row in page.tree.css(".bands tbody tr"):
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
    assert "There are no comments here." in ana.open("/score-map").words


def test_a_day_is_a_table_of_scores_and_decisions(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map")
    assert f"received on {NOON.date()} (UTC)" in page.words
    assert band_of(page, "0 to 5 %") == ["2", "0", "0", "2"]
    assert band_of(page, "60 to 65 %") == ["0", "0", "1", "1"]
    assert band_of(page, "85 to 90 %") == ["0", "1", "0", "1"]
    assert band_of(page, "95 to 100 %") == ["1", "0", "0", "1"]


def test_another_day_another_article_and_another_site_are_other_maps(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    yesterday = (NOON - timedelta(days=1)).date()
    for path in (f"/score-map?day={yesterday}", "/score-map?article=other"):
        assert "There are no comments here." in ana.open(path).words
    assert (
        "There are no comments here." in a_moderator(client, "bo@news.example", site="herald").open("/score-map").words
    )


def test_a_score_that_nobody_has_is_unknown(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    assert band_of(ana.open("/score-map?article=tram&score=likely_to_reject"), "Unknown")[-1] == "5"


def test_a_range_lists_its_comments_and_leads_on_to_deciding_them(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map?article=tram&low=60&high=90")
    opened = [link.attributes["href"] for link in page.tree.css(".selected-range a.text")]
    assert opened == ["/comments/p-3", "/comments/p-2"]
    for onward in ("/queue?score=toxicity&low=60&high=90&article=tram", "/bulk?scope=filtered&score=toxicity"):
        (link,) = page.tree.css(f".selected-range a[href^='{onward}']")
        assert ana.open(link.attributes["href"] or "").status == 200


def test_a_range_of_a_day_hands_over_the_comments_themselves(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    form = ana.open("/score-map?low=60&high=90").form_with("Decide the 1 that waits")
    assert form.attributes["action"] == "/bulk"
    assert [field.attributes["value"] for field in form.css("input[name=chosen]")] == ["p-3"]
    assert ana.open("/bulk?scope=chosen&chosen=p-3").status == 200


def test_a_band_of_the_table_is_a_range(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map?article=tram")
    links = {link.text(strip=True): link.attributes["href"] for link in page.tree.css(".bands a")}
    assert len(ana.open(links["0 to 5 %"] or "").tree.css(".selected-range li")) == 2


def test_the_dots_are_the_same_comments_as_columns(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    points = ana.client.get("/score-map/points?article=tram").json()
    columns = zip(points["ids"], points["scores"], points["states"], strict=True)
    assert sorted(columns) == [
        ("p-0", 20, "a"), ("p-1", 40, "a"), ("p-2", 620, "r"), ("p-3", 850, "h"), ("p-4", 1000, "a"),
    ]  # fmt: skip


def test_an_erased_comment_is_on_no_map(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    a_cms(client).delete("/v1/comments/p-3")
    assert "p-3" not in ana.client.get("/score-map/points?article=tram").json()["ids"]
    assert not ana.open("/score-map?article=tram&low=80&high=90").tree.css(".selected-range li")


@pytest.mark.parametrize(
    "query", ["day=yesterday", "day=9999-12-31", "score=beauty", "low=x", "high=101", "low=nan", "article=%00"]
)
def test_a_made_up_address_is_refused_in_html(ana: Visitor, query: str) -> None:
    page = ana.open(f"/score-map?{query}")
    assert page.status == 422
    assert page.headers["content-type"].startswith("text/html")


def test_an_article_that_nobody_knows_is_an_empty_map(ana: Visitor) -> None:
    page = ana.open("/score-map?article=%3Cscript%3E")
    assert page.status == 200
    assert not page.tree.css("main script")


def test_the_dots_are_for_who_is_signed_in(client: TestClient) -> None:
    assert a_visitor(client).open("/score-map/points").address.startswith("/sign-in")


def test_every_field_has_a_label(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), PAST)
    page = ana.open("/score-map?low=0&high=100")
    labels = {node.attributes["for"] for node in page.tree.css("label")}
    assert {node.attributes.get("id") for node in page.tree.css("input:not([type=hidden]), select")} == labels

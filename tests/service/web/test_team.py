"""The team's page and second reviews: blind, for somebody else, without effect on the comment, and without names."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.rules import Outcome
from service.moderation.comments import details as comments
from service.moderation.review.second_reviews import draw_second_reviews
from service.moderation.runtime import Runtime
from service.store.learning import labelled_comments
from tests.conftest import Clock
from tests.support.browserless import Page, Visitor, a_held_comment, a_moderator, a_visitor
from tests.support.builders import INSULT, a_cms, a_site
from tests.support.history import Past, write_past


def runtime_of(client: TestClient, *, share: float = 1.0) -> Runtime:
    """The running app's desk, with another share of second reviews."""
    runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return replace(runtime, settings=runtime.settings.model_copy(update={"second_review_share": share}))


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    return a_moderator(client)


@pytest.fixture
def bo(client: TestClient) -> Visitor:
    return a_moderator(client, "bo@news.example")


def reject_first(client: TestClient, visitor: Visitor, clock: Clock, *, share: float = 1.0) -> int:
    """A comment is rejected as toxic on the pages, and the sweep comes by; answers how many were drawn."""
    a_held_comment(client, INSULT)
    page = visitor.open("/comments/c-1")
    assert visitor.press(page, "Insulting or abusive", note="Third time this week").status == 200
    clock.advance(minutes=1)
    return draw_second_reviews(runtime_of(client, share=share))


def say(visitor: Visitor, page: Page, button: str, **fields: str) -> Page:
    return visitor.press(page, button, **fields)


def test_a_drawn_decision_waits_for_somebody_else(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    assert reject_first(client, ana, clock) == 1
    assert "1 waits for you" in bo.open("/team").words
    assert "Nothing waits for a second review by you." in ana.open("/team/second-reviews").words
    assert draw_second_reviews(runtime_of(client)) == 0


def test_the_second_person_sees_the_words_and_nothing_of_the_first(
    client: TestClient, ana: Visitor, bo: Visitor, clock: Clock
) -> None:
    reject_first(client, ana, clock)
    page = bo.open("/team/second-reviews")
    assert INSULT in page.words
    assert "Council approves tram extension" in page.words
    for hint in ("Ana", "Third time", "Rejected", "Toxicity", "Held"):
        assert hint not in page.tree.css_first("main").text()
    assert not page.tree.css("main a[href^='/comments']")


def test_a_second_word_changes_and_teaches_nothing(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    assert "Kept." in say(bo, bo.open("/team/second-reviews"), "Approve").words
    runtime = runtime_of(client)
    file = comments.read_comment(runtime, a_site(runtime), comment_id="c-1")
    assert (file.comment.state, [verdict.outcome for verdict in file.verdicts]) == ("rejected", ["reject"])
    with runtime.database.reading() as connection:
        assert [example.outcome for example in labelled_comments.stream_examples(connection, site="gazette")] == [
            "reject"
        ]
    assert "Approve or reject 1 0.0 %" in bo.open("/team").words


def test_it_is_said_once_and_by_somebody_else(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    page = bo.open("/team/second-reviews")
    own_key = ana.open("/team").form_with("Sign out").css_first("input").attributes["value"] or ""
    number = page.form_with("Approve").css_first("[name=number]").attributes["value"] or ""
    assert ana.post("/team/second-reviews", form_key=own_key, number=number, outcome="approve").status == 409
    assert say(bo, page, "Reject", reason="hate").status == 200
    assert say(bo, page, "Approve").status == 409
    assert "The reason, where both rejected 1" in bo.open("/team").words


def test_a_rejection_needs_a_reason_here_too(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    page = say(bo, bo.open("/team/second-reviews"), "Reject", reason="")
    assert page.status == 422
    assert INSULT in page.words


def test_only_a_share_is_drawn_and_nothing_that_can_still_be_taken_back(
    client: TestClient, ana: Visitor, clock: Clock
) -> None:
    assert reject_first(client, ana, clock, share=0.0) == 0
    a_held_comment(client, "Who will pay for the new line?", id="c-2")
    ana.press(ana.open("/comments/c-2"), "Approve")
    assert draw_second_reviews(runtime_of(client)) == 1
    clock.advance(minutes=1)
    assert draw_second_reviews(runtime_of(client)) == 1


def test_an_erased_comment_waits_for_nobody(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    a_cms(client).delete("/v1/comments/c-1")
    assert "Nothing waits for a second review by you." in bo.open("/team/second-reviews").words


def test_the_team_is_counted_together_and_by_no_name(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.9, said=Outcome.REJECT, by=f"user:{n % 3}") for n in range(30)])
    page = ana.open("/team")
    days = {row.css_first("th").text(): row.css_first("td").text() for row in page.tree.css(".throughput tbody tr")}
    assert days["2026-11-22"] == "30"
    assert "user:" not in page.html
    assert "Ana" not in page.tree.css_first("main").text()


def test_where_people_overrule_is_shown_by_reason_and_score(client: TestClient, ana: Visitor) -> None:
    reported = Past(toxicity=0.15, said=Outcome.REJECT)
    held = [Past(toxicity=0.95, said=Outcome.APPROVE if n < 2 else Outcome.REJECT) for n in range(8)]
    write_past(runtime_of(client), [*held, Past(toxicity=0.12, said=Outcome.APPROVE), reported])
    rows = {
        row.css_first("th").text(): " ".join(row.text(separator=" ").split())
        for row in ana.open("/team").tree.css("[aria-labelledby=overruling] tbody tr")
    }
    assert rows["Toxicity"].startswith("Toxicity 8 25.0 %")
    assert rows["90 to 100 %"].startswith("90 to 100 % 8 25.0 %")
    assert "2 50.0 %" in rows["Nothing"]
    assert "2 50.0 %" in rows["10 to 20 %"]


def test_strangers_are_shown_the_door(client: TestClient) -> None:
    stranger = a_visitor(client)
    for path in ("/team", "/team/second-reviews"):
        assert stranger.open(path).address.startswith("/sign-in")


def test_a_form_from_elsewhere_says_nothing(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    assert bo.post("/team/second-reviews", number="1", outcome="approve").status == 403
    assert "1 waits for you" in bo.open("/team").words

"""The team page without names, and second reviews: blind, by someone else, and without effect on the comment."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.site_policy import Outcome
from service.moderation.comments import details as comment_details
from service.moderation.review.second_reviews import sample_second_reviews
from service.moderation.runtime import Runtime
from service.store.learning import labelled_comments
from tests.conftest import Clock
from tests.support.browserless import Visitor, a_held_comment, a_moderator, a_visitor
from tests.support.builders import INSULT, a_cms, a_site
from tests.support.history import Past, write_past


def runtime_of(client: TestClient, *, share: float = 1.0) -> Runtime:
    """Return the app's runtime with another share of second reviews."""
    runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return replace(runtime, settings=runtime.settings.model_copy(update={"second_review_share": share}))


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    return a_moderator(client)


@pytest.fixture
def bo(client: TestClient) -> Visitor:
    return a_moderator(client, "bo@news.example")


def reject_first(client: TestClient, visitor: Visitor, clock: Clock, *, share: float = 1.0) -> int:
    """Reject a comment on its page and sample second reviews; return how many were sampled."""
    a_held_comment(client, INSULT)
    page = visitor.open("/comments/c-1")
    assert visitor.press(page, "Insulting or abusive", note="Third time this week").status == 200
    clock.advance(minutes=1)
    return sample_second_reviews(runtime_of(client, share=share))


def test_a_second_review_is_for_someone_else(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    assert reject_first(client, ana, clock) == 1
    assert "1 second review for you" in bo.open("/team").words
    assert "No second reviews for you." in ana.open("/team/second-reviews").words
    assert sample_second_reviews(runtime_of(client)) == 0


def test_a_second_review_hides_the_first_decision(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    page = bo.open("/team/second-reviews")
    assert INSULT in page.words
    assert "Council approves tram extension" in page.words
    for hint in ("Ana", "Third time", "Rejected", "Toxicity", "Held"):
        assert hint not in page.tree.css_first("main").text()
    assert not page.tree.css("main a[href^='/comments']")


def test_a_second_review_is_not_a_verdict(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    assert "Saved." in bo.press(bo.open("/team/second-reviews"), "Approve").words
    runtime = runtime_of(client)
    details = comment_details.read_comment(runtime, a_site(runtime), comment_id="c-1")
    assert (details.comment.state, [verdict.outcome for verdict in details.verdicts]) == ("rejected", ["reject"])
    with runtime.database.reading() as connection:
        assert [
            example.outcome for example in labelled_comments.stream_labelled_comments(connection, site="gazette")
        ] == ["reject"]
    assert "Approve or reject 1 0.0 %" in bo.open("/team").words


def test_another_person_gives_a_second_review_once(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    page = bo.open("/team/second-reviews")
    own_key = ana.open("/team").form_with("Sign out").css_first("input").attributes["value"] or ""
    number = page.form_with("Approve").css_first("[name=number]").attributes["value"] or ""
    assert ana.post("/team/second-reviews", form_key=own_key, number=number, outcome="approve").status == 409
    assert bo.press(page, "Reject", reason="hate").status == 200
    assert bo.press(page, "Approve").status == 409
    assert "Reason, if both rejected 1" in bo.open("/team").words


def test_a_second_rejection_needs_a_reason(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    page = bo.press(bo.open("/team/second-reviews"), "Reject", reason="")
    assert page.status == 422
    assert INSULT in page.words


def test_only_a_share_is_sampled_and_only_when_undo_has_expired(client: TestClient, ana: Visitor, clock: Clock) -> None:
    assert reject_first(client, ana, clock, share=0.0) == 0
    a_held_comment(client, "Who will pay for the new line?", id="c-2")
    ana.press(ana.open("/comments/c-2"), "Approve")
    assert sample_second_reviews(runtime_of(client)) == 1
    clock.advance(minutes=1)
    assert sample_second_reviews(runtime_of(client)) == 1


def test_an_erased_comment_needs_no_second_review(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    a_cms(client).delete("/v1/comments/c-1")
    assert "No second reviews for you." in bo.open("/team/second-reviews").words


def test_decisions_are_counted_without_names(client: TestClient, ana: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.9, said=Outcome.REJECT, by=f"user:{n % 3}") for n in range(30)])
    page = ana.open("/team")
    days = {row.css_first("th").text(): row.css_first("td").text() for row in page.tree.css(".throughput tbody tr")}
    assert days["2026-11-22"] == "30"
    assert "user:" not in page.html
    assert "Ana" not in page.tree.css_first("main").text()


def test_overrides_are_counted_by_rule_and_score(client: TestClient, ana: Visitor) -> None:
    reported = Past(toxicity=0.15, said=Outcome.REJECT)
    held = [Past(toxicity=0.95, said=Outcome.APPROVE if n < 2 else Outcome.REJECT) for n in range(8)]
    write_past(runtime_of(client), [*held, Past(toxicity=0.12, said=Outcome.APPROVE), reported])
    rows = {
        row.css_first("th").text(): " ".join(row.text(separator=" ").split())
        for row in ana.open("/team").tree.css("[aria-labelledby=overrides] tbody tr")
    }
    assert rows["Toxicity"].startswith("Toxicity 8 25.0 %")
    assert rows["90 to 100 %"].startswith("90 to 100 % 8 25.0 %")
    assert "2 50.0 %" in rows["No rule"]
    assert "2 50.0 %" in rows["10 to 20 %"]


def test_strangers_are_asked_to_sign_in(client: TestClient) -> None:
    stranger = a_visitor(client)
    for path in ("/team", "/team/second-reviews"):
        assert stranger.open(path).address.startswith("/sign-in")


def test_a_cross_site_form_is_refused(client: TestClient, ana: Visitor, bo: Visitor, clock: Clock) -> None:
    reject_first(client, ana, clock)
    assert bo.post("/team/second-reviews", number="1", outcome="approve").status == 403
    assert "1 second review for you" in bo.open("/team").words

"""Thresholds and promises without JavaScript: tested on past comments, saved with a reason, restored."""

from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.site_policy import Policy
from service.domain.rights import Role
from service.moderation.policy import policies
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from tests.support.browserless import Page, Visitor, a_link, a_moderator, a_visitor
from tests.support.builders import a_cms, a_site
from tests.support.history import Past, an_even_past, write_past


@pytest.fixture
def ed(client: TestClient) -> Visitor:
    """An editor who has signed in."""
    visitor = a_visitor(client)
    visitor.press(visitor.open(a_link(client, "ed@news.example", role=Role.EDITOR)), "Sign in")
    return visitor


def runtime_of(client: TestClient) -> Runtime:
    runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return runtime


def policy_of(client: TestClient) -> Policy:
    return policies.read_saved_policy(runtime_of(client), a_site(runtime_of(client)))


def try_out(visitor: Visitor, **fields: str) -> Page:
    return visitor.open(f"/thresholds?{urlencode(fields)}")


def test_without_past_comments_there_is_no_preview(ed: Visitor) -> None:
    page = ed.open("/thresholds")
    assert page.status == 200
    assert "there is nothing to test the thresholds on." in page.words


def test_a_threshold_is_tested_on_past_comments(client: TestClient, ed: Visitor) -> None:
    policies.save_policy(
        runtime_of(client), a_site(runtime_of(client)), changes={"thresholds": {"toxicity": 0.8}}, note="x"
    )
    write_past(runtime_of(client), an_even_past(400))
    words = try_out(ed, toxicity="90").words
    for part in (
        "20.0 %",
        "10.0 %",
        "40 comments would be decided differently; the newest 20",
        "held, would be approved",
    ):
        assert part in words
    assert policy_of(client).version == 1


def test_comments_of_another_site_are_not_used(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), an_even_past(40), site="herald")
    assert "there is nothing to test the thresholds on." in try_out(ed, toxicity="10").words


def test_thresholds_are_saved_with_author_and_reason(client: TestClient, ed: Visitor) -> None:
    page = ed.press(try_out(ed, toxicity="62,5"), "Save as version 1", note="More insults lately")
    assert page.address == "/thresholds?saved=1"
    assert "Saved as version 1." in page.words
    assert "Ed More insults lately Toxicity from 62.5 %" in page.words
    assert policy_of(client).thresholds == {"toxicity": 0.625}


def test_unchanged_thresholds_stay_with_the_release(client: TestClient, ed: Visitor) -> None:
    ed.press(try_out(ed, coherence="3"), "Save as version 1", note="Word salad")
    assert policy_of(client).thresholds == {"coherence": 0.03}


def test_an_empty_field_turns_its_rule_off(client: TestClient, ed: Visitor) -> None:
    ed.press(try_out(ed, relevance=""), "Save as version 1", note="Side topics are welcome")
    assert policy_of(client).thresholds == {"relevance": None}


def test_restoring_saves_a_new_version(client: TestClient, ed: Visitor) -> None:
    for version, percent in ((1, "60"), (2, "70")):
        ed.press(try_out(ed, toxicity=percent, one_in="300"), f"Save as version {version}", note="A try")
    page = ed.press(ed.open("/thresholds"), "Restore version 1")
    assert "Saved as version 3." in page.words
    assert (policy_of(client).version, policy_of(client).thresholds) == (3, {"toxicity": 0.6})
    assert policy_of(client).mistake_promise == 300
    with runtime_of(client).database.reading() as connection:
        (line,) = audit_log.read_newest(connection, site="gazette", subject="3", limit=10)
    assert (line.action, line.details["restored"]) == ("policy.saved", 1)


def test_the_default_thresholds_can_be_restored(client: TestClient, ed: Visitor) -> None:
    ed.press(try_out(ed, toxicity="60"), "Save as version 1", note="A try")
    ed.press(ed.open("/thresholds"), "Restore version 0")
    assert (policy_of(client).version, policy_of(client).thresholds) == (2, {})


def test_a_colleague_s_newer_version_is_not_overwritten(client: TestClient, ed: Visitor) -> None:
    mine, theirs = try_out(ed, toxicity="60"), try_out(ed, toxicity="70")
    ed.press(theirs, "Save as version 1", note="Theirs")
    late = ed.press(mine, "Save as version 1", note="Mine")
    assert late.status == 409
    assert "Someone has saved a newer version in the meantime. Your changes were not saved." in late.words
    assert ed.press(late, "Save as version 2", note="Mine").status == 200
    assert policy_of(client).thresholds == {"toxicity": 0.6}


def test_a_change_needs_a_reason(client: TestClient, ed: Visitor) -> None:
    page = ed.press(try_out(ed, toxicity="60"), "Save as version 1", note=" ")
    assert page.status == 422
    assert page.tree.css_first("#note[aria-invalid]")
    assert policy_of(client).version == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("toxicity", "101"), ("toxicity", "much"), ("coherence", "nan"), ("one_in", "1"), ("one_in", "½"), ("held", "-1")],
)
def test_an_invalid_field_is_marked(ed: Visitor, field: str, value: str) -> None:
    page = try_out(ed, **{field: value})
    assert page.status == 422
    invalid = page.tree.css_first("[aria-invalid]")
    assert (invalid.attributes["name"], invalid.attributes["value"]) == (field, value)


def test_an_unproven_promise_says_how_many_reviews_it_needs(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), an_even_past(400, wrong_from=2.0))
    words = try_out(ed, toxicity="80", one_in="200").words
    assert "At most 1 in 200 approved comments breaks our rules: not shown yet." in words
    assert "About 518 more approved comments must be checked at random without a mistake." in words
    assert "80 have been checked so far" in words


def test_held_comments_alone_show_nothing(client: TestClient, ed: Visitor) -> None:
    held_only = [
        Past(toxicity=each.toxicity, said=each.said if each.toxicity >= 0.8 else None) for each in an_even_past(900)
    ]
    write_past(runtime_of(client), held_only)
    words = try_out(ed, toxicity="80", one_in="20").words
    assert "About 59 more approved comments" in words
    assert "0 have been checked so far, too few to show anything." in words
    assert "unknown: not reviewed yet" in words


def test_the_page_links_to_thresholds_that_meet_a_promise(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), an_even_past(2_000, audit_every=1), audit_share=1.0)
    page = try_out(ed, toxicity="100", one_in="100", held="20")
    assert "not met." in page.words
    links = [link for link in page.tree.css(".promise-status a") if link.text(strip=True).startswith("Toxicity from")]
    loosest, strictest = (ed.open(link.attributes["href"] or "") for link in links)
    assert "approved comments breaks our rules: met." in loosest.words
    assert "Hold at most 20 % of all comments: met." in strictest.words


def test_an_erased_comment_is_counted_but_not_shown(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.5, text="An unmistakable remark."), Past(toxicity=0.5)])
    a_cms(client).delete("/v1/comments/p-0")
    page = try_out(ed, toxicity="40")
    assert "2 comments would be decided differently" in page.words
    assert "unmistakable" not in page.words


def test_a_moderator_can_preview_but_not_save(client: TestClient) -> None:
    ana = a_moderator(client)
    page = try_out(ana, toxicity="60")
    assert "Only an editor can save this." in page.words
    form_key = page.form_with("Sign out").css_first("input").attributes["value"] or ""
    body = {"form_key": form_key, "form": "toxicity=60", "note": "x", "expected_version": "0"}
    assert ana.post("/thresholds", **body).status == 403
    assert ana.post("/thresholds/restore", form_key=form_key, version="0", expected_version="0").status == 403
    assert policy_of(client).version == 0


def test_a_cross_site_form_is_refused(client: TestClient, ed: Visitor) -> None:
    assert ed.post("/thresholds", form="toxicity=60", note="x", expected_version="0").status == 403
    assert policy_of(client).version == 0

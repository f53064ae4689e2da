"""Thresholds and promises on the pages, without JavaScript: tried on the past, saved with a note, gone back from."""

from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.rules import Policy
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
    return policies.read_saved(runtime_of(client), a_site(runtime_of(client)))


def try_out(visitor: Visitor, **fields: str) -> Page:
    return visitor.open(f"/thresholds?{urlencode(fields)}")


def test_without_a_past_there_is_nothing_to_try(ed: Visitor) -> None:
    page = ed.open("/thresholds")
    assert page.status == 200
    assert "There is nothing to try this on." in page.words


def test_a_threshold_is_tried_on_the_site_s_own_past(client: TestClient, ed: Visitor) -> None:
    policies.save_policy(
        runtime_of(client), a_site(runtime_of(client)), changes={"thresholds": {"toxicity": 0.8}}, note="x"
    )
    write_past(runtime_of(client), an_even_past(400))
    words = try_out(ed, toxicity="90").words
    for part in ("20.0 %", "10.0 %", "40 comments would change hands; the newest 20", "held, would be approved"):
        assert part in words
    assert policy_of(client).version == 1


def test_comments_of_another_site_are_not_looked_at(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), an_even_past(40), site="herald")
    assert "There is nothing to try this on." in try_out(ed, toxicity="10").words


def test_what_was_tried_is_saved_with_its_author_and_reason(client: TestClient, ed: Visitor) -> None:
    page = ed.press(try_out(ed, toxicity="62,5"), "Save as version 1", note="More insults lately")
    assert page.address == "/thresholds?saved=1"
    assert "Saved as version 1." in page.words
    assert "Ed More insults lately Toxicity from 62.5 %" in page.words
    assert policy_of(client).thresholds == {"toxicity": 0.625}


def test_what_was_not_touched_is_left_to_the_release(client: TestClient, ed: Visitor) -> None:
    ed.press(try_out(ed, coherence="3"), "Save as version 1", note="Word salad")
    assert policy_of(client).thresholds == {"coherence": 0.03}


def test_an_empty_field_switches_a_rule_off(client: TestClient, ed: Visitor) -> None:
    ed.press(try_out(ed, relevance=""), "Save as version 1", note="We like to wander")
    assert policy_of(client).thresholds == {"relevance": None}


def test_going_back_is_one_press_and_a_new_version(client: TestClient, ed: Visitor) -> None:
    for version, percent in ((1, "60"), (2, "70")):
        ed.press(try_out(ed, toxicity=percent, one_in="300"), f"Save as version {version}", note="A try")
    page = ed.press(ed.open("/thresholds"), "Go back to 1")
    assert "Saved as version 3." in page.words
    assert (policy_of(client).version, policy_of(client).thresholds) == (3, {"toxicity": 0.6})
    assert policy_of(client).mistake_promise == 300
    with runtime_of(client).database.reading() as connection:
        (line,) = audit_log.read_newest(connection, site="gazette", subject="3", limit=10)
    assert (line.action, line.details["restored"]) == ("policy.saved", 1)


def test_the_release_s_own_thresholds_can_be_gone_back_to(client: TestClient, ed: Visitor) -> None:
    ed.press(try_out(ed, toxicity="60"), "Save as version 1", note="A try")
    ed.press(ed.open("/thresholds"), "Go back to 0")
    assert (policy_of(client).version, policy_of(client).thresholds) == (2, {})


def test_a_colleague_s_version_in_between_is_said_plainly(client: TestClient, ed: Visitor) -> None:
    mine, theirs = try_out(ed, toxicity="60"), try_out(ed, toxicity="70")
    ed.press(theirs, "Save as version 1", note="Theirs")
    late = ed.press(mine, "Save as version 1", note="Mine")
    assert late.status == 409
    assert "Somebody saved another version meanwhile." in late.words
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
def test_what_is_no_threshold_is_named(ed: Visitor, field: str, value: str) -> None:
    page = try_out(ed, **{field: value})
    assert page.status == 422
    invalid = page.tree.css_first("[aria-invalid]")
    assert (invalid.attributes["name"], invalid.attributes["value"]) == (field, value)


def test_a_promise_that_needs_more_reviews_says_how_many(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), an_even_past(400, wrong_from=2.0))
    words = try_out(ed, toxicity="80", one_in="200").words
    assert "At most 1 in 200 approved comments breaks our rules: not shown yet." in words
    assert "It takes about 518 more approved comments, read by chance, without a mistake." in words
    assert "So far 80 were read" in words


def test_held_comments_alone_show_nothing(client: TestClient, ed: Visitor) -> None:
    held_only = [
        Past(toxicity=each.toxicity, said=each.said if each.toxicity >= 0.8 else None) for each in an_even_past(900)
    ]
    write_past(runtime_of(client), held_only)
    words = try_out(ed, toxicity="80", one_in="20").words
    assert "It takes about 59 more approved comments" in words
    assert "So far 0 were read, which shows nothing." in words
    assert "unknown: nobody has looked" in words


def test_a_promise_offers_the_threshold_that_keeps_it(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), an_even_past(2_000, audit_every=1), audit_share=1.0)
    page = try_out(ed, toxicity="100", one_in="100", held="20")
    assert "not kept." in page.words
    offered = [link for link in page.tree.css(".standing a") if link.text(strip=True).startswith("Toxicity from")]
    loosest, strictest = (ed.open(link.attributes["href"] or "") for link in offered)
    assert "approved comments breaks our rules: kept." in loosest.words
    assert "Hold at most 20 % of all comments: kept." in strictest.words


def test_an_erased_comment_is_counted_and_not_shown(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.5, text="An unmistakable remark."), Past(toxicity=0.5)])
    a_cms(client).delete("/v1/comments/p-0")
    page = try_out(ed, toxicity="40")
    assert "2 comments would change hands" in page.words
    assert "unmistakable" not in page.words


def test_a_moderator_may_try_and_not_save(client: TestClient) -> None:
    ana = a_moderator(client)
    page = try_out(ana, toxicity="60")
    assert "An editor can save this." in page.words
    form_key = page.form_with("Sign out").css_first("input").attributes["value"] or ""
    body = {"form_key": form_key, "tried": "toxicity=60", "note": "x", "seen_version": "0"}
    assert ana.post("/thresholds", **body).status == 403
    assert ana.post("/thresholds/restore", form_key=form_key, version="0", seen_version="0").status == 403
    assert policy_of(client).version == 0


def test_a_form_from_elsewhere_changes_nothing(client: TestClient, ed: Visitor) -> None:
    assert ed.post("/thresholds", tried="toxicity=60", note="x", seen_version="0").status == 403
    assert policy_of(client).version == 0

"""Guideline pages: editors write them, everyone reads them, and an erased comment disappears from the examples."""

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.site_policy import Outcome
from service.domain.rights import Role
from service.moderation.runtime import Runtime
from tests.support.browserless import Page, Visitor, a_link, a_moderator, a_visitor
from tests.support.builders import a_cms
from tests.support.history import Past, write_past

HOSTILE = "<script>alert(1)</script><b>bold</b>{{ 7 * 7 }}"
REJECTED = Past(toxicity=0.9, said=Outcome.REJECT, text="You unspeakable turnip.")
RELEASED = Past(toxicity=0.85, said=Outcome.APPROVE, text="This plan is garbage, and I can prove it.")


@pytest.fixture
def ed(client: TestClient) -> Visitor:
    """An editor who has signed in."""
    visitor = a_visitor(client)
    visitor.press(visitor.open(a_link(client, "ed@news.example", role=Role.EDITOR)), "Sign in")
    return visitor


def runtime_of(client: TestClient) -> Runtime:
    runtime: Runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return runtime


def form_key(page: Page) -> str:
    return page.form_with("Sign out").css_first("input").attributes["value"] or ""


def examples_of(page: Page) -> list[str]:
    section = page.tree.css_first("section.examples")
    return [link.text() for link in section.css("a.text")] if section else []


def test_every_reason_is_listed(ed: Visitor) -> None:
    page = ed.open("/guidelines")
    assert len(page.tree.css(".guidelines dt")) == 10
    assert "Nothing has been written yet." in page.words


def test_moderators_read_what_editors_write(client: TestClient, ed: Visitor) -> None:
    page = ed.press(ed.open("/guidelines/toxic"), "Save", text="Attacks on persons.\r\nHarsh words on plans are fine.")
    assert "Saved." in page.words
    shown = a_moderator(client).open("/guidelines").tree.css_first(".prose").text()
    assert shown == "Attacks on persons.\nHarsh words on plans are fine."


def test_the_newest_text_is_shown(ed: Visitor) -> None:
    for text in ("First words.", "Second words."):
        ed.press(ed.open("/guidelines/spam"), "Save", text=text)
    page = ed.open("/guidelines/spam")
    assert page.tree.css_first(".prose").text() == "Second words."
    assert "First words." not in page.words


def test_an_editor_pins_a_decided_comment(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED, RELEASED])
    page = ed.press(ed.open("/guidelines/toxic"), "Pin", note="A person, not a plan")
    assert examples_of(page) == [REJECTED.text]
    assert "A person, not a plan" in page.words
    assert "1 example" in a_moderator(client).open("/guidelines").words


def test_held_and_then_approved_comments_are_suggested_too(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [RELEASED])
    page = ed.press(ed.open("/guidelines/toxic"), "Pin", note="Harsh, and fine")
    assert examples_of(page) == [RELEASED.text]


def test_a_comment_is_pinned_from_its_own_page(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED, RELEASED])
    page = ed.press(ed.open("/comments/p-1"), "Pin", reason="toxic", note="Harsh, and fine")
    assert page.address.startswith("/comments/p-1")
    assert "Pinned as an example." in page.words
    assert "Example in the guideline: Insulting or abusive" in page.words
    assert examples_of(ed.open("/guidelines/toxic")) == [RELEASED.text]
    assert "Pin as an example" not in a_moderator(client).open("/comments/p-1").words


def test_a_pending_comment_cannot_be_pinned(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.9)])
    assert "Pin as an example" not in ed.open("/comments/p-0").words


def test_an_example_can_be_removed(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED])
    page = ed.press(ed.open("/guidelines/toxic"), "Pin")
    assert examples_of(ed.press(page, "Remove")) == []


def test_an_erased_comment_disappears_with_its_note(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED])
    ed.press(ed.open("/guidelines/toxic"), "Pin", note="Calls someone a turnip")
    a_cms(client).delete("/v1/comments/p-0")
    assert "turnip" not in ed.open("/guidelines/toxic").words
    assert "1 example" not in ed.open("/guidelines").words


def test_an_undecided_comment_is_refused_as_an_example(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.1)])
    key = form_key(ed.open("/guidelines/toxic"))
    for comment_id in ("p-0", "p-1", "\x00"):
        page = ed.post("/guidelines/toxic/pin", form_key=key, comment_id=comment_id)
        assert page.status == 404
        assert "There is no verdict on this comment." in page.words


def test_guidelines_belong_to_one_site(client: TestClient, ed: Visitor) -> None:
    ed.press(ed.open("/guidelines/toxic"), "Save", text="Only for the Gazette.")
    assert (
        "Only for the Gazette." not in a_moderator(client, "bo@news.example", site="herald").open("/guidelines").words
    )


def test_a_moderator_cannot_edit_guidelines(client: TestClient) -> None:
    write_past(runtime_of(client), [REJECTED])
    ana = a_moderator(client)
    page = ana.open("/guidelines/toxic")
    assert not page.tree.css("textarea, .pinning")
    key = form_key(page)
    assert ana.post("/guidelines/toxic", form_key=key, text="Mine").status == 403
    assert ana.post("/guidelines/toxic/pin", form_key=key, comment_id="p-0").status == 403
    assert ana.post("/guidelines/toxic/unpin", form_key=key, comment_id="p-0").status == 403


def test_markup_in_texts_is_escaped(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.9, said=Outcome.REJECT, text=HOSTILE)])
    ed.press(ed.open("/guidelines/toxic"), "Save", text=HOSTILE)
    page = ed.press(ed.open("/guidelines/toxic"), "Pin", note=HOSTILE)
    for shown in (page, ed.open("/guidelines")):
        assert not shown.tree.css("main script, main b")
        assert "49" not in shown.words


@pytest.mark.parametrize("text", ["x" * 5_001, "a\x07b"])
def test_a_refused_text_stays_in_the_form(ed: Visitor, text: str) -> None:
    page = ed.press(ed.open("/guidelines/toxic"), "Save", text=text)
    assert page.status == 422
    assert page.tree.css_first("textarea").text() == text


def test_unknown_reasons_and_cross_site_forms_are_refused(ed: Visitor) -> None:
    assert ed.open("/guidelines/beauty").status == 422
    assert ed.post("/guidelines/toxic", text="From elsewhere").status == 403

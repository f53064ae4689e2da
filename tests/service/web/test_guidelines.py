"""Guidelines on the pages: written by editors, read by all, with examples that vanish when their words are erased."""

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.rules import Outcome
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


def test_every_reason_has_its_place(ed: Visitor) -> None:
    page = ed.open("/guidelines")
    assert len(page.tree.css(".guidelines dt")) == 10
    assert "Nothing has been written yet." in page.words


def test_an_editor_writes_what_a_reason_means_and_a_moderator_reads_it(client: TestClient, ed: Visitor) -> None:
    page = ed.press(ed.open("/guidelines/toxic"), "Save", words="Attacks on persons.\r\nHarsh words on plans are fine.")
    assert "Saved." in page.words
    shown = a_moderator(client).open("/guidelines").tree.css_first(".prose").text()
    assert shown == "Attacks on persons.\nHarsh words on plans are fine."


def test_the_newest_words_count(ed: Visitor) -> None:
    for words in ("First words.", "Second words."):
        ed.press(ed.open("/guidelines/spam"), "Save", words=words)
    page = ed.open("/guidelines/spam")
    assert page.tree.css_first(".prose").text() == "Second words."
    assert "First words." not in page.words


def test_a_real_decision_is_pinned_as_an_example(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED, RELEASED])
    page = ed.press(ed.open("/guidelines/toxic"), "Pin", note="A person, not a plan")
    assert examples_of(page) == [REJECTED.text]
    assert "A person, not a plan" in page.words
    assert "1 example" in a_moderator(client).open("/guidelines").words


def test_what_the_machine_held_and_a_person_approved_is_offered_too(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [RELEASED])
    page = ed.press(ed.open("/guidelines/toxic"), "Pin", note="Harsh, and fine")
    assert examples_of(page) == [RELEASED.text]


def test_a_decided_comment_is_pinned_from_its_own_page(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED, RELEASED])
    page = ed.press(ed.open("/comments/p-1"), "Pin", reason="toxic", note="Harsh, and fine")
    assert page.address.startswith("/comments/p-1")
    assert "Pinned as an example." in page.words
    assert "An example in the guideline: Insulting or abusive" in page.words
    assert examples_of(ed.open("/guidelines/toxic")) == [RELEASED.text]
    assert "Pin as an example" not in a_moderator(client).open("/comments/p-1").words


def test_what_waits_is_not_offered_as_an_example(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.9)])
    assert "Pin as an example" not in ed.open("/comments/p-0").words


def test_a_pin_can_be_taken_away(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED])
    page = ed.press(ed.open("/guidelines/toxic"), "Pin")
    assert examples_of(ed.press(page, "Take away")) == []


def test_an_erased_comment_vanishes_with_what_was_said_of_it(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [REJECTED])
    ed.press(ed.open("/guidelines/toxic"), "Pin", note="Calls somebody a turnip")
    a_cms(client).delete("/v1/comments/p-0")
    assert "turnip" not in ed.open("/guidelines/toxic").words
    assert "1 example" not in ed.open("/guidelines").words


def test_what_nobody_has_decided_is_no_example(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.1)])
    page = ed.open("/guidelines/toxic")
    for comment_id in ("p-0", "p-1", "\x00"):
        answer = ed.post("/guidelines/toxic/pin", form_key=form_key(page), comment_id=comment_id)
        assert answer.status == 404
        assert "Nobody has decided this comment." in answer.words


def test_another_site_has_other_guidelines(client: TestClient, ed: Visitor) -> None:
    ed.press(ed.open("/guidelines/toxic"), "Save", words="Ours alone.")
    assert "Ours alone." not in a_moderator(client, "bo@news.example", site="herald").open("/guidelines").words


def test_a_moderator_reads_and_does_not_write(client: TestClient) -> None:
    write_past(runtime_of(client), [REJECTED])
    ana = a_moderator(client)
    page = ana.open("/guidelines/toxic")
    assert not page.tree.css("textarea, .pinning")
    key = form_key(page)
    assert ana.post("/guidelines/toxic", form_key=key, words="Mine").status == 403
    assert ana.post("/guidelines/toxic/pin", form_key=key, comment_id="p-0").status == 403
    assert ana.post("/guidelines/toxic/unpin", form_key=key, comment_id="p-0").status == 403


def test_hostile_words_are_words(client: TestClient, ed: Visitor) -> None:
    write_past(runtime_of(client), [Past(toxicity=0.9, said=Outcome.REJECT, text=HOSTILE)])
    ed.press(ed.open("/guidelines/toxic"), "Save", words=HOSTILE)
    page = ed.press(ed.open("/guidelines/toxic"), "Pin", note=HOSTILE)
    for shown in (page, ed.open("/guidelines")):
        assert not shown.tree.css("main script, main b")
        assert "49" not in shown.words


@pytest.mark.parametrize(("words", "kept"), [("x" * 5_001, True), ("a\x07b", True)])
def test_words_are_text_and_not_endless(ed: Visitor, words: str, kept: bool) -> None:  # noqa: FBT001  parametrised
    page = ed.press(ed.open("/guidelines/toxic"), "Save", words=words)
    assert page.status == 422
    assert (len(page.tree.css_first("textarea").text()) > 2) is kept


def test_a_reason_that_there_is_not_and_a_form_from_elsewhere_are_refused(ed: Visitor) -> None:
    assert ed.open("/guidelines/beauty").status == 422
    assert ed.post("/guidelines/toxic", words="From elsewhere").status == 403

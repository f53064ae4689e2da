"""Reviewing and deciding single comments without JavaScript."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from models.release import Release
from models.scorer import Scorer
from service.app import create_app
from service.domain.reasons import REASON_LABELS, RejectReason
from service.moderation.comments import details as comment_details
from service.moderation.comments.details import CommentDetails
from service.settings import Settings
from tests.conftest import Clock
from tests.support.browserless import Page, Visitor, a_held_comment, a_moderator, a_visitor
from tests.support.builders import INSULT, PRAISE, a_cms, a_comment, a_site, an_article

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b>bold</b>{{ 7 * 7 }}"


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    return a_moderator(client)


def _details(client: TestClient, comment_id: str, site: str = "gazette") -> CommentDetails:
    runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return comment_details.read_comment(runtime, a_site(runtime, site), comment_id=comment_id)


def _reject(visitor: Visitor, page: Page, reason: str = "toxic", note: str = "") -> Page:
    return visitor.press(page, REASON_LABELS[RejectReason(reason)], note=note)


def test_the_queue_shows_pending_comments_and_findings(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    words = ana.open("/queue").words
    for part in ("Held 1", INSULT, "Council approves tram extension", "Toxicity", "Pre-moderated", "0 min", "Priority"):
        assert part in words


def test_an_empty_queue_says_so(ana: Visitor) -> None:
    assert "No pending comments." in ana.open("/queue").words


def test_the_queue_is_paged(client: TestClient, ana: Visitor) -> None:
    cms = a_cms(client)
    cms.put("/v1/articles/tram", an_article(mode="pre_moderated"))
    for number in range(51):
        cms.post("/v1/comments", a_comment(f"The tram was late again, on day {number}.", id=f"c-{number}"))
    first = ana.open("/queue?kind=held")
    follow = first.tree.css_first("a[rel=next]").attributes["href"] or ""
    second = ana.open(follow)
    assert [len(page.tree.css(".queue li")) for page in (first, second)] == [50, 1]
    assert not second.tree.css("a[rel=next]")


@pytest.mark.parametrize("query", ["cursor=x", "cursor=bm9uZQ", "kind=nonsense", "cursor=%00"])
def test_an_invalid_address_gets_an_error_page(ana: Visitor, query: str) -> None:
    page = ana.open(f"/queue?{query}")
    assert page.status == 422
    assert page.headers["content-type"].startswith("text/html")


def test_a_comment_is_shown_with_its_article(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT, author={"id": "reader-7", "name": "Kim"})
    words = ana.open("/comments/c-1").words
    for part in ("Council approves tram extension", "Pre-moderated", "Kim", "reviewed before they appear", "from"):
        assert part in words
    # Highlights put spaces between the words.
    assert INSULT.replace(" ", "") in words.replace(" ", "")


def test_unknown_scores_give_the_reason(client: TestClient, ana: Visitor) -> None:
    a_cms(client).post("/v1/comments", a_comment(INSULT, article_id="not-there"))
    words = ana.open("/comments/c-1").words
    assert "Article not received yet" in words
    assert "Unknown:" in words


def test_a_reply_shows_its_parent(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, "Who will pay for the new line?", id="c-0")
    a_held_comment(client, "The passengers will, as they always do.", parent_id="c-0")
    assert "In reply to Who will pay for the new line?" in ana.open("/comments/c-1").words


def test_words_that_changed_the_score_are_highlighted(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    highlighted, plain = ana.open("/comments/c-1"), ana.open("/comments/c-1?marks=none")
    assert highlighted.tree.css(".comment mark")
    assert not plain.tree.css(".comment mark")
    for page in (highlighted, plain):
        assert page.tree.css_first(".comment").text() == INSULT


def test_approving_leads_to_the_next_comment(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, id="c-1")
    a_held_comment(client, INSULT, id="c-2")
    page = ana.press(ana.open("/comments/c-2"), "Approve")
    assert page.address.startswith("/comments/c-1?")
    assert "Approved. Undo View comment" in page.words
    assert _details(client, "c-2").comment.state == "approved"


def test_a_rejection_records_reason_note_and_name(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    page = _reject(ana, ana.open("/comments/c-1"), note="Third time this week")
    assert page.address.startswith("/queue")
    (verdict,) = _details(client, "c-1").verdicts
    assert (verdict.outcome, verdict.reason, verdict.note) == ("reject", "toxic", "Third time this week")
    assert verdict.source == "desk"
    words = ana.open("/comments/c-1").words
    assert "Rejected by Ana" in words
    assert "Insulting or abusive Third time this week" in words


def test_a_verdict_sent_twice_is_recorded_once(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    page = ana.open("/comments/c-1")
    for _ in range(2):
        assert _reject(ana, page).status == 200
    assert len(_details(client, "c-1").verdicts) == 1


def test_a_rejection_needs_a_reason(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    page = ana.press(ana.open("/comments/c-1"), "Approve", outcome="", note="kept")
    assert page.status == 422
    assert "A rejection needs a reason." in page.words
    assert page.tree.css_first("#note").attributes["value"] == "kept"
    assert not _details(client, "c-1").verdicts


@pytest.mark.parametrize("note", ["x" * 2_001, "a\x00b"])
def test_invalid_notes_are_refused(client: TestClient, ana: Visitor, note: str) -> None:
    a_held_comment(client, INSULT)
    assert _reject(ana, ana.open("/comments/c-1"), note=note).status == 422
    assert not _details(client, "c-1").verdicts


@pytest.mark.parametrize(
    "wrong", [{"outcome": "maybe"}, {"reason": "dull"}, {"revision": "x"}, {"expected_verdict": ""}]
)
def test_invalid_form_fields_are_refused(client: TestClient, ana: Visitor, wrong: dict[str, str]) -> None:
    a_held_comment(client, INSULT)
    page = ana.press(ana.open("/comments/c-1"), "Approve", **{"reason": "toxic", **wrong})
    assert page.status == 422
    assert not _details(client, "c-1").verdicts


def test_a_colleague_s_newer_verdict_is_not_overwritten(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    page, bo = ana.open("/comments/c-1"), a_moderator(client, "bo@news.example")
    bo.press(bo.press(bo.open("/comments/c-1"), "Take over"), "Approve")
    late = _reject(ana, page)
    assert late.status == 409
    assert "Someone has decided this comment since it was shown." in late.words
    assert "Approved by Bo" in late.words
    assert _reject(ana, late).status == 200
    assert [verdict.outcome for verdict in _details(client, "c-1").verdicts] == ["approve", "reject"]


def test_a_newer_revision_is_shown_before_deciding(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    page = ana.open("/comments/c-1")
    a_cms(client).put("/v1/comments/c-1", {"text": "I take it back: the tram is a fine thing for the night staff."})
    late = ana.press(page, "Approve")
    assert late.status == 409
    assert "revised since it was shown" in late.words
    assert "1 edit" in late.words
    assert late.tree.css(".changed ins")


def test_skipping_leads_through_the_queue_to_its_end(client: TestClient, ana: Visitor) -> None:
    for number in range(3):
        a_held_comment(client, f"Will the tram number {number} be on time for the night shift?", id=f"c-{number}")
    page, seen = ana.open("/next"), []
    while page.address.startswith("/comments/"):
        seen.append(page.address.partition("?")[0])
        page = ana.open(page.tree.css_first("a[data-key=s]").attributes["href"] or "")
    assert len(seen) == len(set(seen)) == 3
    assert "Skipped comments are still in it" in page.words


def test_a_skipped_comment_does_not_come_back(client: TestClient, ana: Visitor) -> None:
    for number in range(3):
        a_held_comment(client, f"Will the tram number {number} be on time for the night shift?", id=f"c-{number}")
    first = ana.open("/next")
    second = ana.open(first.tree.css_first("a[data-key=s]").attributes["href"] or "")
    third = ana.press(second, "Approve")
    paths = [page.address.partition("?")[0] for page in (first, second, third)]
    assert len(set(paths)) == 3
    assert "End of the queue" in ana.press(third, "Approve").words


def test_a_comment_with_two_queue_entries_does_not_follow_itself(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    a_cms(client).post("/v1/comments/c-1/reports", {"reporter": "reader-9", "reason": "rude", "note": "Really?"})
    page = ana.open("/comments/c-1")
    assert "Reported by a reader" in page.words
    assert ana.open(page.tree.css_first("a[data-key=s]").attributes["href"] or "").address.startswith("/queue")


def test_an_appeal_is_shown_with_the_comment(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    _reject(ana, ana.open("/comments/c-1"))
    a_cms(client).post("/v1/comments/c-1/appeals", {"statement": "I only meant the timetable."})
    assert "Appeals 1" in ana.open("/queue").words
    page = ana.open("/comments/c-1")
    assert "I only meant the timetable." in page.words
    assert "Change the decision" in page.words


def test_a_moderator_cannot_see_another_site(client: TestClient) -> None:
    a_held_comment(client, INSULT)
    stranger = a_moderator(client, "zoe@herald.example", site="herald")
    page = stranger.open("/comments/c-1")
    assert page.status == 404
    assert "idiot" not in page.html + stranger.open("/queue").html
    form_key = form_key_of(stranger.open("/queue"))
    verdict = {"outcome": "approve", "revision": "1", "expected_verdict": "0"}
    assert stranger.post("/comments/c-1", form_key=form_key, **verdict).status == 404
    assert not _details(client, "c-1").verdicts


def form_key_of(page: Page) -> str:
    return page.tree.css_first("input[name=form_key]").attributes["value"] or ""


@pytest.mark.parametrize("path", ["/comments/none", "/comments/%00", "/comments/..%2F..", "/comments/a/b"])
def test_an_unknown_comment_gets_an_error_page(ana: Visitor, path: str) -> None:
    page = ana.open(path)
    assert page.status == 404
    assert "There is no comment with this id." in page.words


def test_an_erased_comment_is_gone(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    a_cms(client).delete("/v1/comments/c-1")
    assert ana.open("/comments/c-1").status == 410


@pytest.mark.parametrize("comment_id", ["a b", "ä?x=1&y", 'a"b', "<i>", "a+b#c", "+"])
def test_ids_with_special_characters_can_be_decided(client: TestClient, ana: Visitor, comment_id: str) -> None:
    a_held_comment(client, INSULT, id=comment_id)
    path = ana.open("/queue").tree.css_first("a.text").attributes["href"] or ""
    ana.press(ana.open(path), "Approve")
    assert _details(client, comment_id).comment.state == "approved"


def test_markup_in_texts_is_escaped(client: TestClient, ana: Visitor) -> None:
    cms = a_cms(client)
    cms.put(
        "/v1/articles/tram", an_article(title=HOSTILE, section=HOSTILE, url="javascript:alert(1)", mode="pre_moderated")
    )
    for comment_id, parent in (("c-0", None), ("c-1", "c-0")):
        cms.post(
            "/v1/comments", a_comment(HOSTILE, id=comment_id, parent_id=parent, author={"id": "r", "name": HOSTILE})
        )
    cms.post("/v1/comments/c-1/reports", {"reporter": "reader-9", "reason": "rude", "note": HOSTILE})
    for page in (ana.open("/queue"), ana.open("/comments/c-1"), _reject(ana, ana.open("/comments/c-1"), note=HOSTILE)):
        tree = page.tree
        assert not tree.css("script:not([src]), img, b, [onerror], [href^=javascript]")
        assert "49" not in page.words
        assert page.status == 200


def test_every_response_has_the_security_headers(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    stranger = a_visitor(client)
    pages = [ana.open(path) for path in ("/queue", "/comments/c-1", "/comments/none", "/sites", "/nowhere", "/healthz")]
    pages += [stranger.open(path) for path in ("/sign-in", "/sign-in/x", "/static/commentdesk.css")]
    for page in pages:
        assert page.headers["content-security-policy"] == POLICY
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "same-origin"
        assert not page.tree.css("[style], style, script:not([src])")


def test_pages_are_not_cached(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    for path in ("/queue", "/comments/c-1", "/sign-in"):
        assert ana.open(path).headers["cache-control"] == "no-store"


def test_every_field_has_a_label(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    for page in (ana.open("/comments/c-1"), a_visitor(client).open("/sign-in")):
        labels = {node.attributes["for"] for node in page.tree.css("label")}
        fields = {node.attributes.get("id") for node in page.tree.css("input:not([type=hidden]), select")}
        assert fields == labels


def test_the_age_of_a_comment_is_shown(client: TestClient, ana: Visitor, clock: Clock) -> None:
    a_held_comment(client, INSULT)
    clock.advance(hours=3)
    assert "3 h" in ana.open("/queue").words


def test_a_score_is_shown_with_its_measured_reliability(settings: Settings, release: Release, clock: Clock) -> None:
    reliability_bin = {"start": 0.0, "stop": 1.0, "rows": 400, "observed": 0.5, "low": 0.421, "high": 0.579}
    metrics = {**release.card.metrics, "reliability": {"toxicity": {"bins": [reliability_bin]}}}
    changed = Scorer(replace(release, card=replace(release.card, metrics=metrics)))
    with TestClient(create_app(settings, scorer=changed, clock=clock)) as client:
        a_held_comment(client, INSULT)
        page = a_moderator(client).open("/comments/c-1")
    assert "42 to 58 of 100 such comments were toxic" in page.words
    assert page.tree.css_first("rect.measured").attributes["x"] == "42.1"


def test_a_card_without_reliability_shows_none(settings: Settings, release: Release, clock: Clock) -> None:
    metrics = {name: value for name, value in release.card.metrics.items() if name != "reliability"}
    changed = Scorer(replace(release, card=replace(release.card, metrics=metrics)))
    with TestClient(create_app(settings, scorer=changed, clock=clock)) as client:
        a_held_comment(client, INSULT)
        assert "such comments" not in a_moderator(client).open("/comments/c-1").words


@pytest.mark.parametrize("comment_id", ["c\u00ad1", "c\u00a01", "c\u200b1", "c 🫎"])
def test_ids_with_unicode_characters_can_be_decided(client: TestClient, ana: Visitor, comment_id: str) -> None:
    a_held_comment(client, id=comment_id)
    page = ana.open("/next")
    assert PRAISE[:40] in page.words
    ana.press(page, "Approve")
    assert _details(client, comment_id).comment.state == "approved"

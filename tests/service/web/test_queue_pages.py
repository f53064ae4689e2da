"""The queue without JavaScript: undo, claims, filters, bulk review, escalation, and what only editors may set."""

import json
import re

import pytest
from fastapi.testclient import TestClient

from service.domain.policy.site_policy import Mode, Trust
from service.domain.rights import Role
from service.moderation.articles import registration
from service.moderation.comments import details as comment_details
from service.moderation.policy import authors
from tests.conftest import Clock
from tests.support.browserless import Page, Visitor, a_held_comment, a_link, a_moderator, a_visitor
from tests.support.builders import INSULT, PRAISE, a_cms, a_comment, a_site, an_article


@pytest.fixture
def ana(client: TestClient) -> Visitor:
    return a_moderator(client)


@pytest.fixture
def eve(client: TestClient) -> Visitor:
    visitor = a_visitor(client)
    visitor.press(visitor.open(a_link(client, "eve@news.example", role=Role.EDITOR)), "Sign in")
    return visitor


def state(client: TestClient, comment_id: str) -> str:
    runtime = client.app.state.runtime  # type: ignore[attr-defined]  Starlette's app has a state
    return str(comment_details.read_comment(runtime, a_site(runtime), comment_id=comment_id).comment.state)


def comments_on(page: Page) -> list[str]:
    return [node.attributes["data-comment"] or "" for node in page.tree.css(".queue li")]


def form_key(page: Page) -> str:
    return page.tree.css_first("input[name=form_key]").attributes["value"] or ""


def test_a_decision_can_be_undone(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client)
    a_held_comment(client, INSULT, id="c-2")
    page = ana.press(ana.open("/comments/c-2"), "Approve")
    undone = ana.press(page, "Undo")
    assert undone.address.startswith("/comments/c-2")
    assert "Undone." in undone.words
    assert state(client, "c-2") == "held"


def test_undo_is_refused_after_its_time(client: TestClient, ana: Visitor, clock: Clock) -> None:
    a_held_comment(client)
    page = ana.press(ana.open("/comments/c-1"), "Approve")
    clock.advance(seconds=15)
    late = ana.press(page, "Undo")
    assert (late.status, state(client, "c-1")) == (409, "approved")


@pytest.mark.parametrize(
    ("number", "status"), [("1", 404), ("0", 422), ("-1", 422), ("99999999999999999999", 422), ("x", 422)]
)
def test_undoing_an_unknown_action_is_refused(ana: Visitor, number: str, status: int) -> None:
    assert ana.post(f"/actions/{number}/undo", form_key=form_key(ana.open("/queue"))).status == status


def test_a_claimed_comment_names_the_colleague(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client)
    ana.open("/comments/c-1")
    bo = a_moderator(client, "bo@news.example")
    assert "Ana is reviewing it" in bo.open("/queue").words
    page = bo.open("/comments/c-1")
    assert "Ana is reviewing this comment." in page.words
    assert bo.press(page, "Approve").status == 409
    bo.press(bo.press(page, "Take over"), "Approve")
    assert state(client, "c-1") == "approved"


def test_skipping_releases_the_claim(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client)
    page = ana.open("/comments/c-1")
    assert "End of the queue" in ana.open(page.tree.css_first("a[data-key=s]").attributes["href"] or "").words
    bo = a_moderator(client, "bo@news.example")
    assert bo.open("/next").address.startswith("/comments/c-1")


def test_filters_are_part_of_the_address(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT, id="c-1", author={"id": "kim"})
    a_held_comment(client, PRAISE, id="c-2", author={"id": "robin"})
    assert comments_on(ana.open("/queue?score=toxicity&low=60")) == ["c-1"]
    assert comments_on(ana.open("/queue?section=local&reason=pre_moderated")) == ["c-1", "c-2"]
    for query in ("section=sports", "language=fr", "age=over-1h", "article=none", "author=none", "reason=threat"):
        assert comments_on(ana.open(f"/queue?{query}")) == [], query
    page = ana.open("/queue?score=toxicity&high=40")
    assert "1 comment matches" in page.words
    assert "score=toxicity" in (page.tree.css_first("a.text").attributes["href"] or "")


def test_the_next_comment_matches_the_filters(client: TestClient, ana: Visitor) -> None:
    for number in range(3):
        a_held_comment(client, f"{INSULT} {number}", id=f"c-{number}")
    a_held_comment(client, PRAISE, id="praise")
    page, seen = ana.open("/next?score=toxicity&low=60"), []
    while page.address.startswith("/comments/"):
        seen.append(page.address.partition("?")[0])
        page = ana.press(page, "Approve")
    assert sorted(seen) == ["/comments/c-0", "/comments/c-1", "/comments/c-2"]


@pytest.mark.parametrize(
    "query", ["score=beauty", "low=x&score=insult", "low=101&score=insult", "age=old", "section=%00"]
)
def test_unknown_filters_are_refused(ana: Visitor, query: str) -> None:
    assert ana.open(f"/queue?{query}").status == 422


def test_the_queue_counts_each_comment_once(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client)
    a_cms(client).post("/v1/comments/c-1/appeals", {"statement": "Please look."})
    page = ana.open("/queue")
    assert "All 1 Held 1" in page.words
    assert "Appeals 1" in page.words
    assert comments_on(page) == ["c-1"]


def test_the_priority_is_explained(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, INSULT)
    assert "Expected harm" in (ana.open("/queue").tree.css_first(".priority").attributes["title"] or "")
    assert "Expected harm" in ana.open("/comments/c-1").words


def test_an_escalated_comment_leaves_the_queue_until_returned(client: TestClient, ana: Visitor, eve: Visitor) -> None:
    a_held_comment(client, INSULT)
    page = ana.press(ana.open("/comments/c-1"), "Threat", note="Names her street")
    assert "Escalated." in page.words
    assert comments_on(ana.open("/queue")) == []
    assert comments_on(eve.open("/queue?escalated=1")) == ["c-1"]
    page = eve.open("/comments/c-1")
    assert "Names her street" in page.words
    assert "Returned to the queue." in eve.press(page, "Return to the queue").words
    assert comments_on(ana.open("/queue")) == ["c-1"]


def test_the_emergency_procedure_is_shown_with_a_threat(client: TestClient, ana: Visitor, eve: Visitor) -> None:
    key = form_key(eve.open("/procedures"))
    assert "Saved." in eve.post("/procedures", form_key=key, topic="threat", text="Call extension 210.").words
    a_held_comment(client, "I know where your brother lives and I will kill you.")
    assert "Call extension 210." in ana.open("/comments/c-1").words
    assert ana.post("/procedures", form_key=form_key(ana.open("/procedures")), topic="threat", text="x").status == 403
    assert eve.post("/procedures", form_key=key, topic="threat", text="x" * 4_001).status == 422


def test_all_comments_of_an_author_are_decided_and_undone_in_bulk(client: TestClient, ana: Visitor) -> None:
    for number in range(3):
        a_held_comment(client, f"{PRAISE} {number}", id=f"c-{number}", author={"id": "kim"})
    a_held_comment(client, INSULT, id="other", author={"id": "robin"})
    page = ana.open("/comments/c-0")
    group = next(link for link in page.tree.css(".groups a") if "scope=author" in (link.attributes["href"] or ""))
    page = ana.open(group.attributes["href"] or "")
    assert "3 pending comments" in page.words
    page = ana.press(page, "Approve all 3")
    assert "3 comments approved." in page.words
    assert comments_on(page) == ["other"]
    assert len(comments_on(ana.press(page, "Undo"))) == 4


def test_threads_and_near_duplicates_are_groups(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, "Who will pay for the new line, and who decided it?", id="c-0")
    a_held_comment(client, "The passengers will, as they always do.", id="c-1", parent_id="c-0")
    a_held_comment(client, "The passengers will, as they always do!", id="c-2")
    page = ana.open("/comments/c-1")
    assert "All pending comments in this thread 2" in page.words
    assert "Near-duplicates 1" in page.words
    assert "2 pending comments" in ana.open("/bulk?scope=near_duplicates&comment=c-1").words


def test_bulk_review_leaves_changed_comments_alone(client: TestClient, ana: Visitor) -> None:
    for number in range(2):
        a_held_comment(client, f"{PRAISE} {number}", id=f"c-{number}")
    page = ana.open("/bulk?scope=filtered")
    a_cms(client).put("/v1/comments/c-1", {"text": "Quite another text about the tram and the hospital."})
    assert "1 comment was left as it is" in ana.press(page, "Approve all 2").words
    assert (state(client, "c-0"), state(client, "c-1")) == ("approved", "held")


@pytest.mark.parametrize("selection", ["", "x", "{}", "[[1]]", '[["c-1", "x", 0]]', json.dumps([["c", 1, 0]] * 501)])
def test_invalid_selections_are_refused(ana: Visitor, selection: str) -> None:
    key = form_key(ana.open("/queue"))
    assert ana.post("/bulk", form_key=key, selection=selection, outcome="approve").status == 422


def test_a_bulk_rejection_needs_a_reason(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client)
    page = ana.press(ana.open("/bulk?scope=filtered"), "Reject 1 comment")
    assert page.status == 422
    assert "A rejection needs a reason." in page.words


def test_an_editor_s_mode_overrides_the_cms(client: TestClient, eve: Visitor) -> None:
    a_held_comment(client)
    page = eve.open("/comments/c-1")
    key = form_key(page)
    eve.post("/mode", form_key=key, target="article", name="tram", comment_id="c-1", mode="closed")
    a_cms(client).put("/v1/articles/tram", an_article(mode="open"))
    decided = a_cms(client).post("/v1/comments", a_comment(id="c-2")).json()
    assert "article_closed" in [reason["code"] for reason in decided["decision"]["reasons"]]
    eve.post("/mode", form_key=key, target="article", name="tram", comment_id="c-1", mode="")
    assert _mode(client) is Mode.OPEN


def test_an_editor_pre_moderates_a_section(client: TestClient, eve: Visitor) -> None:
    a_held_comment(client)
    a_cms(client).put("/v1/articles/tram", an_article())
    page = eve.open("/comments/c-1")
    assert len(page.tree.css('form[action^="/mode"]')) == 2
    eve.post("/mode", form_key=form_key(page), target="section", name="local", comment_id="c-1", mode="pre_moderated")
    assert _mode(client) is Mode.PRE_MODERATED


def test_an_editor_suspends_an_author(client: TestClient, eve: Visitor, ana: Visitor) -> None:
    a_held_comment(client, INSULT, author={"id": "kim"})
    key = form_key(eve.open("/comments/c-1"))
    page = eve.post("/author-trust/c-1", form_key=key, trust="suspended", note="Third warning")
    assert "Suspended Third warning" in page.words
    runtime = client.app.state.runtime  # type: ignore[attr-defined]  as above
    assert authors.read_author(runtime, a_site(runtime), author_id="kim").author.trust is Trust.SUSPENDED
    assert "Suspend or trust" not in ana.open("/comments/c-1").words


@pytest.mark.parametrize(
    ("path", "target"), [("/mode", "article"), ("/mode", "section"), ("/author-trust/c-1", ""), ("/returned/c-1", "")]
)
def test_moderators_cannot_use_editors_forms(client: TestClient, ana: Visitor, path: str, target: str) -> None:
    a_held_comment(client, author={"id": "kim"})
    fields = {"target": target, "name": "local", "comment_id": "c-1", "trust": "suspended", "mode": "closed"}
    assert ana.post(path, form_key=form_key(ana.open("/queue")), **fields).status == 403


def test_edits_and_disguised_words_are_shown(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client, "You are all 1d10ts at the town hall, every one of you.")
    a_cms(client).put("/v1/comments/c-1", {"text": "You are all 1d10ts at the city hall, every one of you."})
    page = ana.open("/comments/c-1")
    changes = [(node.tag, node.text()) for node in page.tree.css(".changed ins, .changed del")]
    assert ("del", "town") in changes
    assert ("ins", "city") in changes
    assert ("ins", "idiots") in changes


def test_scripts_get_json(client: TestClient, ana: Visitor) -> None:
    a_held_comment(client)
    key = form_key(ana.open("/comments/c-1"))
    ana.client.headers["Accept"] = "application/json"
    fields = {"form_key": key, "revision": "1", "expected_verdict": "0"}
    saved = ana.client.post("/comments/c-1", data={**fields, "outcome": "approve"}).json()
    assert (saved["done"], saved["undo_seconds"]) == ("approve", 15)
    late = ana.client.post("/comments/c-1", data={**fields, "reason": "toxic"})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    assert ana.client.get("/queue/counts").json()["comments"] == 0
    assert a_visitor(client).client.get("/queue/counts", headers={"Accept": "application/json"}).status_code == 401


def test_every_page_asks_strangers_to_sign_in(client: TestClient) -> None:
    public = {"/", "/sign-in", "/sign-in/{secret}", "/sign-out"}
    web = client.app.state.web  # type: ignore[attr-defined]  as above
    for path in web.page_paths - public:
        page = a_visitor(client).open(re.sub(r"{[^}]*}", "1", path))
        assert page.address.startswith("/sign-in") or page.status == 405, path


def _mode(client: TestClient) -> Mode:
    runtime = client.app.state.runtime  # type: ignore[attr-defined]  as above
    return registration.read_article(runtime, a_site(runtime), article_id="tram").mode

"""A newsroom's first day: the printed commands, a verdict on the page, its webhook, and a model trained on verdicts."""

import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook

from tests.support.newsroom import many_articles, many_comments
from tests.support.processes import running_service, speak_to
from tests.support.receiver import Receiver, run_receiver


def paste(line: str) -> Any:
    """Run a printed line as a shell would; return its JSON output."""
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)  # noqa: S602  it is the point
    return httpx.Response(200, text=done.stdout).json()


def sign_in(browser: httpx.Client, link: str) -> None:
    page = browser.get(link)
    assert page.status_code == 200
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
    assert browser.post(link, data=fields).url.path == "/queue"


def reject_on_the_page(browser: httpx.Client, comment_id: str) -> None:
    page = browser.get(f"/comments/{comment_id}").text
    form = re.search(r'<form[^>]*action="([^"]*)"[^>]*id="decide-form".*?</form>', page, re.DOTALL)
    assert form
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group(0))
    response = browser.post(form.group(1), data={**dict(hidden), "reason": "toxic"})
    assert response.status_code == 200


def receive_event(receiver: Receiver, secret: str, event_type: str) -> dict[str, Any]:
    """Return the first event of this type, verified by the receiver's own library."""
    # The event of a verdict on the page is sent once the verdict can no longer be undone.
    arrived = receiver.wait_until(lambda requests: any(event_type.encode() in r.body for r in requests), seconds=120)
    for request in arrived:
        event: dict[str, Any] = Webhook(secret).verify(request.body, request.headers)
        if event["type"] == event_type:
            return event
    raise AssertionError(event_type)


def test_the_first_day(tmp_path: Path) -> None:
    with (
        run_receiver() as receiver,
        running_service(tmp_path, undo_seconds="2") as service,
        speak_to(service) as cms,
    ):
        endpoint = cms.post("/v1/webhooks/endpoints", json={"url": receiver.url}).json()

        lines = [line for line in service.output.splitlines() if line.startswith("curl ")]
        article, comment, queue = (paste(line) for line in lines)
        assert article["id"] == comment["article_id"]
        assert (comment["state"], comment["decision"]["rule"]) == ("held", "toxicity")
        assert 0 < comment["scores"]["scores"]["relevance"] < 1
        assert [item["comment_id"] for item in queue["items"]] == [comment["id"]]

        with httpx.Client(base_url=service.address, follow_redirects=True, timeout=30) as browser:
            sign_in(browser, service.sign_in_link)
            assert comment["id"] in browser.get("/queue").text
            reject_on_the_page(browser, comment["id"])
        assert cms.get(f"/v1/comments/{comment['id']}").json()["state"] == "rejected"

        decided = receive_event(receiver, endpoint["secret"], "comment.decided")
        assert decided["data"]["outcome"] == "hold"
        verdict = receive_event(receiver, endpoint["secret"], "comment.verdict")
        assert (verdict["data"]["comment_id"], verdict["data"]["reason"]) == (comment["id"], "toxic")


def test_two_hundred_verdicts_train_a_site_model(tmp_path: Path) -> None:
    with running_service(tmp_path) as service, speak_to(service) as cms:
        for article_id, article in many_articles():
            cms.put(f"/v1/articles/{article_id}", json=article).raise_for_status()
        for sent, outcome in many_comments():
            cms.post("/v1/comments", json=sent).raise_for_status()
            cms.post(f"/v1/comments/{sent['id']}/verdict", json=outcome).raise_for_status()

        trained = service.run("retrain", "--site", "main")
        assert trained.returncode == 0, trained.stderr
        assert " live " in service.run("model", "list").stdout
        assert not list((tmp_path / "data" / "retraining").glob("*")), "comment texts were left in the work folder"

        text = "Buy your tickets for Saturday's match from my brother."
        new_comment = {"id": "new", "article_id": "article-0", "text": text}
        scores = cms.post("/v1/comments", json=new_comment).json()["scores"]
        assert scores["site_model"]
        assert 0 <= scores["scores"]["likely_to_reject"] <= 1

        assert service.run("model", "rollback").returncode == 0
        base_only = cms.post("/v1/comments", json={**new_comment, "id": "newer"}).json()["scores"]
        assert base_only["site_model"] is None


def test_automatic_decisions_train_nothing(tmp_path: Path) -> None:
    with running_service(tmp_path, "--demo") as service:
        refused = service.run("retrain", "--site", "main")
    assert refused.returncode == 1
    assert "0 verdicts" in refused.stderr


def test_the_start_message_names_the_next_steps(tmp_path: Path) -> None:
    with running_service(tmp_path) as service:
        first = service.output
    with running_service(tmp_path) as service:
        again = service.output.removeprefix(first)
    assert "commentdesk serve --demo" in first
    assert "commentdesk user sign-in-link" in again
    assert service.sign_in_link not in again

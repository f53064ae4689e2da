"""No comment text leaks: a marker that is sent through the whole API appears in no log, metric or error message."""

from pathlib import Path

from tests.support.processes import running_service, speak_to
from tests.support.receiver import Reply, run_receiver

MARKER = "Quagmire-Zeppelin-77"


def test_text_sent_through_the_api_is_in_no_log_or_metric(tmp_path: Path) -> None:
    with run_receiver() as receiver, running_service(tmp_path, log_level="debug") as service, speak_to(service) as cms:
        receiver.usual = Reply(status=500)
        cms.post("/v1/webhooks/endpoints", json={"url": receiver.url})
        cms.put("/v1/articles/tram", json={"title": f"{MARKER} tram", "body": f"All about {MARKER}."})
        insult = f"{MARKER} you stupid idiot, nobody wants your disgusting lies here."
        cms.post("/v1/comments", json={"id": "c-1", "article_id": "tram", "text": insult})
        cms.post("/v1/comments", json={"id": "c-1", "article_id": "tram", "text": f"Another {MARKER}"})
        bad = cms.post("/v1/comments", json={"id": "c-2", "article_id": "tram", "text": f"{MARKER}\x00"})
        cms.put("/v1/comments/c-1", json={"text": f"{insult} Revised."})
        cms.post("/v1/comments/c-1/reports", json={"reporter": "r", "reason": "rude", "note": MARKER})
        cms.post("/v1/comments/c-1/appeals", json={"statement": MARKER})
        cms.post("/v1/comments/c-1/verdict", json={"outcome": "reject", "reason": "toxic", "note": MARKER})
        receiver.wait_for(3)
        cms.delete("/v1/comments/c-1")
        metrics = cms.get("/metrics").text
    assert MARKER not in service.output
    assert MARKER not in metrics
    assert MARKER not in bad.text
    assert all(MARKER.encode() not in request.body for request in receiver.received)
    assert service.output.count('"event"') > 0, "nothing was logged, so this test shows nothing"
    for path in (tmp_path / "data").glob("*-jobs.db*"):
        assert MARKER.encode() not in path.read_bytes()

"""kill -9 at random moments: acknowledged rows exist exactly once, and every event is delivered at least once."""

import json
import random
import threading
from collections import Counter
from pathlib import Path
from typing import Self

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.support.builders import INSULT
from tests.support.processes import Service
from tests.support.receiver import Receiver, run_receiver


class Traffic:
    """A CMS that sends comments and verdicts, retries until each is acknowledged, and records what was."""

    def __init__(self, service: Service) -> None:
        self.comments: set[str] = set()
        self.verdicts: set[str] = set()
        self._service = service
        self._headers = {"Authorization": f"Bearer {service.token}"}
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(3)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _send(self, number: int) -> None:
        with httpx.Client(base_url=self._service.address, headers=self._headers, timeout=10) as client:
            count = 0
            while not self._stopping.is_set():
                comment_id = f"c-{number}-{count}"
                text = f"{INSULT} Number {number * 7919 + count * 31}."
                body = {"id": comment_id, "article_id": "tram", "text": text}
                if self._send_until_acknowledged(client, "/v1/comments", body):
                    self.comments.add(comment_id)
                    verdict = {"outcome": "reject", "reason": "toxic"}
                    if self._send_until_acknowledged(client, f"/v1/comments/{comment_id}/verdict", verdict):
                        self.verdicts.add(comment_id)
                count += 1

    def _send_until_acknowledged(self, client: httpx.Client, path: str, body: dict[str, str]) -> bool:
        """Post until the service acknowledges it; return False if the test ended first."""
        while not self._stopping.is_set():
            try:
                if client.post(path, json=body).status_code in {200, 201}:
                    return True
            except httpx.TransportError:
                self._stopping.wait(0.05)
        return False


def count_rows(service: Service, table: str) -> Counter[str]:
    engine = create_engine(f"sqlite:///{service.folder / 'data' / 'commentdesk.db'}")
    column = "id" if table == "comments" else "comment_id"
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {column} FROM {table}")).scalars().all()  # noqa: S608  our own names
    engine.dispose()
    return Counter(rows)


def wait_for_all(receiver: Receiver, kind: str, wanted: set[str]) -> set[str]:
    def seen() -> set[str]:
        events = [json.loads(request.body) for request in receiver.received]
        return {event["data"]["comment_id"] for event in events if event["type"] == kind}

    receiver.wait_until(lambda _: wanted <= seen(), seconds=240)
    return seen()


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_or_doubled_by_kill_9(tmp_path: Path, rounds: int) -> None:
    generator = random.Random(rounds)  # a repeatable test, no secret
    service = Service(tmp_path)
    service.start()
    with run_receiver() as receiver:
        endpoint = {"url": receiver.url, "event_types": ["comment.decided", "comment.verdict"]}
        headers = {"Authorization": f"Bearer {service.token}"}
        httpx.post(f"{service.address}/v1/webhooks/endpoints", json=endpoint, headers=headers).raise_for_status()
        with Traffic(service) as traffic:
            for _ in range(rounds):
                threading.Event().wait(generator.uniform(0.1, 1.5))
                if generator.random() < 0.5:
                    service.kill_worker()
                else:
                    service.kill_web()
                    service.start()
        comments, verdicts = count_rows(service, "comments"), count_rows(service, "verdicts")
        assert traffic.comments
        assert all(comments[comment] == 1 for comment in traffic.comments)
        assert all(verdicts[comment] == 1 for comment in traffic.verdicts)
        assert wait_for_all(receiver, "comment.decided", traffic.comments) >= traffic.comments
        assert wait_for_all(receiver, "comment.verdict", traffic.verdicts) >= traffic.verdicts
    service.stop()

"""The Akismet adapter: held and rejected comments are spam, and submissions are verdicts."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from models.scorer import Scorer
from service.app import create_app
from service.moderation.intake.submit import rescore_waiting
from service.settings import Settings
from tests.conftest import Clock
from tests.support.builders import INSULT, PRAISE, Cms, a_cms, an_article

WHO = {"blog": "https://gazette.example/", "user_ip": "192.0.2.7", "comment_author": "Ada"}
STORY = "https://gazette.example/tram"


def post(cms: Cms, method: str, **form: Any) -> Response:
    return cms.client.post(f"/1.1/{method}", data={"api_key": cms.token, **WHO, **form})


def check(cms: Cms, text: str, **form: Any) -> str:
    answer = post(cms, "comment-check", comment_content=text, permalink=STORY, **form)
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


def count(client: TestClient, table: str) -> int:
    with client.app.state.runtime.database.reading() as connection:  # type: ignore[attr-defined]  Starlette's state
        number: int = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()  # noqa: S608  our own names
        return number


def test_a_held_comment_is_spam_and_a_good_one_is_not(client: TestClient) -> None:
    cms = a_cms(client)
    assert (check(cms, INSULT), check(cms, PRAISE)) == ("true", "false")
    assert cms.get("/v1/queue").json()["items"][0]["text"] == INSULT


def test_a_comment_is_scored_with_its_article(client: TestClient) -> None:
    cms = a_cms(client)
    cms.put("/v1/articles/tram", an_article(url=STORY))
    check(cms, PRAISE)
    with client.app.state.runtime.database.reading() as connection:  # type: ignore[attr-defined]  Starlette's state
        assert connection.exec_driver_sql("SELECT article_id FROM comments").scalar() == "tram"


def test_a_comment_is_scored_again_when_its_page_is_registered(client: TestClient) -> None:
    cms = a_cms(client)
    check(cms, PRAISE)
    with client.app.state.runtime.database.reading() as connection:  # type: ignore[attr-defined]  Starlette's state
        page, number = connection.exec_driver_sql("SELECT article_id, id FROM comments").one()
    cms.put(f"/v1/articles/{page}", an_article(url=STORY))
    assert rescore_waiting(client.app.state.runtime) == 1  # type: ignore[attr-defined]  Starlette's state
    assert cms.get(f"/v1/comments/{number}").json()["scores"]["scores"]["relevance"] is not None


def test_a_rejected_comment_may_be_discarded(client: TestClient) -> None:
    cms = a_cms(client)
    cms.post("/v1/policy/versions", {"blocked_words": ["casino"], "reject_blocked": True, "note": "No casinos."})
    answer = post(cms, "comment-check", comment_content="Play at our casino tonight, everybody wins there.")
    assert (answer.text, answer.headers["X-akismet-pro-tip"]) == ("true", "discard")
    assert "X-akismet-pro-tip" not in post(cms, "comment-check", comment_content=INSULT).headers


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_setting_lets_held_comments_through(settings: Settings, scorer: Scorer, clock: Clock) -> None:
    lenient = settings.model_copy(update={"akismet_hold_is_spam": False})
    with TestClient(create_app(lenient, scorer=scorer, clock=clock)) as client:
        assert check(a_cms(client), INSULT) == "false"


def test_submissions_are_verdicts_that_a_recheck_returns(client: TestClient) -> None:
    cms = a_cms(client)
    assert check(cms, PRAISE) == "false"
    submitted = post(cms, "submit-spam", comment_content=PRAISE, permalink=STORY)
    assert submitted.text == "Thanks for making the web a better place."
    assert check(cms, PRAISE, recheck_reason="recheck_queue") == "true"
    post(cms, "submit-ham", comment_content=PRAISE, permalink=STORY)
    assert check(cms, PRAISE, recheck_reason="recheck_queue") == "false"
    assert (count(client, "comments"), count(client, "verdicts")) == (1, 2)


def test_a_token_without_the_right_reports_instead(client: TestClient) -> None:
    reader = a_cms(client, rights=["score", "comments"])
    check(reader, PRAISE)
    post(reader, "submit-spam", comment_content=PRAISE, permalink=STORY)
    assert (count(client, "verdicts"), count(client, "reports")) == (0, 1)


def test_tests_and_private_forms_are_decided_but_not_stored(client: TestClient) -> None:
    cms = a_cms(client)
    assert check(cms, INSULT, is_test="1") == "true"
    assert check(cms, INSULT, comment_type="contact-form") == "true"
    assert check(a_cms(client, rights=["score"]), INSULT) == "true"
    post(cms, "submit-spam", comment_content=INSULT, is_test="true")
    assert count(client, "comments") == 0


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_test_values_of_akismet_work(client: TestClient) -> None:
    cms = a_cms(client)
    assert post(cms, "comment-check", comment_author="akismet-guaranteed-spam").text == "true"
    assert post(cms, "comment-check", comment_author_email="akismet-guaranteed-spam@example.com").text == "true"
    assert post(cms, "comment-check", comment_content=INSULT, user_role="administrator").text == "false"
    assert count(client, "comments") == 0


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_key_may_be_in_form_query_or_host_name(client: TestClient) -> None:
    cms = a_cms(client)
    host = {"host": f"{cms.token.upper()}.gazette.example"}
    assert client.post("/1.1/verify-key", data={"key": cms.token}).text == "valid"
    assert client.post("/1.1/verify-key", data=WHO, headers=host).text == "valid"
    assert client.get("/1.2/usage-limit", params={"api_key": cms.token}).json()["limit"] == "none"


@pytest.mark.parametrize("method", ["verify-key", "comment-check", "submit-spam", "submit-ham"])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_wrong_key_is_invalid(client: TestClient, method: str) -> None:
    answer = client.post(f"/1.1/{method}", data={"api_key": "wrong", **WHO})
    assert (answer.status_code, answer.text) == (200, "invalid")
    assert client.get("/1.2/key-sites").text == client.get("/1.2/usage-limit?api_key=x").text == "invalid"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_token_without_rights_is_refused(client: TestClient) -> None:
    powerless = a_cms(client, rights=[])
    for method in ("comment-check", "submit-spam", "submit-ham"):
        assert post(powerless, method, comment_content=PRAISE).status_code == 403


@pytest.mark.parametrize(("field", "value"), [("blog", ""), ("user_ip", " "), ("blog", "gazette")])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_header_explains_an_invalid_form(client: TestClient, field: str, value: str) -> None:
    answer = post(a_cms(client), "comment-check", **{field: value})
    assert answer.text == "invalid"
    assert field in answer.headers["X-akismet-debug-help"]


@pytest.mark.parametrize("body", [b"\x00\xff", b"a" * 10_000, b"comment_content=%00%ff&=&="])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x"]
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_missing_body_is_an_error(client: TestClient, body: bytes, kind: str) -> None:
    headers = {"content-type": kind, "host": f"{a_cms(client).token}.localhost"}
    assert client.post("/1.1/comment-check", content=body, headers=headers).status_code == 200


@pytest.mark.parametrize("permalink", ["https://a.example/\x00", "https://a.example/%00", "https://a\x00.example/"])
def test_an_invalid_permalink_is_an_unknown_article(client: TestClient, permalink: str) -> None:
    cms = a_cms(client)
    answer = post(cms, "comment-check", comment_content=PRAISE, permalink=permalink, comment_author="a\x00/b")
    assert (answer.status_code, answer.text) == (200, "false")
    assert post(cms, "submit-spam", comment_content=PRAISE, permalink=permalink).is_success


def test_lone_surrogates_in_author_and_permalink_are_ignored(client: TestClient) -> None:
    half = {"permalink": "https://a.example/\\ud800", "comment_author": "\\ud800", "comment_content": PRAISE}
    form = {"api_key": a_cms(client).token, "blog": "https://a.example/", "user_ip": "192.0.2.7", **half}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{form[name]}\r\n' for name in form]
    headers = {"content-type": "multipart/form-data; boundary=x; charset=raw_unicode_escape"}
    answer = client.post("/1.1/comment-check", content="".join(parts) + "--x--\r\n", headers=headers)
    assert (answer.status_code, answer.text) == (200, "false")


@pytest.mark.parametrize(
    "month",
    ["9999-12", "99999999999-01", "2026-13", "2026-1", "0000-01", "2026-11-22", "2026-11\n", "2026-\u0661\u0661"],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_invalid_month_is_reported(client: TestClient, month: str) -> None:
    answer = client.get("/1.2/key-sites", params={"api_key": a_cms(client).token, "month": month})
    assert (answer.status_code, answer.text) == (200, "invalid")
    assert "month" in answer.headers["X-akismet-debug-help"]


@pytest.mark.parametrize("path", ["/1.2/key-sites", "/1.2/usage-limit"])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_usage_needs_the_right_to_send_comments(client: TestClient, path: str) -> None:
    watcher = a_cms(client, rights=["metrics"])
    answer = client.get(path, params={"api_key": watcher.token})
    assert (answer.status_code, answer.text) == (403, "invalid")
    assert client.get(path, params={"api_key": a_cms(client, rights=["comments"]).token}).status_code == 200


def test_the_usage_of_a_month_is_counted(client: TestClient) -> None:
    cms = a_cms(client)
    check(cms, INSULT)
    check(cms, PRAISE)
    post(cms, "submit-spam", comment_content=PRAISE, permalink=STORY)
    ask = {"api_key": cms.token}
    (row,) = client.get("/1.2/key-sites", params=ask).json()["2026-11"]
    assert (row["site"], row["api_calls"], row["spam"], row["missed_spam"]) == ("Gazette", "2", "1", "1")
    assert client.get("/1.2/key-sites", params=ask | {"month": "2026-10"}).json()["2026-10"][0]["api_calls"] == "0"
    assert (
        client.get("/1.2/key-sites", params=ask | {"format": "csv"}).text.splitlines()[1] == "Gazette,2,1,1,1,0,False"
    )
    assert client.get("/1.2/key-sites", params=ask | {"month": "spring"}).text == "invalid"

"""No comment text or key leaks through the adapters: neither is in a log, a metric or an error message."""

import json
import re
from pathlib import Path

from service.domain.coral import sign_body
from tests.support.processes import running_service, speak_to

MARKER = "Quagmire-Zeppelin-78"
SECRET = "empsec_quagmire"
INSULT = f"{MARKER} you stupid idiot, nobody wants your disgusting lies here."


def test_text_and_keys_sent_through_adapters_are_in_no_log_or_metric(tmp_path: Path) -> None:
    with running_service(tmp_path, log_level="debug") as service, speak_to(service) as cms:
        address = f"/v1alpha1/comments:analyze?key={service.token}"
        wanted = {"requestedAttributes": {"TOXICITY": {}}}
        responses = [
            cms.post(address, json={"comment": {"text": MARKER}, "requestedAttributes": {MARKER: {}}}),
            cms.post(address, json={"comment": {"text": MARKER, "type": MARKER}, **wanted}),
            cms.post(address, json={"comment": {"text": [MARKER]}, **wanted}),
            cms.post(address.replace("analyze", "suggestscore"), json={"comment": {"text": MARKER}}),
            cms.post("/v1/moderations", json={"input": [INSULT, {"type": MARKER}]}),
            cms.post("/1.1/comment-check", data={"api_key": service.token, "blog": MARKER, "user_ip": MARKER}),
        ]
        scores = {"TOXICITY": {"summaryScore": {"value": 1}}}
        cms.post(
            address.replace("analyze", "suggestscore"), json={"comment": {"text": INSULT}, "attributeScores": scores}
        )
        form = {
            "api_key": service.token,
            "blog": "https://a.example",
            "user_ip": "192.0.2.1",
            "comment_content": INSULT,
        }
        assert cms.post("/1.1/comment-check", data=form).text == "true"
        connected = service.run("coral", "connect", "--secret", SECRET).stdout
        found = re.search(r"/coral/\w+/phase", connected)
        assert found
        body = json.dumps({"comment": {"body": INSULT}, "author": {"id": "u1", "role": "COMMENTER"}}).encode()
        signed = {"X-Coral-Signature": f"sha256={sign_body(body, SECRET)}"}
        assert cms.post(found[0], content=body, headers=signed).json()["status"] == "SYSTEM_WITHHELD"
        responses.append(cms.post(found[0], content=MARKER, headers=signed))
        metrics = cms.get("/metrics").text
    logged = [line for line in service.output.splitlines() if line.startswith("{")]
    assert all(response.text and MARKER not in response.text for response in responses)
    assert logged, "nothing was logged, so this test shows nothing"
    assert MARKER not in service.output + metrics
    assert service.token not in "".join(logged) + metrics
    assert SECRET not in service.output + connected

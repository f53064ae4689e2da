"""google-api-python-client, made from our Discovery document."""

import os

from googleapiclient import discovery
from googleapiclient.errors import HttpError

BASE, KEY = os.environ["BASE"], os.environ["KEY"]


def build(key):
    where = BASE + "/$discovery/rest?version=v1alpha1"
    return discovery.build(
        "commentanalyzer", "v1alpha1", developerKey=key, discoveryServiceUrl=where, static_discovery=False
    )


comments = build(KEY).comments()
body = {"comment": {"text": "You stupid idiot."}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["en"]}
assert comments.analyze(body=body).execute()["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.5
scores = {"TOXICITY": {"summaryScore": {"value": 1}}}
suggested = {"comment": {"text": "You stupid idiot."}, "attributeScores": scores, "clientToken": "comment:g-1"}
assert comments.suggestscore(body=suggested).execute() == {"clientToken": "comment:g-1"}

try:
    build("wrong").comments().analyze(body=body).execute()
except HttpError as error:
    assert error.reason == "API key not valid. Please pass a valid API key.", error.reason
    assert error.error_details[0]["reason"] == "API_KEY_INVALID", error.error_details
else:
    raise AssertionError("a wrong key was taken")

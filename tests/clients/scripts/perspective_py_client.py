"""perspective.py 0.3.4, whose Google client is made from our Discovery document."""

import os

from googleapiclient import discovery

BASE = os.environ["BASE"]
build = discovery.build


def build_here(*names, **facts):
    return build(*names, **facts | {"discoveryServiceUrl": BASE + "/$discovery/rest?version=v1alpha1"})


discovery.build = build_here

from perspective import Perspective  # noqa: E402  it takes `build` when imported
from perspective.errors import InvalidToken, UnsupportedLanguage  # noqa: E402  as above

client = Perspective(os.environ["KEY"])
assert client.analyze("You stupid idiot.", ["TOXICITY", "INSULT"], "en")["TOXICITY"] > 0.5
try:
    client.analyze("Bonjour à tous.", ["TOXICITY"], "fr")
except UnsupportedLanguage as error:
    assert "French" in str(error), error
else:
    raise AssertionError("French was scored")
try:
    Perspective("wrong").analyze("Good morning.", ["TOXICITY"], "en")
except (InvalidToken, Exception) as error:  # noqa: BLE001  its releases raise different ones
    assert "API key not valid" in str(error) or "not a valid API key" in str(error), error

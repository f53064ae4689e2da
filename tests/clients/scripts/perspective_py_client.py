"""perspective.py 0.3.4, whose Google client is made from our Discovery document."""

import os

from googleapiclient import discovery

BASE = os.environ["BASE"]
build = discovery.build


def build_here(*names, **facts):
    return build(*names, **facts | {"discoveryServiceUrl": BASE + "/$discovery/rest?version=v1alpha1"})


discovery.build = build_here

from perspective import Client  # noqa: E402  it takes `build` when imported

# It answers in per cent.
assert Client(os.environ["KEY"]).analyze("You stupid idiot.", ["TOXICITY", "INSULT"], "en")["TOXICITY"] > 50
try:
    Client("wrong").analyze("Good morning.", ["TOXICITY"], "en")
except Exception as error:  # noqa: BLE001  of which class, it decides by Google's own address
    assert "API key not valid" in str(error), error
else:
    raise AssertionError("a wrong key was taken")

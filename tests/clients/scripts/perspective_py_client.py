"""perspective.py 0.3.4, which tells errors apart by Google's own address: its requests to that arrive here."""

import os

import httplib2
from googleapiclient import discovery

BASE, GOOGLE = os.environ["BASE"], "https://commentanalyzer.googleapis.com"
build = discovery.build


class Here(httplib2.Http):
    """As if Google's name led to us."""

    def request(self, uri, *facts, **more):
        return super().request(uri.replace(GOOGLE, BASE, 1), *facts, **more)


def build_here(*names, **facts):
    return build(*names, **facts, http=Here(), client_options={"api_endpoint": GOOGLE})


discovery.build = build_here

from perspective import Client  # noqa: E402  it takes `build` when imported
from perspective.errors import HTTPException, UnsupportedLanguage  # noqa: E402  as above

client = Client(os.environ["KEY"])
# It answers in per cent.
assert client.analyze("You stupid idiot.", ["TOXICITY", "INSULT"], "en")["TOXICITY"] > 50
try:
    client.analyze("Bonjour.", ["TOXICITY"], "fr")
except UnsupportedLanguage as error:
    assert str(error) == 'French (fr) is not supported by "TOXICITY" attribute.', error
else:
    raise AssertionError("French was read")
# Told to, it leaves out one attribute after the other, as the answers name them.
assert client.analyze("Bonjour.", ["TOXICITY", "INSULT"], "fr", skip_on_lang=True) == {}
try:
    Client("wrong").analyze("Good morning.", ["TOXICITY"], "en")
except HTTPException as error:
    assert "API key not valid" in str(error), error
else:
    raise AssertionError("a wrong key was taken")

"""perspective 1.0.3, its address replaced."""

import os

from perspective import PerspectiveAPI

client = PerspectiveAPI(os.environ["KEY"])
client.api_client.url = os.environ["BASE"] + "/v1alpha1/{endpoint}"
assert client.score("You stupid idiot.", tests=["TOXICITY", "INSULT"])["TOXICITY"] > 0.5
spans = client.analyze_comment("You stupid idiot. Good morning.", span_annotations=True, languages=["en"])
assert len(spans["attributeScores"]["TOXICITY"]["spanScores"]) == 2
answer = client.suggest_score("You stupid idiot.", {"TOXICITY": {"summaryScore": {"value": 1.0}}}, client_token="p")
assert answer["clientToken"] == "p"

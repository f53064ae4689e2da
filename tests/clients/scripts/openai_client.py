"""openai for Python."""

import os

import openai

client = openai.OpenAI(base_url=os.environ["BASE"] + "/v1", api_key=os.environ["KEY"], max_retries=0)
answer = client.moderations.create(input=["Good morning.", "You stupid idiot."], model="omni-moderation-latest")
assert [result.flagged for result in answer.results] == [False, True], answer
assert answer.results[1].category_scores.harassment > 0.5
assert answer.results[1].category_applied_input_types.sexual == []
try:
    openai.OpenAI(base_url=os.environ["BASE"] + "/v1", api_key="wrong").moderations.create(input="x")
except openai.AuthenticationError as error:
    assert error.code == "invalid_api_key", error.code
else:
    raise AssertionError("a wrong key was taken")

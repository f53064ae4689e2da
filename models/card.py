"""The card of a release: a JSON file with its provenance and metrics, and the hash of each of its files."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

CARD_FILE = "card.json"

_LIBRARIES = ("scikit-learn", "numpy", "scipy", "skops", "onnxruntime", "tokenizers", "nltk", "ftfy", "py3langid")


class ReleaseRefused(Exception):
    """A release cannot be trusted or read. The message names the file and the reason."""

    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A corpus that a release was trained on. `sha256` is the hash of the corpus file."""

    name: str
    licence: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A comment that a release scores wrongly.

    `score` is the name of the score, `predicted` its wrong value, and `reason` why the comment is difficult.
    """

    score: str
    text: str
    predicted: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The card of a base release or of a site model.

    `base` is the version of the base release that a site model was fitted on. `base_rate` is the share of toxic
    comments for which the probabilities are calibrated. `thresholds` are the default thresholds of a new policy.
    `files` has the SHA-256 of each file. `digest` is the SHA-256 of the card itself, computed with an empty `digest`.
    """

    version: str
    kind: Literal["base", "site"]
    created_at: datetime
    seed: int
    code_commit: str
    base: str | None = None
    base_rate: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[DataSource, ...] = ()
    metrics: Mapping[str, Any] = field(default_factory=dict)
    intended_use: str = ""
    not_for: str = ""
    known_failures: tuple[KnownFailure, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


def library_versions() -> dict[str, str]:
    """Return the installed version of each library that a release depends on."""
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_card(folder: Path, card: Card) -> Card:
    """Add the hashes of the folder's files and the library versions to a card. Write it to the folder and return it."""
    files = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.name != CARD_FILE}
    complete = _with_digest(replace(card, files=files, libraries=card.libraries or library_versions()))
    (folder / CARD_FILE).write_bytes(_canonical_json(complete))
    return complete


def read_card(folder: Path) -> Card:
    """Read a card. Raises ReleaseRefused if it cannot be read, is not a card, or was changed after it was written."""
    path = folder / CARD_FILE
    try:
        content = path.read_bytes()
        card = parse_card(json.loads(content))
    except OSError as error:
        raise ReleaseRefused(file=str(path), reason=f"cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReleaseRefused(file=str(path), reason="is not a card") from error
    if card != _with_digest(card) or content != _canonical_json(card):
        raise ReleaseRefused(file=str(path), reason="was changed after it was written")
    return card


def parse_card(fields: Mapping[str, Any]) -> Card:
    """Return the card for the parsed JSON of a card file.

    Raises TypeError, KeyError or ValueError if the fields are not those of a card.
    """
    parsed = {
        "created_at": datetime.fromisoformat(fields["created_at"]),
        "sources": tuple(DataSource(**source) for source in fields["sources"]),
        "known_failures": tuple(KnownFailure(**failure) for failure in fields["known_failures"]),
    }
    return Card(**{**fields, **parsed})


def verify_folder(folder: Path) -> Card:
    """Check a release's card, the hash of each file, and the versions of libraries. Returns the card.

    Raises ReleaseRefused, which names the file, if a file was changed or is missing, or if the pipelines were saved
    with another minor version of scikit-learn. Versions of other libraries are recorded but not checked.
    """
    card = read_card(folder)
    for name, expected in card.files.items():
        path = folder / name
        # A forged card could name a path outside of the folder.
        if Path(name).name != name:
            raise ReleaseRefused(file=str(folder / CARD_FILE), reason=f"names a file elsewhere: {name}")
        try:
            actual = sha256(path)
        except OSError as error:
            raise ReleaseRefused(file=str(path), reason=f"cannot be read ({error.strerror})") from error
        if actual != expected:
            raise ReleaseRefused(file=str(path), reason="was changed: its SHA-256 is not the card's")
    _check_scikit_learn(card, file=str(folder / CARD_FILE))
    return card


def _check_scikit_learn(card: Card, *, file: str) -> None:
    # Each minor version may change the attributes of fitted estimators.
    saved, running = card.libraries.get("scikit-learn", "unknown"), version("scikit-learn")
    if saved.split(".")[:2] != running.split(".")[:2]:
        reason = f"was saved under scikit-learn {saved}; {running} is running, and only its minor version reads it"
        raise ReleaseRefused(file=file, reason=reason)


def _with_digest(card: Card) -> Card:
    return replace(card, digest=hashlib.sha256(_canonical_json(replace(card, digest=""))).hexdigest())


def _canonical_json(card: Card) -> bytes:
    fields = asdict(card) | {"created_at": card.created_at.isoformat()}
    return (json.dumps(fields, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()

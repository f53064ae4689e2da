"""The card of a release: the facts about it and the hash of each of its files; it loads none of them."""

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
    """A release cannot be trusted or read: names the file and the reason."""

    def __init__(self, *, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A corpus that a release learned from; `sha256` is that of its file."""

    name: str
    licence: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """A comment that a release scores wrongly: which score, what it says, and what makes it hard."""

    score: str
    text: str
    says: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of a release.

    `base` is the version of the base that a site release was fitted on. `base_rate` is the share of toxic comments at
    which the probabilities are calibrated, `thresholds` what a policy starts from. `files` gives the SHA-256 of each
    file; `digest` that of the card without it, so that the card's own bytes are checked too.
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
    """Answer the installed version of each library that a release depends on."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def sha256(path: Path) -> str:
    """Answer the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_card(folder: Path, card: Card) -> Card:
    """Hash every file of the folder, note the libraries, write the card beside the files and answer it, complete."""
    files = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.name != CARD_FILE}
    complete = _with_digest(replace(card, files=files, libraries=card.libraries or library_versions()))
    (folder / CARD_FILE).write_bytes(_canonical_json(complete))
    return complete


def read_card(folder: Path) -> Card:
    """Read a card and check its own bytes. Raises ReleaseRefused."""
    path = folder / CARD_FILE
    try:
        written = path.read_bytes()
        facts = json.loads(written)
        sources = tuple(DataSource(**source) for source in facts.pop("sources"))
        failures = tuple(KnownFailure(**failure) for failure in facts.pop("known_failures"))
        created_at = datetime.fromisoformat(facts.pop("created_at"))
        card = Card(created_at=created_at, sources=sources, known_failures=failures, **facts)
    except OSError as error:
        raise ReleaseRefused(file=str(path), reason=f"cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReleaseRefused(file=str(path), reason="is not a card") from error
    if card != _with_digest(card) or written != _canonical_json(card):
        raise ReleaseRefused(file=str(path), reason="was changed after it was written")
    return card


def verify_folder(folder: Path) -> Card:
    """Check a release's card, the hash of each of its files and the libraries' versions; answer the card.

    Raises ReleaseRefused, naming the file: for a changed byte, a missing file, or another minor version of
    scikit-learn than the one that saved the pipelines. Other versions are recorded, not refused.
    """
    card = read_card(folder)
    for name, expected in card.files.items():
        path = folder / name
        if Path(name).name != name:
            raise ReleaseRefused(file=str(folder / CARD_FILE), reason=f"names a file elsewhere: {name}")
        try:
            found = sha256(path)
        except OSError as error:
            raise ReleaseRefused(file=str(path), reason=f"cannot be read ({error.strerror})") from error
        if found != expected:
            raise ReleaseRefused(file=str(path), reason="was changed: its SHA-256 is not the card's")
    _check_scikit_learn(card, file=str(folder / CARD_FILE))
    return card


def _check_scikit_learn(card: Card, *, file: str) -> None:
    saved, running = card.libraries.get("scikit-learn", "unknown"), version("scikit-learn")
    if saved.split(".")[:2] != running.split(".")[:2]:
        reason = f"was saved under scikit-learn {saved}; {running} is running, and only its minor version reads it"
        raise ReleaseRefused(file=file, reason=reason)


def _with_digest(card: Card) -> Card:
    return replace(card, digest=hashlib.sha256(_canonical_json(replace(card, digest=""))).hexdigest())


def _canonical_json(card: Card) -> bytes:
    facts = asdict(card) | {"created_at": card.created_at.isoformat()}
    return (json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()

"""The OpenAPI document: `python -m service.cli.openapi docs/openapi.json` updates the committed copy.

Clients depend on the document, so nothing in it is renamed or removed, and the program refuses to write such a change.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.app import create_app
from service.settings import Settings

# What people read may change at any time; so does the version of the program.
_TEXTS = frozenset({"description", "summary", "title", "examples", "version"})


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new document has lost or changed, which breaks clients, and what it adds."""

    broken: tuple[str, ...]
    added: tuple[str, ...]

    def explain(self) -> str:
        """Return what has to be done, for the developer who made the change."""
        if self.broken:
            return (
                "Clients depend on these parts of the API, which are removed, renamed or changed. Restore them. If a\n"
                "change cannot break a client, such as a larger limit, edit docs/openapi.json by hand.\n"
                + _list(self.broken)
            )
        if self.added:
            return "These parts of the API are new. Run `make openapi`, and add a line to CHANGELOG.md.\n" + _list(
                self.added
            )
        return "A description in the API has changed. Run `make openapi`."


def build_document() -> dict[str, Any]:
    """Return the OpenAPI document of the service."""
    return create_app(Settings()).openapi()


def write_document(document: dict[str, Any]) -> str:
    """Return the document as JSON whose order does not depend on the code."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def compare(old: dict[str, Any], new: dict[str, Any]) -> Difference:
    """Compare two documents, without the texts that people read."""
    before, after = dict(_flatten(old)), dict(_flatten(new))
    broken = [path for path, value in before.items() if after.get(path, _MISSING) != value]
    added = [path for path in after if path not in before]
    broken += [path for path in added if _breaks_requests(path, before)]
    return Difference(tuple(broken), tuple(path for path in added if path not in broken))


_MISSING = object()


def _flatten(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and the value of every leaf; the elements of a list of scalars are leaves of a set."""
    if isinstance(node, dict):
        # A field may be named like a text of OpenAPI: `title` and `description` of an article, say.
        is_names = path.endswith(("/properties", "/paths", "/schemas"))
        for name, child in node.items():
            if is_names or name not in _TEXTS:
                yield from _flatten(child, f"{path}/{name}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            if isinstance(child, dict | list):
                yield from _flatten(child, f"{path}/{index}")
            else:
                yield f"{path}/{child}", True
    else:
        yield path, node


def _breaks_requests(path: str, before: dict[str, Any]) -> bool:
    """Return whether a path makes a field required that clients may leave out today."""
    schema, marker, field = path.rpartition("/required/")
    if not marker:
        return False
    was_optional = any(known.startswith(f"{schema}/properties/{field}/") for known in before)
    # Only schemas of requests forbid unknown fields.
    is_request = before.get(f"{schema}/additionalProperties") is False
    return was_optional or is_request


def _list(paths: tuple[str, ...]) -> str:
    return "\n".join(f"  {path}" for path in paths)


def main() -> None:
    """Update the document that the first argument names; exit with 1 if that would break clients."""
    path, document = Path(sys.argv[1]), build_document()
    if path.exists():
        difference = compare(json.loads(path.read_text(encoding="utf-8")), document)
        if difference.broken:
            sys.exit(difference.explain())
        if difference.added:
            print(difference.explain())  # noqa: T201  the developer's terminal
    path.write_text(write_document(document), encoding="utf-8")


if __name__ == "__main__":
    main()

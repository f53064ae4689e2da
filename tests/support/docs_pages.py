"""The documentation as the tests read it: its pages, their code and their links."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

CLONE = Path(__file__).parents[2]
PAGES = (CLONE / "README.md", CLONE / "CHANGELOG.md", *sorted((CLONE / "docs").rglob("*.md")))

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced piece of code and the language that it says it is in."""

    language: str
    code: str


def read_page(name: str) -> str:
    return (CLONE / name).read_text(encoding="utf-8")


def find_release() -> Path:
    """The newest of the releases in the box."""
    released = (path for path in (CLONE / "models" / "released").iterdir() if path.is_dir())
    return max(released, key=lambda path: [int(part) for part in path.name.split(".")])


def read_blocks(name: str, language: str) -> list[str]:
    """The code of a page that says it is in this language."""
    return [code for found, code in _BLOCK.findall(read_page(name)) if found == language]


def read_commands(name: str) -> list[list[str]]:
    """The words of every command in a page's shell blocks; lines ending in a backslash are joined."""
    lines = "".join(read_blocks(name, "sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip() and not line.startswith("#")]


def read_links(page: Path) -> list[str]:
    return _LINK.findall(page.read_text(encoding="utf-8"))


def read_anchors(page: Path) -> set[str]:
    """What a link to a heading of the page may say."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

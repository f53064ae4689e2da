"""Reads the documentation for its tests: pages, code blocks, commands and links."""

import re
import shlex
from pathlib import Path

CLONE = Path(__file__).parents[2]
TOP_PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
PAGES = (*(CLONE / name for name in TOP_PAGES), *sorted((CLONE / "docs").rglob("*.md")))

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read_page(name: str) -> str:
    return (CLONE / name).read_text(encoding="utf-8")


def find_release() -> Path:
    """Return the folder of the newest release."""
    released = (path for path in (CLONE / "models" / "released").iterdir() if path.is_dir())
    return max(released, key=lambda path: [int(part) for part in path.name.split(".")])


def read_blocks(name: str, language: str) -> list[str]:
    """Return the code blocks of a page in this language."""
    return [code for found, code in _BLOCK.findall(read_page(name)) if found == language]


def read_commands(name: str) -> list[list[str]]:
    """Return the words of every command in a page's shell blocks; lines that end in a backslash are joined."""
    lines = "".join(read_blocks(name, "sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip() and not line.startswith("#")]


def read_links(page: Path) -> list[str]:
    return _LINK.findall(page.read_text(encoding="utf-8"))


def read_anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

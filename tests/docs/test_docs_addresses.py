"""No file names a repository, package or mail address that belongs to someone else, or to nobody."""

import re
from pathlib import Path

from tests.support.docs_pages import CLONE

SKIPPED = {".onnx", ".skops", ".png", ".csv", ".ico", ".woff2"}
# Addresses below these belong to documentation (RFC 2606) or to nobody.
RESERVED = re.compile(r"(\.example(\.(com|org|net))?|\.test|\.invalid|@example\.(com|org|net))$")


def text_files() -> list[Path]:
    folders = ("docs", "models", "service", "tests", "training")
    paths = [*CLONE.glob("*.*"), CLONE / "Dockerfile", CLONE / "Makefile"]
    paths += [path for folder in folders for path in (CLONE / folder).rglob("*") if "__pycache__" not in path.parts]
    return [path for path in paths if path.is_file() and path.suffix not in SKIPPED]


def test_no_file_names_a_repository_or_package_of_ours() -> None:
    # Written in two halves, so that this file does not find itself.
    claims = ("github.com/" + "commentdesk", "pypi.org/project/" + "commentdesk", "pip install " + "commentdesk")
    found = [
        (str(path.relative_to(CLONE)), claim)
        for path in text_files()
        for claim in claims
        if claim in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert found == []


def test_pages_have_only_reserved_mail_addresses() -> None:
    pages = [path for path in text_files() if path.suffix in {".md", ".toml", ".html"}]
    addresses = {
        address
        for path in pages
        for address in re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", path.read_text(encoding="utf-8"))
    }
    assert {address for address in addresses if not RESERVED.search(address)} == set()

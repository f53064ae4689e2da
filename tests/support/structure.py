"""Facts about the code base itself, read from its files: sizes, longest modules and functions, retired names."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("models", "training", "service", "tests")
PAGES = ("service/web/templates/*.html", "service/web/static/*.js", "service/web/static/*.css")
RETIRED = Path(__file__).with_name("retired_names.txt")

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def python_files(root: Path, *packages: str) -> Iterator[Path]:
    """Yield every Python file of the packages, or of all packages if none is named."""
    for package in packages or PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def count_lines(path: Path) -> int:
    """Return the number of lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def modules_by_folder(root: Path, *packages: str) -> Counter[str]:
    """Return how many modules each folder holds, without `__init__`."""
    files = (file for file in python_files(root, *packages) if file.name != "__init__.py")
    return Counter(str(file.parent.relative_to(root)) for file in files)


def functions(root: Path, *packages: str) -> Iterator[tuple[int, str]]:
    """Yield each function's number of lines and its place."""
    for file in python_files(root, *packages):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield length, f"{file.relative_to(root)}:{node.lineno} {node.name}"


def read_retired_names() -> frozenset[str]:
    """Return the identifiers that may not come back."""
    lines = RETIRED.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def find_retired_names(root: Path) -> Counter[str]:
    """Return retired identifiers that code or pages still use, as `name in file`, with the number of uses."""
    retired = read_retired_names()
    found: Counter[str] = Counter()
    for file in python_files(root):
        tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
        names = (token.string for token in tokens if token.type == tokenize.NAME)
        found.update(f"{name} in {file.relative_to(root)}" for name in names if name in retired)
    for pattern in PAGES:
        for file in sorted(root.glob(pattern)):
            names = (name for name in _IDENTIFIER.findall(file.read_text(encoding="utf-8")))
            found.update(f"{name} in {file.relative_to(root)}" for name in names if name in retired)
    return found

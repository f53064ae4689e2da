"""docs/architecture.md mentions every package and module that a reader can find with `ls`, and nothing else."""

import re

from tests.support.docs_pages import CLONE, read_page

PACKAGES = ("models", "training", "service")
# Their folders are capabilities: the page says in which layers each of them has one.
LAYERS = ("service/domain", "service/store", "service/moderation", "service/web")
DATA = {"languages/", "static/", "templates/"}


def find_paths() -> set[str]:
    """Every module and folder right below the three packages, and every capability folder of the layers."""
    paths = set()
    for package in (*PACKAGES, *LAYERS):
        for path in (CLONE / package).iterdir():
            if path.is_dir() and path.name != "__pycache__" and any(path.iterdir()):
                paths.add(f"{package}/{path.name}/")
            elif path.suffix == ".py" and path.name != "__init__.py" and package in PACKAGES:
                paths.add(f"{package}/{path.name}")
    return {path for path in paths if not path.endswith(tuple(DATA)) or path == "training/templates/"}


def read_mentioned() -> set[str]:
    page = read_page("docs/architecture.md")
    return set(re.findall(r"`((?:models|training|service)/[^`\s]+)`", page))


def test_every_package_is_mentioned() -> None:
    assert find_paths() - read_mentioned() == set()


def test_every_path_mentioned_exists() -> None:
    assert {path for path in read_mentioned() if not (CLONE / path).exists()} == set()


def test_paths_in_the_diagram_exist() -> None:
    (diagram,) = re.findall(r"^```mermaid\n(.*?)^```$", read_page("docs/architecture.md"), re.DOTALL | re.MULTILINE)
    labels = re.findall(r"\[\(?\"([^\"]+)\"\)?\]", diagram)
    paths = [path for label in labels for path in label.split(", ")]
    assert len(paths) > 8
    assert [path for path in paths if not any((CLONE / folder / path).exists() for folder in ("", "service"))] == []


def test_the_page_is_short() -> None:
    assert len(read_page("docs/architecture.md").splitlines()) <= 130

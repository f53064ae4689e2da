"""The map of the code names what there is, all of it, and nothing else."""

import re

from tests.support.docs_pages import CLONE, read_page

PACKAGES = ("models", "training", "service")


def find_places() -> set[str]:
    """Every module and package right below the three, as the map writes it."""
    places = set()
    for package in PACKAGES:
        for path in (CLONE / package).iterdir():
            if path.is_dir() and path.name != "__pycache__" and any(path.iterdir()):
                places.add(f"{package}/{path.name}/")
            elif path.suffix == ".py" and path.name != "__init__.py":
                places.add(f"{package}/{path.name}")
    return places


def read_map() -> set[str]:
    return set(re.findall(r"`((?:models|training|service)/[^`]+)`", read_page("docs/code-map.md")))


def test_every_place_is_on_the_map() -> None:
    assert find_places() - read_map() == set()


def test_every_place_on_the_map_exists() -> None:
    assert {place for place in read_map() if not (CLONE / place).exists()} == set()


def test_the_map_fits_on_a_page() -> None:
    assert len(read_page("docs/code-map.md").splitlines()) <= 110

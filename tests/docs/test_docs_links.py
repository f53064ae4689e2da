"""Every link inside the documentation has a target, and every page is linked."""

from pathlib import Path

import pytest

from tests.support.docs_pages import CLONE, PAGES, read_anchors, read_links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CLONE)))
def test_links_have_targets(page: Path) -> None:
    for link in read_links(page):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in read_anchors(target), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached = {CLONE / "README.md"}
    waiting = list(reached)
    while waiting:
        page = waiting.pop()
        linked = {(page.parent / link.partition("#")[0]).resolve() for link in read_links(page) if "://" not in link}
        new = {target for target in linked if target.suffix == ".md"} - reached
        reached |= new
        waiting += new
    assert set(PAGES) <= reached

"""Barriers: what axe-core finds on a page that would shut somebody out, by WCAG 2.2 A and AA."""

from pathlib import Path

from playwright.sync_api import Page

AXE = next((Path(__file__).parent / "axe").glob("axe-*.min.js")).read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def find_barriers(page: Page) -> list[tuple[str, object]]:
    """Each rule that is broken, with the first place; the page's context must bypass its Content-Security-Policy."""
    page.evaluate(AXE)
    result = page.evaluate("(asked) => axe.run(document, asked)", {"runOnly": {"type": "tag", "values": TAGS}})
    return [(broken["id"], broken["nodes"][0]["target"]) for broken in result["violations"]]

"""The editors' pages in a real browser: the score map, the preview of thresholds, and accessibility."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from sqlalchemy import select

from service.domain.reasons import RejectReason
from service.domain.rights import Role
from service.moderation.policy import guidelines
from service.moderation.runtime import utc_now
from service.store.tables import comments
from tests.support.axe import find_barriers
from tests.support.builders import a_site
from tests.support.history import an_even_past, write_past

OPEN_DETAILS = "summaries => summaries.forEach((summary) => { summary.parentElement.open = true; })"

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

Enter = Callable[..., Page]
Crowd = Callable[[int], None]


def states(app: FastAPI) -> Counter[str]:
    with app.state.runtime.database.reading() as connection:
        return Counter(connection.scalars(select(comments.c.state)))


def drag(page: Page, selector: str, start: float, end: float) -> None:
    """Drag with the mouse across an element, between two shares of its width."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start * box["width"], box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], box["y"] + 10, steps=4)
    page.mouse.up()


def test_a_range_of_the_map_is_decided_in_bulk_and_undone(app: FastAPI, crowd: Crowd, enter: Enter) -> None:
    crowd(120)
    page = enter()
    page.goto(f"/score-map?day={(utc_now() - timedelta(days=1)).date()}")
    page.wait_for_selector("#score-map[data-drawn]")
    drag(page, "#score-map-canvas", 0.3, 0.7)
    expect(page).to_have_url(re.compile(r"low=(29|30).*high=(70|69)"))
    button = page.get_by_role("button", name=re.compile(r"^Decide \d+"))
    number = int(re.findall(r"\d+", button.inner_text())[0])
    button.click()
    page.get_by_role("button", name=f"Approve all {number}").click()
    expect(page.locator("#status-message")).to_have_text(f"{number} comments approved.")
    assert states(app) == {"approved": number, "held": 120 - number}
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#status-message")).to_have_text("Undone.")
    assert states(app) == {"held": 120}


def test_a_point_opens_its_comment(crowd: Crowd, enter: Enter) -> None:
    crowd(120)
    page = enter()
    page.goto(f"/score-map?day={(utc_now() - timedelta(days=1)).date()}")
    page.wait_for_selector("#score-map[data-drawn]")
    canvas = page.locator("#score-map-canvas")
    box = canvas.bounding_box()
    assert box is not None
    # Columns of points start at the axis: move along it until the pointer is over a point.
    for step in range(200):
        canvas.hover(position={"x": box["width"] * (0.3 + step / 500), "y": box["height"] - 26})
        if canvas.evaluate("element => element.style.cursor") == "pointer":
            break
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("/comments/crowd-"))


def test_a_threshold_is_previewed_while_it_is_changed_and_then_saved(app: FastAPI, enter: Enter) -> None:
    page = enter(role=Role.EDITOR)
    write_past(app.state.runtime, an_even_past(200))
    page.goto("/thresholds")
    page.evaluate("window.isSameDocument = true")
    page.get_by_label("Toxicity", exact=True).first.fill("50")
    changes = page.locator("#preview h3", has_text="would be decided differently")
    expect(changes).to_be_visible()
    before = changes.inner_text()
    slider = page.locator("input[name=toxicity] + input[type=range]")
    slider.evaluate("(slider) => { slider.value = '60'; slider.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(page.locator("input[name=toxicity]")).to_have_value("60")
    expect(changes).not_to_have_text(before)
    expect(page).to_have_url(re.compile("toxicity=60"))
    expect(page.locator("#preview-status")).to_contain_text("would be decided differently")
    assert page.evaluate("window.isSameDocument")
    page.get_by_label("Reason for this change").fill("Fewer mistakes")
    page.get_by_role("button", name="Save as version 1").click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_editor_pages_are_accessible(app: FastAPI, enter: Enter, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    page = enter(role=Role.EDITOR, color_scheme=scheme, viewport=size, bypass_csp=True)
    runtime = app.state.runtime
    write_past(runtime, an_even_past(60))
    operator = a_site(runtime)
    guidelines.save_guideline(runtime, operator, reason=RejectReason.TOXIC, text="Attacks on persons.")
    guidelines.pin_example(runtime, operator, reason=RejectReason.TOXIC, comment_id="p-58", note="A person.")
    today = utc_now().date()
    barriers = {}
    for path in ("/score-map", "/score-map?article=tram&low=20&high=90", f"/score-map?day={today}", "/thresholds",
                 "/thresholds?toxicity=50&one_in=200&held=15", "/team", "/guidelines", "/guidelines/toxic",
                 "/comments/p-58"):  # fmt: skip
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.locator("summary").evaluate_all(OPEN_DETAILS)
        barriers[path] = find_barriers(page)
        # Wide tables scroll inside their section; the page itself does not scroll sideways.
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            barriers[path].append(("too wide", width))
    assert not any(barriers.values()), json.dumps(barriers, indent=1)

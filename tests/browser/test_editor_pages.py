"""The editors' pages in a real browser: the map's brush, the preview of thresholds, and nobody shut out of either."""

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

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)

Enter = Callable[..., Page]
Crowd = Callable[[int], None]


def states(app: FastAPI) -> Counter[str]:
    with app.state.runtime.database.reading() as connection:
        return Counter(connection.scalars(select(comments.c.state)))


def drag(page: Page, place: str, start: float, end: float) -> None:
    """Drags with the mouse from one share of an element's width to another."""
    box = page.locator(place).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start * box["width"], box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], box["y"] + 10, steps=4)
    page.mouse.up()


def test_a_range_of_the_map_is_brushed_and_decided_with_one_undo(app: FastAPI, crowd: Crowd, enter: Enter) -> None:
    crowd(120)
    page = enter()
    page.goto(f"/score-map?day={(utc_now() - timedelta(days=1)).date()}")
    page.wait_for_selector("#dots[data-drawn]")
    drag(page, "#dots-canvas", 0.3, 0.7)
    expect(page).to_have_url(re.compile(r"low=(29|30).*high=(70|69)"))
    button = page.get_by_role("button", name=re.compile("^Decide the"))
    number = int(re.findall(r"\d+", button.inner_text())[0])
    button.click()
    page.get_by_role("button", name=f"Approve all {number}").click()
    expect(page.locator("#said-words")).to_have_text(f"{number} comments approved.")
    assert states(app) == {"approved": number, "held": 120 - number}
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#said-words")).to_have_text("Taken back.")
    assert states(app) == {"held": 120}


def test_a_dot_opens_its_comment(crowd: Crowd, enter: Enter) -> None:
    crowd(120)
    page = enter()
    page.goto(f"/score-map?day={(utc_now() - timedelta(days=1)).date()}")
    page.wait_for_selector("#dots[data-drawn]")
    canvas = page.locator("#dots-canvas")
    box = canvas.bounding_box()
    assert box is not None
    # Dots stand on the scale at the bottom; somewhere in the middle the pointer finds one.
    for step in range(200):
        canvas.hover(position={"x": box["width"] * (0.3 + step / 500), "y": box["height"] - 26})
        if canvas.evaluate("one => one.style.cursor") == "pointer":
            break
    page.mouse.down()
    page.mouse.up()
    expect(page).to_have_url(re.compile("/comments/crowd-"))


def test_a_threshold_is_tried_while_it_is_dragged_or_typed_and_then_saved(app: FastAPI, enter: Enter) -> None:
    page = enter(role=Role.EDITOR)
    write_past(app.state.runtime, an_even_past(200))
    page.goto("/thresholds")
    page.evaluate("window.untouched = true")
    page.get_by_label("Toxicity", exact=True).first.fill("50")
    changes = page.locator("#preview h3", has_text="would change hands")
    expect(changes).to_be_visible()
    typed = changes.inner_text()
    slider = page.locator("input[name=toxicity] + input[type=range]")
    slider.evaluate("(one) => { one.value = '60'; one.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(page.locator("input[name=toxicity]")).to_have_value("60")
    expect(changes).not_to_have_text(typed)
    expect(page).to_have_url(re.compile("toxicity=60"))
    expect(page.locator("#said")).to_contain_text("would change hands")
    assert page.evaluate("window.untouched")
    page.get_by_label("Why, for those who come after you").fill("Fewer mistakes")
    page.get_by_role("button", name="Save as version 1").click()
    expect(page.get_by_text("Saved as version 1.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_nobody_is_shut_out_of_editing(app: FastAPI, enter: Enter, scheme: str, width: int) -> None:
    size = {"width": width, "height": 900}
    page = enter(role=Role.EDITOR, color_scheme=scheme, viewport=size, bypass_csp=True)
    runtime = app.state.runtime
    write_past(runtime, an_even_past(60))
    operator = a_site(runtime)
    guidelines.write_guideline(runtime, operator, reason=RejectReason.TOXIC, words="Attacks on persons.")
    guidelines.pin_example(runtime, operator, reason=RejectReason.TOXIC, comment_id="p-58", note="A person.")
    today = utc_now().date()
    found = {}
    for path in ("/score-map", "/score-map?article=tram&low=20&high=90", f"/score-map?day={today}", "/thresholds",
                 "/thresholds?toxicity=50&one_in=200&held=15", "/team", "/guidelines", "/guidelines/toxic",
                 "/comments/p-58"):  # fmt: skip
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.locator("summary").evaluate_all("all => all.forEach((one) => { one.parentElement.open = true; })")
        found[path] = find_barriers(page)
        # What is too wide for the screen scrolls in its own place, and the page does not.
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[path].append(("too wide", width))
    assert not any(found.values()), json.dumps(found, indent=1)

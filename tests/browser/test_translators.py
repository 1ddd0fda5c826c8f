"""Runs that translate, from the start to the page where they are tried."""

import re

from playwright.sync_api import expect

from gan_core.runs.store import RunStore
from tests.browser.helpers import PATIENCE, at_rest, button, slow_motion, stop, wait_for

COLUMNS = ["input", "output", "target"]


def columns(page) -> list[str]:
    return page.locator(".samples .group").first.locator(".columns span").all_text_contents()


def painted(page) -> int:
    """Groups of columns that show images."""
    return page.locator(".samples canvas[data-painted=true]").count()


def shown(page) -> int:
    """The step of the samples on the page."""
    return int(page.locator(".samples").get_attribute("data-step") or -1)


def test_from_a_quick_start_to_the_page_where_a_drawing_is_translated(server, open_tab):
    page = open_tab()
    page.goto(server.url)
    button(page, "Edges to digits").click()
    expect(button(page, "Pause")).to_be_visible(timeout=PATIENCE)
    run_id = page.url.split("run=")[1]
    assert "edges_to_digits" in run_id

    wait_for(page, lambda: painted(page) == 3, "three groups of columns")
    assert columns(page) == COLUMNS
    first = shown(page)
    wait_for(page, lambda: shown(page) > max(first, 0), "newer samples while it trains")
    slow_motion(page)
    expect(page.locator(".samples")).to_contain_text("the same 21 held-out inputs at every step")
    expect(page.locator(".samples")).to_contain_text("input and target, from the data")
    assert "z" not in page.locator(".samples .head").inner_text().split()
    own = page.locator(".samples").get_by_role("link", name="Try your own")
    expect(own).to_have_attribute("href", f"/translate?run={run_id}")
    expect(page.locator(".chart[data-chart=l1]")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="L1 weight")).to_be_visible()

    well = page.locator(".samples .group .well").nth(1)  # the second triple of each row
    well.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="One image, enlarged")
    expect(dialog).to_contain_text("Held-out image 5: input · output · target")
    link = dialog.get_by_role("link", name="Open in Translate")
    expect(link).to_be_focused()
    address = f"/translate?run={run_id}&held=4&towards=target"
    expect(link).to_have_attribute("href", address)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}*")
    expect(page.get_by_role("heading", name="Translate", exact=True)).to_be_visible()
    page.go_back()
    at_rest(page)
    stop(page)
    expect(button(page, "Translate")).to_be_visible()  # the best next step
    button(page, "Translate").click()
    page.wait_for_url(re.compile(rf"/translate\?run={run_id}"))
    assert RunStore(server.folder / "runs").get(run_id).sample_steps()

"""Style in a browser: choosing, sliding, the wipe, a link, a file, and a run that is started there."""

import io
import json

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.browser.helpers import PATIENCE, at_rest, button, wait_for

FULL = ".result[data-full=true]"


def result(page) -> dict:
    """What the result says of itself."""
    return page.locator(".gs.result").evaluate("(node) => ({...node.dataset})")


def open_style(page, server, query=""):
    page.goto(f"{server.url}/style{query}")
    page.locator(FULL).wait_for(timeout=PATIENCE)
    at_rest(page)


def painted(page, act, words: str) -> None:
    """Act, and wait until the full picture was painted anew."""
    before = int(result(page)["answers"])
    act()

    def again():
        now = result(page)
        return int(now["answers"]) > before and now["full"] == "true"

    wait_for(page, again, words)


def chosen(page, kind: str) -> str:
    return page.locator(f".gs.picker.{kind}").get_attribute("data-chosen")


def test_choosing_sliding_wiping_the_link_and_a_file(server, open_tab):
    page = open_tab()
    open_style(page, server)
    painted(page, lambda: page.locator(".picker.style [data-id=hatching]").click(), "the style")
    slider = page.get_by_role("slider", name="Strength")
    painted(page, lambda: slider.fill("0.4"), "the strength")
    assert float(result(page)["strength"]) == 0.4
    painted(page, lambda: page.get_by_label("Mix with Marble").click(), "the mix")
    wipe = page.get_by_role("slider", name="Line between content and result")
    wipe.press("Home")
    expect(wipe).to_have_attribute("aria-valuenow", "0")
    wait_for(page, lambda: "strength=0.40" in page.url and "marble" in page.url, "the address")
    assert "style=hatching" in page.url
    other = open_tab()
    other.goto(page.url)
    other.locator(FULL).wait_for(timeout=PATIENCE)
    assert chosen(other, "style") == "hatching" and chosen(other, "content") == "canal"
    assert float(result(other)["strength"]) == 0.4
    expect(other.get_by_label("Mix with Marble")).to_have_attribute("aria-pressed", "true")
    a_file_as_content_and_words_for_what_is_none(page)


def a_file_as_content_and_words_for_what_is_none(page):
    field = page.get_by_label("A file as content")
    page.set_input_files("input[aria-label='A file as content']", _file("notes.png", b"words"))
    expect(page.locator(".result .said")).to_contain_text("notes.png")
    out = io.BytesIO()
    Image.fromarray(np.full((30, 60, 3), 90, np.uint8)).save(out, "PNG")
    painted(page, lambda: field.set_input_files(_file("wall.png", out.getvalue())), "the file")
    assert chosen(page, "content").startswith("own-")
    expect(page.locator(".result .said")).to_be_hidden()


def test_a_result_is_kept_and_an_optimisation_is_started(server, open_tab):
    page = open_tab()
    open_style(page, server, "?size=256")
    button(page, "Keep this result").click()
    expect(page.locator(".gs.results .row")).to_have_count(1)
    button(page, "Optimise").click()
    page.locator(".optimise input[name=num_steps]").fill("4")
    layers = page.get_by_role("group", name="Where style is compared")
    layers.get_by_role("button", name="texture").click()
    button(page, "Start").click()
    page.wait_for_url("**/train?run=*-style_patches-canal_in_mosaic*", timeout=PATIENCE)
    expect(page.get_by_text("Finished").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".samples[data-step='4'] .well img")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".readouts").get_by_text("Epoch")).to_be_hidden()
    run = next((server.folder / "runs").glob("*-style_patches-*"))
    settings = json.loads((run / "config.json").read_text())["config"]
    assert (settings["patch_levels"], settings["num_steps"]) == ("1,2", 4)
    page.goto(f"{server.url}/style")
    expect(page.locator(".gs.results .row")).to_have_count(2, timeout=PATIENCE)


def _file(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "image/png", "buffer": data}

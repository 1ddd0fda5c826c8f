"""The first page in a real browser: fast, offline, as drawn, readable when narrow."""

import numpy as np
import pytest
from playwright.sync_api import expect

from gan_core import recipes
from gan_core.runs.store import RunStore
from gan_core.storage import images
from tests.browser.helpers import at_rest, button

PAGES = {"": "", "train": "New run", "explore": "Explore", "compare": "Compare", "runs": "Runs"}
# Page, selector of shell.css, property, value: what Streamlit's next version may miss.
LOOK_FIRST = (
    ("", ".stMainBlockContainer", "padding-left", "28px"),
    ("", ".st-key-hero h1", "font-size", "30px"),
    ("", ".st-key-hero_actions button", "min-height", "42px"),
    ("", "[data-testid=stCaptionContainer] p", "color", "rgb(89, 98, 106)"),
    ("", ".gs-role .gs-g", "border-top-style", "dashed"),
    ("", ".gs-role .gs-d", "border-top-color", "rgb(31, 79, 196)"),
    ("", "[data-testid=stBaseButton-primary] p", "font-weight", "600"),
    ("train", ".st-key-train button", "min-height", "42px"),
    ("train", ".gs-pairs dd", "text-align", "right"),
    ("train", ".st-key-limit [aria-checked=true]", "font-weight", "600"),
)
LOOK_RUNS = (
    ("", ".st-key-fakes", "border-left-style", "dashed"),
    ("", ".stImage img", "image-rendering", "pixelated"),
    ("", "[class*=st-key-row_]", "border-top-width", "1px"),
    ("runs", "[class*=st-key-sm_] button", "min-height", "27px"),
)


def put_run(folder, *, state="finished", name=""):
    """A run in the server's folder, with one grid of grey images."""
    run = RunStore(folder / "runs").create(recipes.config("fast_gan", "mnist_5k").model_dump())
    tiles = np.full((80, 28, 28, 1), 90, np.uint8)
    run.write_sample(100, images.png(images.grid(tiles, 10)))
    run.write_status(state=state, step=100, num_steps=200, wall_time=20.0)
    run.update_notes("test", name=name)
    return run


def visit(page, server, path):
    page.goto(f"{server.url}/{path}")
    heading = PAGES[path] or "Train a generative adversarial network and watch it learn."
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def test_first_visit_is_offline_and_says_what_to_press(server, open_tab):
    page, asked = open_tab(), []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, server, "")
    expect(button(page, "Train now")).to_be_visible()
    expect(page.get_by_text("nothing is downloaded")).to_be_visible()
    for role in ("Generator", "Fake", "Discriminator", "Real"):
        expect(page.locator(".gs-role").get_by_text(role, exact=True)).to_be_visible()
        expect(page.locator(".gs-words summary")).to_contain_text(role)  # and below every page
    for after in ("0 s", "5 s", "25 s", "2 min"):  # 0, 120, 520 and 2,340 steps of 44 ms
        expect(page.locator(".st-key-film").get_by_text(after, exact=True)).to_be_visible()
    for path in PAGES:
        visit(page, server, path)
    foreign = [url for url in asked if not url.startswith((server.url, "data:", "blob:"))]
    assert foreign == []


@pytest.mark.parametrize("look", [LOOK_FIRST, LOOK_RUNS], ids=["first", "runs"])
def test_the_style_sheet_still_hits(look, server, open_tab):
    if look is LOOK_RUNS:
        put_run(server.folder)
        put_run(server.folder)
    page, at = open_tab(color_scheme="light"), None
    for path, selector, prop, value in look:
        if path != at:
            page.goto(f"{server.url}/{path}")
            at = path
        expect(page.locator(selector).first).to_have_css(prop, value)


def test_no_page_scrolls_sideways_when_narrow(server, open_tab):
    put_run(server.folder, name="a name that is much longer than a narrow window is wide, really")
    page = open_tab(viewport={"width": 400, "height": 900}, color_scheme="dark")
    for path, heading in PAGES.items():
        page.goto(f"{server.url}/{path}")
        expect(page.get_by_role("heading", name=heading or "Recent runs")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_names_are_shown_as_typed(server, open_tab):
    typed = "**b** <img src=x onerror=alert(1)> :red[r] :smile: http://a.example $x$ [l](#) `c`"
    put_run(server.folder, name=typed)
    put_run(server.folder)
    page = open_tab()
    page.goto(server.url)
    row = page.locator("[class*=st-key-who_]").first
    expect(row).to_contain_text("<img src=x onerror=alert(1)>")
    shown = row.locator("p").first.inner_text().replace("\u2060", "")
    assert shown == typed
    assert row.locator("p").first.locator("a, img, code, span, em").count() == 0


def test_a_finished_run_leads_to_its_curves(server, open_tab):
    older, newer = put_run(server.folder), put_run(server.folder)
    page = open_tab()
    for name, run in (("Curves", newer), (older.id, older)):
        page.goto(server.url)
        button(page, name).first.click()
        page.wait_for_url(f"**/train?run={run.id}")
        expect(page.get_by_role("heading", name=run.id)).to_be_visible()


def test_in_a_narrow_window_the_action_of_a_row_stands_at_the_edge(server, open_tab):
    runs = [put_run(server.folder) for _ in range(2)]
    page = open_tab(viewport={"width": 400, "height": 900})
    page.goto(server.url)
    name = button(page, runs[0].id).first
    expect(name).to_be_visible()
    assert name.evaluate("b => b.scrollWidth <= b.clientWidth")  # the whole id can be read
    panel = page.locator(".st-key-recent").bounding_box()
    box = page.locator(f".st-key-row_{runs[0].id}").get_by_role("button", name="Explore").first
    right = box.bounding_box()["x"] + box.bounding_box()["width"]
    assert panel["x"] + panel["width"] - right < 24


def test_the_action_of_a_row_leads_on(server, open_tab):
    put_run(server.folder)
    failed = put_run(server.folder, state="failed")
    page = open_tab()
    page.goto(server.url)
    expect(page.get_by_text("Failed", exact=True)).to_be_visible()
    button(page, "See why").click()
    page.wait_for_url(f"**/train?run={failed.id}")
    expect(page.get_by_role("heading", name=failed.id)).to_be_visible()


END_OF_TEXT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().right;
}"""


def test_the_title_of_the_first_page_is_read_whole(server, open_tab):
    page = open_tab(viewport={"width": 400, "height": 800})
    page.goto(server.url)
    title = page.get_by_role("heading", level=1)
    expect(title).to_be_visible()
    at_rest(page)
    for width in (400, 700):
        page.set_viewport_size({"width": width, "height": 800})
        assert title.evaluate(END_OF_TEXT) <= width

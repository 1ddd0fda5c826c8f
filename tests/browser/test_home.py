"""The first page in a real browser: fast, offline, as drawn, readable when narrow."""

import numpy as np
from playwright.sync_api import expect

from gan_core import recipes
from gan_core.runs.store import RunStore
from gan_core.storage import images
from tests.browser.helpers import at_rest, button

PAGES = {"": "", "train": "New run", "explore": "Explore", "compare": "Compare", "runs": "Runs"}
FILM_STEPS = (0, 120, 520, 2340)  # of the run whose pictures Home shows
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


def still_hits(page, looks, path) -> None:
    """The style sheet's rules for a page act on it."""
    for at, selector, prop, value in looks:
        if at == path:
            expect(page.locator(selector).first).to_have_css(prop, value)


def the_film_is_timed_by_the_recipe(page):
    """A picture stands at its steps times the milliseconds that a step is said to take."""
    told = page.locator(".st-key-first_film strong")
    expect(told).to_have_count(len(FILM_STEPS))
    for words, steps in zip(told.all_text_contents(), FILM_STEPS, strict=True):
        number, unit = words.split(" ")
        seconds = int(number) * {"s": 1, "min": 60}[unit]
        real = steps * recipes.get(recipes.DEFAULT).ms_per_step / 1000
        assert abs(seconds - real) <= (2.5 if unit == "s" else 30), (words, real)


def test_first_visit_is_offline_asks_nothing_in_vain_and_says_what_to_press(server, open_tab):
    """Deep links, too: the front end knows where its server is.

    What D thinks is asked of generators without one, and answered in words.
    """
    page, asked, bad = open_tab(color_scheme="light"), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda r: bad.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    visit(page, server, "")
    expect(button(page, "Train now")).to_be_visible()
    expect(page.get_by_text("nothing is downloaded")).to_be_visible()
    for role in ("Generator", "Fake", "Discriminator", "Real"):
        expect(page.locator(".gs-role").get_by_text(role, exact=True)).to_be_visible()
        expect(page.locator(".gs-words summary")).to_contain_text(role)  # and below every page
    the_film_is_timed_by_the_recipe(page)
    for path in PAGES:
        if path:
            visit(page, server, path)
        still_hits(page, LOOK_FIRST, path)
        expect(page.get_by_role("link", name="Home").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        if path == "":
            the_title_is_read_whole(page)
    page.get_by_role("link", name="Train").first.click()
    expect(page).to_have_url(f"{server.url}/train")
    assert [address for address in bad if "/opinion?" not in address] == []
    foreign = [url for url in asked if not url.startswith((server.url, "data:", "blob:"))]
    assert foreign == []


END_OF_TEXT = """(element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().right;
}"""


def the_title_is_read_whole(page) -> None:
    """Of the first page, in narrow windows."""
    title = page.get_by_role("heading", level=1)
    at_rest(page)
    for width in (400, 700):
        page.set_viewport_size({"width": width, "height": 800})
        assert title.evaluate(END_OF_TEXT) <= width
    page.set_viewport_size({"width": 1280, "height": 1000})


def test_in_a_narrow_window_no_page_scrolls_sideways_and_actions_stand_at_the_edge(
    server, open_tab
):
    run = put_run(server.folder)
    put_run(server.folder, name="a name that is much longer than a narrow window is wide, really")
    page = open_tab(viewport={"width": 400, "height": 900}, color_scheme="dark")
    for path, heading in PAGES.items():
        page.goto(f"{server.url}/{path}")
        expect(page.get_by_role("heading", name=heading or "Recent runs")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        if path == "":
            the_action_stands_at_the_edge(page, run)


def the_action_stands_at_the_edge(page, run) -> None:
    name = button(page, run.id).first
    expect(name).to_be_visible()
    assert name.evaluate("b => b.scrollWidth <= b.clientWidth")  # the whole id can be read
    panel = page.locator(".st-key-recent").bounding_box()
    row = page.locator(f".st-key-row_{run.id}")
    box = row.get_by_role("button", name="Explore").first.bounding_box()
    assert panel["x"] + panel["width"] - (box["x"] + box["width"]) < 24


def test_recent_runs_are_named_as_typed_and_lead_on(server, open_tab):
    typed = "**b** <img src=x onerror=alert(1)> :red[r] :smile: http://a.example $x$ [l](#) `c`"
    named = put_run(server.folder, name=typed)
    failed = put_run(server.folder, state="failed")
    newest = put_run(server.folder)
    page = open_tab(color_scheme="light")
    page.goto(server.url)
    row = page.locator(f".st-key-who_{named.id}")
    expect(row).to_contain_text("<img src=x onerror=alert(1)>")
    shown = row.locator("p").first.inner_text().replace("\u2060", "")
    assert shown == typed
    assert row.locator("p").first.locator("a, img, code, span, em").count() == 0
    still_hits(page, LOOK_RUNS, "")
    for name, run in (("Curves", newest), ("See why", failed), (failed.id, failed)):
        expect(page.get_by_text("Failed", exact=True)).to_be_visible()
        button(page, name).first.click()
        page.wait_for_url(f"**/train?run={run.id}")
        expect(page.get_by_role("heading", name=run.id)).to_be_visible()
        at_rest(page)
        page.get_by_role("link", name="Home").first.click()
        expect(page.get_by_role("heading", name="Recent runs")).to_be_visible()
        at_rest(page)
    page.goto(f"{server.url}/runs")
    still_hits(page, LOOK_RUNS, "runs")

"""The doctor in a real browser: the strip, the shaded stretch on the charts, the list, narrow too."""

from pathlib import Path

from playwright.sync_api import expect

from gan_core.runs.store import RunStore
from tests.browser.helpers import PATIENCE, wait_for
from tests.reliability.recordings import as_run, unpack

PACKED = Path(__file__).resolve().parents[1] / "data" / "ailments.zip"


def test_an_ill_run_is_diagnosed_and_its_strip_fits_a_phone(server, open_tab):
    run = as_run(RunStore(server.folder / "runs"), unpack(PACKED)["exploding_rate"])
    page = open_tab()
    page.goto(f"{server.url}/train?run={run.id}")
    strip = page.locator(".gs-verdict")
    expect(strip).to_contain_text("Divergence", timeout=PATIENCE)
    expect(strip).to_contain_text("g_loss has left all bounds")
    mark = strip.locator("i").evaluate("(i) => getComputedStyle(i).maskImage")
    assert mark.startswith('url("data:image/svg+xml')
    expect(page.locator(".curves .overlay rect.ill").first).to_be_attached(timeout=PATIENCE)
    expect(page.locator(".events")).to_contain_text("Divergence")
    page.get_by_role("button", name="Why", exact=True).click()
    expect(page.get_by_text("A step was so long")).to_be_visible()
    page.keyboard.press("Escape")
    the_strip_fits_a_phone(page)


def the_strip_fits_a_phone(page):
    page.set_viewport_size({"width": 400, "height": 900})
    expect(page.locator(".gs-verdict")).to_contain_text("Divergence", timeout=PATIENCE)
    remedy = page.locator(".st-key-remedy button:visible").first
    edges = "(button) => [button.getBoundingClientRect()].map((b) => [b.left, b.right])[0]"

    def fits():
        left, right = remedy.evaluate(edges)
        wide = page.evaluate("document.documentElement.scrollWidth")
        return left >= 0 and right <= 400 and wide <= 400

    wait_for(page, fits, "a strip as wide as the window")

"""The doctor in a real browser: the strip, the shaded stretch on the charts, the list, narrow too."""

from pathlib import Path

from playwright.sync_api import expect

from gan_core.runs.store import RunStore
from tests.browser.helpers import PATIENCE
from tests.reliability.recordings import as_run, unpack

PACKED = Path(__file__).resolve().parents[1] / "data" / "ailments.zip"


def test_an_ill_run_is_diagnosed(server, open_tab):
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


def test_the_strip_fits_a_phone(server, open_tab):
    run = as_run(RunStore(server.folder / "runs"), unpack(PACKED)["exploding_rate"])
    page = open_tab(viewport={"width": 400, "height": 900})
    page.goto(f"{server.url}/train?run={run.id}")
    expect(page.locator(".gs-verdict")).to_contain_text("Divergence", timeout=PATIENCE)
    button = page.locator(".st-key-remedy button:visible").first.bounding_box()
    assert button["x"] >= 0 and button["x"] + button["width"] <= 400
    assert page.evaluate("document.documentElement.scrollWidth") <= 400

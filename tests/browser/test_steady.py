"""Nothing jumps while a page is put together, and charts survive quick hands."""

import shutil

import pytest
from playwright.sync_api import expect

from gan_core.runs.store import RunStore
from tests.browser.helpers import wait_for

SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def four(run, server):
    """Ids of four runs, copies of one."""
    ids = [run.id]
    for number in range(2, 5):
        name = f"{int(run.id[:5]) + number * 1000:05d}-fast_gan-mnist_5k"
        shutil.copytree(run.path, run.path.parent / name)
        ids.append(name)
    assert set(ids) <= set(RunStore(server.folder / "runs").ids())
    return ids


@pytest.mark.parametrize(
    ("address", "last", "width"),
    [
        ("", "Your own choice", 1280),
        ("runs", "Take away", 1280),
        ("runs", "Take away", 853),
        ("train", "Training time", 1280),
        ("train", "Training time", 400),
        ("compare?runs={all}", "Settings that differ", 1280),
        ("train?run={one}", "Quality", 1280),
        ("train?run={one}", "Quality", 853),
    ],
    ids=[
        "home",
        "runs",
        "runs 853",
        "new run",
        "new run 400",
        "compare",
        "ended run",
        "ended run 853",
    ],
)
def test_nothing_jumps_while_a_page_comes(address, last, width, four, server, open_tab):
    """The sum of layout shifts that browsers report: below 0.1 is good (web.dev/cls).

    Narrow windows begin with an empty cache: what is loaded late comes last then.
    """
    page = open_tab(viewport={"width": width, "height": 900})
    if width < 1280:
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.add_init_script(SHIFTS)
    page.goto(f"{server.url}/{address.format(one=four[0], all=','.join(four))}")
    expect(page.get_by_text(last, exact=True).first).to_be_attached()
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    if "compare" in address:
        expect(page.locator("[data-lines]").first).to_be_attached()
    if "run=" in address:
        expect(page.locator(".samples .well img").first).to_be_visible()
    assert page.evaluate("window.shifts") < 0.1


def test_pills_pressed_quickly_break_no_chart(four, server, open_tab):
    """Charts that are taken away while Plotly draws them; the console stays empty (open_tab)."""
    page = open_tab()
    page.goto(f"{server.url}/compare?runs={','.join(four)}")
    pills = page.get_by_role("group", name="Charts shown").get_by_role("button")
    expect(pills.first).to_be_visible()
    count = pills.count()
    for i in [*range(count), *range(count), *range(1, count)]:
        pills.nth(i).click()
    shown = page.locator(".pills [aria-pressed=true]").count()
    wait_for(page, lambda: page.locator(".small .chart").count() >= 1, "a chart is there")
    expect(page.locator(".small [data-lines]")).to_have_count(shown)

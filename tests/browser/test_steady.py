"""Nothing jumps while a page is put together, and charts survive quick hands."""

import importlib.util
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gan_core.runs.store import RunStore
from tests.browser.helpers import at_rest, wait_for

SHIFTS = """
window.shifts = 0;
window.shifted = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) {
    window.shifts += entry.value;
    const words = entry.sources.map(({ node }) => node?.parentNode?.textContent.slice(0, 40) ?? "?");
    window.shifted.push(`${entry.value.toFixed(3)} ${words.join(" | ")}`);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
PAGES = (  # address, what is there at last, widths
    ("", ".st-key-fakes img", (400, 853, 1280)),
    ("runs", "text=Take away", (400, 853)),
    ("train", "text=Training time", (400, 1280)),
    ("compare?runs={all}", "[data-lines]", (400, 1280)),
    ("train?run={one}", ".samples .well img", (400, 853)),
    ("style", ".result[data-answers]", (400, 853)),
    ("translate", ".draw .drawing[style]", (400, 853)),
    ("explore", ".image .radio [role=radio]", (400,)),
    ("learn", ".learn canvas.plane", (400,)),
    ("data?set=mnist_5k", ".one:not(.coming) .scroll canvas", (400, 853)),
)
DRAWN = """() => !document.querySelector(".stMain [data-testid=stSkeleton]")"""
SCRIPTS = re.compile(r'static/js/([^"]+)')  # in Streamlit's page: those that it begins with


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


def test_nothing_jumps_while_a_page_comes(four, server, open_tab):
    """The sum of layout shifts that browsers report: below 0.1 is good (web.dev/cls).

    Always in the worst order, which slow machines and lines have: what elements are drawn with comes when
    all of the page has been sent.
    """
    page = open_tab()
    late = _Late(page)
    page.add_init_script(SHIFTS)
    found = {}
    for address, last, widths in PAGES:
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            late.open(f"{server.url}/{address.format(one=four[0], all=','.join(four))}")
            expect(page.locator(last).first).to_be_attached()
            wait_for(page, lambda: page.evaluate(DRAWN), "all of the page")
            at_rest(page)
            if page.evaluate("window.shifts") >= 0.1:
                found[address, width] = page.evaluate("window.shifted")
    assert found == {}


class _Late:
    """Pages of a tab whose elements' scripts and fonts come when all of the page has been sent."""

    def __init__(self, page):
        streamlit = Path(importlib.util.find_spec("streamlit").origin).parent
        self._first = set(SCRIPTS.findall((streamlit / "static/index.html").read_text()))
        self._page, self._held = page, None
        page.route(re.compile("/static/(js|media)/"), self._answer)

    def open(self, url: str) -> None:
        self._held = []
        self._page.goto(url, wait_until="commit")
        at_rest(self._page)
        held, self._held = self._held, None
        for route in held:
            route.continue_()

    def _answer(self, route) -> None:
        first = route.request.url.rsplit("/", 1)[1] in self._first
        if first or self._held is None:
            route.continue_()
        else:
            self._held.append(route)


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

"""Nothing jumps while a page is put together, and charts survive quick hands."""

import re
import shutil

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
PAGES = (  # address, what is there at last, width
    ("", ".st-key-fakes img", 400),
    ("train", "text=Training time", 400),
    ("train?run={one}", ".samples .well img", 400),
    ("compare?runs={all}", "[data-lines]", 400),
    ("style", ".result .stage", 400),
    ("translate", ".draw .drawing[style]", 400),
    ("learn", ".learn canvas.plane", 400),
    ("data?set=mnist_5k", ".one:not(.coming) .scroll canvas", 853),
)
DRAWN = "() => !document.querySelector('.stMain [data-testid=stSkeleton]')"
LATE = re.compile(  # parts of Streamlit's front end, and the font of icons
    r"/static/js/(BidiComponent|Button|ButtonGroup|DataFrame|Html|ImageList|MenuButton|Progress|Selectbox"
    r"|TextInput)\.|/static/media/MaterialSymbols"
)


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
    """The sum of layout shifts that browsers report: below 0.1 is good (web.dev/cls), 0.02 the most here.

    Always in the worst order, which slow machines and lines have: what elements are drawn with comes when
    all of the page has been sent.
    """
    page = open_tab()
    late = _Late(page)
    page.add_init_script(SHIFTS)
    found = {}
    for address, last, width in PAGES:
        page.set_viewport_size({"width": width, "height": 900})
        late.open(f"{server.url}/{address.format(one=four[0], all=','.join(four))}")
        expect(page.locator(last).first).to_be_attached()
        wait_for(page, lambda: page.evaluate(DRAWN), "all of the page")
        at_rest(page)
        if page.evaluate("window.shifts") >= 0.05:
            found[address] = page.evaluate("window.shifted")
    assert found == {}


class _Late:
    """A tab in which what elements are drawn with comes when all of the page has been sent."""

    def __init__(self, page):
        self._page, self._held = page, None
        page.route(LATE, self._answer)

    def open(self, url: str) -> None:
        self._held = []
        self._page.goto(url, wait_until="commit")  # all of it is not loaded before that is let go
        at_rest(self._page)
        held, self._held = self._held, None
        assert held, f"nothing like {LATE.pattern} was asked for"
        for route in held:
            route.continue_()

    def _answer(self, route) -> None:
        if self._held is None:
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

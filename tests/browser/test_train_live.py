"""Watching and commanding a run in a real browser: the journeys of the Train page."""

import contextlib
import re
import signal
import time
from base64 import urlsafe_b64decode
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Error, expect

from gan_core import recipes
from gan_core.runs.records import LIVE, State
from gan_core.runs.saved.checkpoints import list_checkpoints
from gan_core.runs.store import RunStore
from tests.browser.helpers import (
    PATIENCE,
    answered,
    at_rest,
    button,
    drag,
    last_step,
    middle_of,
    shown_step,
    slow_motion,
    train_small,
    until,
    wait_for,
    wait_for_progress,
)

OWN_SERVER = True  # these tests kill it


def paused_step(page, server, run_id: str) -> int:
    """The step at which a pause holds the run, once the readouts show it, too."""

    def shown():
        now = page.request.get(f"{server.url}/api/runs/{run_id}/status").json()
        return now["state"] == "paused" and now["step"] == shown_step(page) and now["step"]

    return wait_for(page, shown, "the step of the pause")


SHIFTS = """() => {
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
  }).observe({ type: "layout-shift", buffered: false });
}"""


SAID = """() => new MutationObserver((all) => {
  for (const m of all) if (m.target.dataset.pressed) window.said = m.target.dataset.pressed;
}).observe(document.body, { subtree: true, attributeFilter: ["data-pressed"] })"""


def press_train_now(page) -> None:
    """Home says at once that a training starts: the mark is there before the server has answered."""
    start = button(page, "Train now").first
    expect(start).to_be_visible()
    heard = "window.ganscopeCommands === true"
    wait_for(page, lambda: page.evaluate(heard), "the page's ear for commands")
    page.evaluate(SAID)
    start.click()
    assert wait_for(page, lambda: page.evaluate("window.said"), "the mark") == "Starting…"


def train_now_without_a_jump(page, server) -> str:
    """Start the default from Home; the sum of layout shifts that browsers report stays below 0.1.

    That is good by web.dev/cls. What is drawn from the run's files is held back until shifts are
    counted, so that the page is first seen without any.
    """
    page.goto(server.url)
    held = []
    page.route("**/api/runs/**", lambda route: held.append(route))
    press_train_now(page)
    expect(page.locator(".samples .well").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".curves")).to_be_visible()
    at_rest(page)
    page.evaluate(SHIFTS)
    assert last_step(page) == 0
    place = page.locator(".samples .well").first.bounding_box()
    page.unroute("**/api/runs/**")
    for question in held:
        with contextlib.suppress(Error):  # the page has given up waiting, and asks again
            question.continue_()
    wait_for_progress(page, 64)
    assert page.locator(".samples .well").first.bounding_box() == pytest.approx(place, abs=2)
    assert page.evaluate("window.shifts") < 0.1
    run = RunStore(server.folder / "runs").get(page.url.split("run=")[1])
    assert {0, 1, 2, 4, 8, 16} <= {*run.sample_steps()}  # where steps are slow there are more
    return run.id


def test_start_watch_pause_turn_a_knob_and_stop(server, open_tab):
    page = open_tab()
    run_id = train_now_without_a_jump(page, server)
    expect(page.locator(".chart .plot .js-plotly-plot, .chart .js-plotly-plot")).to_have_count(3)
    expect(page.locator(".samples .well img").first).to_have_js_property("naturalWidth", 280)

    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_visible()
    expect(page.get_by_text("nothing is lost")).to_be_visible()
    held = paused_step(page, server, run_id)
    wait_for(page, lambda: last_step(page) == held, "the curves at that step")
    answered(page, f"/api/runs/{run_id}/curves")
    assert (last_step(page), shown_step(page)) == (held, held)  # a pause holds the step

    rate = page.get_by_role("spinbutton", name="Learning rate of G")
    rate.fill("0.0005")
    rate.press("Enter")
    button(page, "Apply 1 change").click()
    expect(page.get_by_text("now 0.0005")).to_be_visible()
    expect(page.locator(".curves .lane [data-kind=knob]")).to_have_count(1)
    turned = f"g_lr {recipes.config('fast_gan', 'mnist_5k').g_lr:g} → 0.0005"
    expect(page.locator(".events li").filter(has_text=turned)).to_be_visible()

    slow_motion(page, "5 steps a second")  # the pages below need only that it goes on
    until(page, button(page, "Resume").click, button(page, "Pause"), "the run that goes on", 30)
    wait_for_progress(page, held)

    page.get_by_role("link", name="Runs").first.click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    page.goto(f"{server.url}/train?run={run_id}")  # a deep link, with a new session
    again = wait_for_progress(page, held)
    page.reload()
    wait_for_progress(page, again)

    other = open_tab()
    other.goto(f"{server.url}/train?run={run_id}")
    wait_for_progress(other, again)
    button(other, "Stop").click()
    for tab in (page, other):
        expect(tab.get_by_text("Stopped").first).to_be_visible(timeout=PATIENCE)
        expect(button(tab, "Resume")).to_be_visible()
    wait_for(page, lambda: last_step(page) == last_step(other), "both tabs at the same step")


@pytest.fixture
def live(request, served, open_tab):
    """(id, page) of a small run that trains: the one that the test before left, else a new one."""
    page, store = open_tab(), RunStore(served.folder / "runs")
    locked = [run for run in map(store.get, store.ids()) if run.is_locked()]
    training = [run.id for run in locked if run.status().state in LIVE]
    if not (served.is_running and training):
        return train_small(page, request.getfixturevalue("server").url), page
    page.goto(f"{served.url}/train?run={training[0]}")
    return training[0], page


def test_zoom_and_hover_survive_updates_a_sample_opens_and_one_cursor_moves_all(live):
    run_id, page = live
    zoom_legend_and_hover_survive_updates(page)
    a_sample_opens_in_explore_with_its_z_and_class(page, run_id)
    one_cursor_moves_samples_charts_and_slider(page)


def zoom_legend_and_hover_survive_updates(page):
    wait_for_progress(page, 60)
    expect(page.locator(".curves")).to_have_attribute("data-zoomed", "false")

    drag(page, "loss", 0.3, 0.6)
    expect(page.locator(".curves")).to_have_attribute("data-zoomed", "true")
    zoomed = page.locator(".curves").get_attribute("data-range")
    page.locator(".chart[data-chart=accuracy] .toggle").first.click()  # hide one line
    box = page.locator(".chart[data-chart=loss] .frame").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    expect(page.locator(".overlay .pointer")).to_have_count(3)  # the same step on every chart

    wait_for_progress(page, last_step(page) + 20)
    assert page.locator(".curves").get_attribute("data-range") == zoomed
    expect(page.locator(".overlay .pointer")).to_have_count(3)
    hidden = page.locator(".chart[data-chart=accuracy] .toggle").first
    expect(hidden).to_have_attribute("aria-pressed", "false")

    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + 50)
    expect(page.locator(".curves")).to_have_attribute("data-zoomed", "false")


DRAWN = "(plot) => Math.max(...plot.data[0].x)"  # newest step in a chart's plot
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_commands_answer_what_nobody_sees_is_not_drawn_and_a_film_is_made(live, served, tmp_path):
    run_id, page = live
    what_nobody_sees_is_not_drawn_until_somebody_does(page, served, run_id)
    page.set_viewport_size({"width": 1280, "height": 1000})
    commands_answer_at_once_and_keep_the_keyboard(page, served, run_id)
    a_film_is_made_and_saved_while_it_trains_on(page, tmp_path)


def what_nobody_sees_is_not_drawn_until_somebody_does(page, served, run_id):
    wait_for_progress(page, 60)
    plot = page.locator(".chart[data-chart=loss] .plot")
    page.set_viewport_size({"width": 1280, "height": 400})
    page.locator(".events").evaluate("(list) => list.scrollIntoView({ block: 'end' })")

    def stands_still():
        drawn, step = plot.evaluate(DRAWN), last_step(page)
        wait_for_progress(page, step + 20)
        return plot.evaluate(DRAWN) == drawn

    wait_for(page, stands_still, "a chart that is out of view at rest")
    seen = last_step(page)
    assert plot.evaluate(DRAWN) < seen
    page.locator(".chart[data-chart=loss]").evaluate("(chart) => chart.scrollIntoView()")
    wait_for(page, lambda: plot.evaluate(DRAWN) >= seen, "all of it once it is in view")
    found = plot.evaluate("(plot) => plot.data.at(-1).x.map(Math.round)")
    assert found == sorted(set(found))  # nothing twice

    def trained() -> int:
        return page.request.get(f"{served.url}/api/runs/{run_id}/status").json()["step"]

    def asks_nothing():
        shown, step = shown_step(page), trained()
        wait_for(page, lambda: trained() > step + 40, "steps in the meantime")
        return shown_step(page) == shown

    page.evaluate(HIDE, True)
    wait_for(page, asks_nothing, "a hidden page at rest")
    now = trained()
    page.evaluate(HIDE, False)
    wait_for(page, lambda: shown_step(page) >= now, "the page looked at again")


MARK = """() => document.addEventListener("click", (event) => {
  window.mark = event.target.closest("button")?.dataset.pressed;
}, true)"""  # read in the turn of the click itself: before anything is drawn or answered


def commands_answer_at_once_and_keep_the_keyboard(page, served, run_id):
    page.evaluate(MARK)
    button(page, "Pause").focus()
    page.keyboard.press("Enter")
    assert wait_for(page, lambda: page.evaluate("window.mark"), "the press") == "Pausing…"
    expect(button(page, "Resume")).to_be_focused()
    expect(page.locator("button[data-pressed]")).to_have_count(0)
    paused_step(page, served, run_id)

    for which in ("Both networks", "G only"):
        before = shown_step(page)
        page.locator(".st-key-step button").first.click()
        page.get_by_role("menuitem", name=which).click()
        expect(page.locator(".samples")).to_have_attribute("data-step", str(before + 1))
        expect(page.locator(".st-key-run_state")).to_contain_text(f"step {before + 1:,}")
        expect(page.locator(".chart[data-chart=loss] text.value")).to_have_count(2)
    expect(page.locator(".events li").filter(has_text="2 single steps")).to_be_visible()

    slow_motion(page, "2 steps a second")
    button(page, "Resume").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Pause")).to_be_focused()
    status = f"{served.url}/api/runs/{run_id}/status"
    began, start = time.monotonic(), page.request.get(status).json()["step"]
    wait_for(page, lambda: shown_step(page) > start + 4, "slow steps")
    gained = page.request.get(status).json()["step"] - start
    assert (
        gained <= 2 * (time.monotonic() - began) + 1
    )  # at full speed these were ten times as many
    slow_motion(page, "Off: full speed")
    wait_for(page, lambda: shown_step(page) > start + 40, "full speed again")
    slow_motion(page, "20 steps a second")  # what comes after it needs only that it goes on


def a_sample_opens_in_explore_with_its_z_and_class(page, run_id):
    well = page.locator(".samples .well").first
    well.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("z 2, class 3")
    expect(dialog.locator(".said")).to_contain_text(
        re.compile("D says|not stored"), timeout=PATIENCE
    )
    address = dialog.get_by_role("link", name="Open in Explore").get_attribute("href")
    asked = parse_qs(urlparse(address).query)
    assert asked["run"] == [run_id] and asked["class"] == ["3"]
    sent = np.frombuffer(urlsafe_b64decode(asked["z"][0] + "=="), np.float32)
    drawn = np.random.default_rng(1).standard_normal((2, len(sent))).astype(np.float32)
    assert np.array_equal(sent, drawn[1])  # the second row of the grid, from the run's seed
    page.keyboard.press("Escape")


def sized(page, width: int, density: float) -> None:
    """A window of this width, in CSS pixels, on a screen of this density: 853 at 1.5 is zoomed to 150 %."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": density, "mobile": False}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", metrics)
    wait_for(
        page, lambda: page.evaluate("[innerWidth, devicePixelRatio]") == [width, density], "size"
    )


@pytest.mark.thorough
def test_no_number_is_cut(live):
    """Readouts stay in their cells, ticks and end labels in the picture; nothing scrolls sideways."""
    _, page = live
    for width, density in ((1280, 1), (853, 1.5), (400, 1)):
        sized(page, width, density)
        page.reload()
        wait_for_progress(page, 30)
        cut = page.locator(".readouts dl > div").evaluate_all("""(cells) => cells
          .filter((c) => c.offsetWidth && c.scrollWidth > c.clientWidth + 1)
          .map((c) => c.textContent)""")
        assert cut == [], width
        outside = page.locator(".curves .frame").evaluate_all("""(frames) => frames.flatMap((frame) => {
          const box = frame.getBoundingClientRect();
          return [...frame.querySelectorAll(".ytick text, text.value, text.note")].filter((text) => {
            const b = text.getBoundingClientRect();
            return b.width && (b.left < box.left - 1 || b.right > box.right + 1);
          }).map((text) => text.textContent);
        })""")
        assert outside == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


def one_cursor_moves_samples_charts_and_slider(page):
    slider = page.get_by_role("slider", name="Step shown")
    slider.focus()
    slider.press("Home")
    expect(page.locator(".samples")).to_have_attribute("data-step", "0")
    expect(slider).to_have_attribute("aria-valuetext", "step 0, epoch 0.00")
    wait_for_progress(page, last_step(page) + 20)
    expect(page.locator(".samples")).to_have_attribute("data-step", "0")  # looking back stays

    page.locator(".samples .well").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("step 0")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.mouse.click(*middle_of(page, "accuracy"))  # a click on a chart moves the cursor there
    expect(page.locator(".samples")).not_to_have_attribute("data-step", "0")
    page.get_by_role("button", name="Newest").click()
    expect(page.locator(".samples")).not_to_have_attribute("data-step", "0")
    expect(page.get_by_role("button", name="Newest")).to_have_attribute("aria-pressed", "true")


def a_film_is_made_and_saved_while_it_trains_on(page, tmp_path):
    before = last_step(page)
    button(page, "Film").click()
    expect(page.get_by_text(re.compile("sample grids from step 0 to"))).to_be_visible(
        timeout=PATIENCE
    )
    for kind, start in (("GIF", b"GIF89a"), ("MP4", b"\0\0\0")):
        page.get_by_role("radio", name=kind, exact=True).click()
        button(page, "Make film").click()
        expect(page.get_by_text(re.compile(f"^{kind}, .* frames, step 0 to"))).to_be_visible(
            timeout=PATIENCE
        )
        with page.expect_download() as found:
            button(page, "Save").click()
        found.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(start)
    shown = page.locator("video")
    wait_for(page, lambda: shown.evaluate("(v) => v.readyState >= 1 && v.videoWidth > 0"), "video")
    page.keyboard.press("Escape")
    assert wait_for_progress(page, beyond=before) > before


def said_once_and_truly(home) -> None:
    """What Home says of a server that is gone: one line at its foot, which covers nothing."""
    dialog = home.locator(".stDialog section")
    expect(dialog).to_be_attached(timeout=PATIENCE)
    said = dialog.evaluate("(d) => getComputedStyle(d, '::before').content")
    assert said.startswith('"No contact with the program that serves this page.')
    for words in ("Connection error", "internet", "yourscript.py", "Streamlit"):
        for found in home.get_by_text(words).all():
            expect(found).to_be_hidden()
    box = dialog.bounding_box()
    assert box["height"] < 120 and box["y"] > 800  # a line at the foot of a window of 1,000 px
    corner = home.evaluate("document.elementFromPoint(60, 200).closest('.stDialog')")
    assert corner is None


def test_a_killed_server_comes_back_interrupted_and_resumes(live, served, open_tab):
    (run_id, page), server, home = live, served, open_tab()
    home.goto(server.url)
    expect(button(home, "New run")).to_be_visible()
    wait_for_progress(page, 20)
    button(page, "Checkpoint").click()
    expect(page.locator(".events li").filter(has_text="kept by hand")).to_be_visible()
    before = last_step(page)

    server.end(signal.SIGKILL)
    kept = RunStore(server.folder / "runs").get(run_id).metrics().last_step
    expect(page.locator(".readouts .lost")).to_contain_text("No contact with the server")
    said_once_and_truly(home)
    server.start()
    expect(home.locator(".stDialog section")).to_have_count(0, timeout=PATIENCE)
    wait_for(home, lambda: button(home, "New run").is_enabled(), "a page that goes on")
    page.goto(f"{server.url}/train?run={run_id}")
    expect(page.get_by_text("Interrupted").first).to_be_visible()
    expect(page.get_by_text("Resume goes on from checkpoint")).to_be_visible()
    pressed = button(page, "Resume").bounding_box()
    button(page, "Resume").click()
    expect(button(page, "Pause")).to_be_visible(timeout=PATIENCE)
    at_rest(page)
    now = button(page, "Pause").bounding_box()  # no other command under the hand that has pressed
    assert now["x"] <= pressed["x"] + pressed["width"] / 2 <= now["x"] + now["width"]
    assert wait_for_progress(page, max(before, kept)) > before


@pytest.mark.thorough
def test_a_terminated_server_writes_a_checkpoint_first(live, served):
    run_id, page = live
    shown = wait_for_progress(page, 20)
    served.end(signal.SIGTERM)
    run = RunStore(served.folder / "runs").get(run_id)
    assert run.status().state == State.INTERRUPTED
    assert list_checkpoints(run.path)[-1].step == run.status().step >= shown

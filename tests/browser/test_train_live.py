"""Watching and commanding a run in a real browser: the journeys of the Train page."""

import re
import signal

import pytest
from playwright.sync_api import expect

from gan_core import recipes
from gan_core.checkpoints import list_checkpoints
from gan_core.records import State
from gan_core.runs import RunStore
from tests.browser.helpers import (
    PATIENCE,
    button,
    drag,
    last_step,
    middle_of,
    shown_step,
    train_now,
    wait_for,
    wait_for_progress,
)

OWN_SERVER = True  # these tests kill it


@pytest.fixture
def live(request, served, open_tab):
    """(id, page) of a run that trains: the one that the test before left training, else a new one."""
    page, store = open_tab(), RunStore(served.folder / "runs")
    training = [run_id for run_id in store.ids() if store.get(run_id).is_locked()]
    if not (served.is_running and training):
        return train_now(page, request.getfixturevalue("server").url), page
    page.goto(f"{served.url}/train?run={training[0]}")
    return training[0], page


def test_start_watch_pause_turn_a_knob_and_stop(server, open_tab):
    page = open_tab()
    run_id = train_now(page, server.url)
    wait_for_progress(page, 20)
    expect(page.locator(".chart .plot .js-plotly-plot, .chart .js-plotly-plot")).to_have_count(3)
    expect(page.locator(".samples .well img").first).to_have_js_property("naturalWidth", 280)

    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_visible()
    expect(page.get_by_text("nothing is lost")).to_be_visible()
    held = wait_for(page, lambda: last_step(page) == shown_step(page) and last_step(page), "rest")
    page.wait_for_timeout(2000)
    assert (last_step(page), shown_step(page)) == (held, held)  # a pause holds the step

    rate = page.get_by_role("spinbutton", name="Generator learning rate")
    rate.fill("0.0005")
    rate.press("Enter")
    button(page, "Apply 1 change").click()
    expect(page.get_by_text("now 0.0005, g_lr")).to_be_visible()
    expect(page.locator(".curves .lane [data-kind=knob]")).to_have_count(1)
    turned = f"g_lr {recipes.config('fast_gan', 'mnist_5k').g_lr:g} → 0.0005"
    expect(page.locator(".events li").filter(has_text=turned)).to_be_visible()

    button(page, "Resume").click()
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


def test_zoom_legend_and_hover_survive_updates(live):
    _, page = live
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


def test_one_cursor_moves_samples_charts_and_slider(live):
    _, page = live
    wait_for_progress(page, 40)
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


def test_a_film_is_made_and_saved_while_it_trains_on(live, tmp_path):
    _, page = live
    before = wait_for_progress(page, beyond=10)
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


def test_a_killed_server_comes_back_interrupted_and_resumes(live, served):
    (run_id, page), server = live, served
    wait_for_progress(page, 20)
    button(page, "Checkpoint").click()
    expect(page.locator(".events li").filter(has_text="Snapshot")).to_be_visible()
    before = last_step(page)

    server.end(signal.SIGKILL)
    kept = RunStore(server.folder / "runs").get(run_id).metrics().last_step
    expect(page.locator(".readouts .lost")).to_contain_text("No contact with the server")
    server.start()
    page.goto(f"{server.url}/train?run={run_id}")
    expect(page.get_by_text("Interrupted").first).to_be_visible()
    expect(page.get_by_text("Resume goes on from checkpoint")).to_be_visible()
    button(page, "Resume").click()
    assert wait_for_progress(page, max(before, kept)) > before


def test_a_terminated_server_writes_a_checkpoint_first(live, served):
    run_id, page = live
    shown = wait_for_progress(page, 20)
    served.end(signal.SIGTERM)
    run = RunStore(served.folder / "runs").get(run_id)
    assert run.status().state == State.INTERRUPTED
    assert list_checkpoints(run.path)[-1].step == run.status().step >= shown

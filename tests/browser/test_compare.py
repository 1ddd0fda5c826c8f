"""Comparing, branching and carrying runs in a real browser."""

import csv

import numpy as np
import pytest
from playwright.sync_api import expect

from gan_core import recipes
from gan_core.archive import pack
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.store import RunStore, State
from gan_core.storage import files, images
from tests.browser.helpers import PATIENCE, button, train_small, wait_for, wait_for_progress

NAMES = ("g_loss", "d_loss", "real_accuracy", "fake_accuracy", "<b>odd</b>")


def add_run(store, level, steps, *, recipe="fast_gan", parent=None, first=1, seed=1):
    """A finished run whose losses stay at `level`, with grids of that grey."""
    run = store.create(recipes.config(recipe, "mnist_5k", seed=seed).model_dump(), parent=parent)
    with MetricsWriter(run.path, NAMES, first_step=first) as metrics:
        for step in range(first, steps + 1):
            metrics.append(step, 64 * step, step / 10, (), [level, level, 0.5, 0.5, level])
    for step in range(first - 1, steps + 1, 20):
        tiles = np.full((80, 28, 28, 1), 40 * level, np.uint8)
        run.write_sample(step, images.png(images.grid(tiles, 10)))
    names = [str(k) for k in range(10)]
    header = {"columns": 10, "rows": 8, "tile": [28, 28], "names": names}
    files.write_json(run.path / "samples" / "grid.json", header)
    run.write_status(state=State.FINISHED, step=steps, images_seen=64 * steps, wall_time=steps / 10)
    return run


def test_compare_three_runs(server, open_tab, tmp_path):
    store = RunStore(server.folder / "runs")
    one, two = add_run(store, 1, 200), add_run(store, 2, 120, recipe="hinge_sn")
    child = add_run(store, 3, 180, parent={"run": one.id, "step": 100}, first=101)
    one.update_notes("test", name="<img src=x onerror=window.hacked=1>")
    page = open_tab()
    page.goto(f"{server.url}/compare?runs={one.id},{two.id},{child.id}")
    panel = page.locator(".compare")
    expect(panel).to_have_attribute("data-lines", "3", timeout=PATIENCE)
    expect(
        panel.locator(
            ".chart[data-chart=g_loss] .plot .js-plotly-plot, .chart[data-chart=g_loss] .js-plotly-plot"
        )
    ).to_have_count(1)
    expect(panel.locator(".strip[data-run]")).to_have_count(3)
    expect(panel.locator(f".strip[data-run='{two.id}'] .tile.none").first).to_be_visible()
    assert panel.locator(f".strip[data-run='{child.id}'] .tile.none").count() <= 2

    button(page, "3 runs").first.click()
    chosen = page.locator(".st-key-compared [data-tag]").first  # ink on paper: shell.css still hits
    expect(chosen).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    clear = page.get_by_role("button", name="Clear all").bounding_box()
    assert min(clear["width"], clear["height"]) >= 24  # WCAG 2.5.8
    page.keyboard.press("Escape")
    expect(chosen).to_have_count(0)  # each run stands once on the page
    axis = panel.get_by_role("group", name="Horizontal axis")
    axis.get_by_role("button", name="Images").click()
    expect(panel).to_have_attribute("data-x", "images")
    box = panel.locator(".chart[data-chart=g_loss] .frame").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + 60)
    expect(panel).not_to_have_attribute("data-cursor", "")
    strips = panel.get_by_role("slider", name="Place on the axis")
    strips.focus()
    strips.press("Home")
    expect(strips).to_have_attribute("aria-valuenow", "0")
    expect(panel).to_have_attribute("data-cursor", "0")
    expect(strips).to_be_focused()  # it is drawn anew at every step
    assert strips.locator("button, a, [tabindex]").count() == 0  # none inside a slider

    panel.locator(".chip").nth(1).click()  # hide run 2
    expect(panel.locator(".chart[data-chart=g_loss]")).to_have_attribute("data-lines", "2")
    button(page, "Report").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Curves as CSV").click()
    download.value.save_as(tmp_path / "compare.csv")
    rows = list(csv.DictReader((tmp_path / "compare.csv").read_text().splitlines()))
    own = [row for row in rows if row["run"] == child.id]
    assert [int(float(row["step"])) for row in own] == list(range(1, 181))
    assert {row["g_loss"] for row in own[:100]} == {"1"} and own[100]["g_loss"] == "3"
    for kind in ("PNG", "SVG"):
        button(page, "Report").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Charts as {kind}").click()
        assert download.value.suggested_filename == f"compare.{kind.lower()}"
    assert page.evaluate("window.hacked") is None  # a run's name is text, wherever it stands


def test_seeds_of_the_same_settings_are_one_line_with_a_band(server, open_tab):
    store = RunStore(server.folder / "runs")
    runs = [add_run(store, level, 100, seed=level) for level in (1, 2, 3)]
    page = open_tab()
    page.goto(f"{server.url}/compare?runs={','.join(run.id for run in runs)}")
    chart = page.locator(".compare .chart[data-chart=g_loss]")
    expect(chart).to_have_attribute("data-lines", "1", timeout=PATIENCE)
    expect(chart.locator(".frame")).to_have_attribute("aria-label", "Generator loss: run 1 2.00")
    page.get_by_role("checkbox", name="Group seeds").uncheck()
    expect(chart).to_have_attribute("data-lines", "3")


def test_different_data_have_a_chart_each(server, open_tab):
    store = RunStore(server.folder / "runs")
    digits, again, points = (add_run(store, 1, 100, seed=seed) for seed in (1, 2, 3))
    header = files.read_json(points.path / "config.json")
    header["config"]["dataset"] = "fashion_mnist"
    files.write_json(points.path / "config.json", header)
    for run, values in ((digits, (9, 7)), (again, (8, 5)), (points, (0.9, 0.5))):
        for step, value in zip((50, 100), values, strict=True):
            line = {
                "step": step,
                "count": 2000,
                "extractor": "judge",
                "values": {"fd_judge_2k": value},
            }
            files.append_jsonl(run.path / "evals.jsonl", line)
    page = open_tab()
    page.goto(f"{server.url}/compare?runs={digits.id},{again.id},{points.id}")
    page.get_by_role("checkbox", name="Group seeds").uncheck(timeout=PATIENCE)
    charts = page.locator(".compare .talls .chart")
    expect(charts).to_have_count(2)
    for chart, name, runs in ((0, "mnist_5k", 2), (1, "fashion_mnist", 1)):
        expect(charts.nth(chart)).to_contain_text(f"Fréchet distance, {name}")
        expect(charts.nth(chart)).to_have_attribute("data-lines", str(runs))
    expect(page.get_by_text("their distances do not compare.").first).to_be_visible()


def headings_go_down_by_one_and_no_head_of_a_column_is_empty(page):
    expect(page.locator("h2", has_text="Settings that differ")).to_be_visible()
    levels = page.get_by_role("heading").evaluate_all("hs => hs.map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1 and {2, 3} <= set(levels)
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    heads = page.locator("th").all_inner_texts()
    assert len(heads) > 4 and all(head.strip() for head in heads)


HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"


def what_stands_beside_the_tiles_is_seen(page):
    """In a window of 1,280 px: without scrolling beside tiles of 64 px, and always beside wider ones."""
    read = """(strips, side) => {
      for (const tile of strips.querySelectorAll(".tile, .foot .tiles span")) tile.style.width = `${side}px`;
      const end = strips.getBoundingClientRect().right;
      const ends = [...strips.querySelectorAll(".at > *")].map((each) => each.getBoundingClientRect().right);
      return { whole: strips.scrollWidth <= strips.clientWidth, seen: ends.every((right) => right <= end) };
    }"""
    strips = page.locator(".compare .strips")
    assert strips.evaluate(read, 64) == {"whole": True, "seen": True}
    assert strips.evaluate(read, 112)["seen"]


def test_the_two_newest_have_a_report_that_opens_alone_and_whose_text_is_text(
    server, open_tab, browser, tmp_path
):
    store = RunStore(server.folder / "runs")
    one, two = add_run(store, 1, 100), add_run(store, 2, 60, recipe="hinge_sn")
    one.update_notes("test", name=HOSTILE)
    two.update_notes("test", name="= 'quotes' & \"more\"")
    for run, value in ((one, 9.0), (two, 4.0)):
        for step in (20, 60):
            line = {
                "step": step,
                "count": 2000,
                "extractor": "<svg onload=window.hacked=1>",
                "values": {"fd_judge_2k": value + 60 / step},
                "floor": 1.5,
            }
            files.append_jsonl(run.path / "evals.jsonl", line)
    page = open_tab(color_scheme="dark")
    page.goto(f"{server.url}/compare")
    button(page, "Compare the two newest").first.click()
    page.wait_for_url(lambda url: url.endswith(f"{two.id}%2C{one.id}"), timeout=PATIENCE)
    expect(page.locator(".compare")).to_have_attribute("data-lines", "2", timeout=PATIENCE)
    headings_go_down_by_one_and_no_head_of_a_column_is_empty(page)
    expect(page.locator(".compare .strip[data-run]")).to_have_count(2)
    what_stands_beside_the_tiles_is_seen(page)
    axes = page.locator(".axes")
    expect(axes).to_have_attribute("data-shown", "2")
    axes.scroll_into_view_if_needed()
    box = axes.locator("svg").bounding_box()
    last = float(axes.locator("svg g line").last.get_attribute("x1"))
    page.mouse.move(box["x"] + last, box["y"] + 190)
    page.mouse.down()
    page.mouse.move(box["x"] + last, box["y"] + 230, steps=4)
    page.mouse.up()
    expect(axes).to_have_attribute("data-shown", "1")  # only the better run is inside
    button(page, "Show all").click()
    expect(axes).to_have_attribute("data-shown", "2")

    button(page, "Report").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Everything as HTML").click()
    path = tmp_path / "compare.html"
    download.value.save_as(path)
    text = path.read_text("utf-8")
    assert (
        "<script" not in text
        and "<img src=x" not in text
        and "http"
        not in text.replace("http://www.w3.org", "")
        .replace("http-equiv", "")
        .split("data:image")[0]
    )
    alone = browser.new_context(offline=True).new_page()
    asked = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(path.as_uri())
    alone.wait_for_load_state("networkidle")
    assert alone.evaluate("window.hacked") is None
    assert alone.get_by_text(HOSTILE).count() >= 1
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    pictures = alone.locator("img")
    assert pictures.count() == 3  # the curves and two strips
    assert all(pictures.nth(i).evaluate("i => i.complete && i.naturalWidth > 0") for i in range(3))
    assert alone.locator("table").count() == 2
    alone.context.close()


def test_download_and_import(server, open_tab, tmp_path):
    store = RunStore(server.folder / "runs")
    run = add_run(store, 2, 40)
    page = open_tab()
    page.goto(f"{server.url}/runs")
    link = page.get_by_role("link", name="Download")

    def open_tab_of_takeaway():
        """A page that is still being drawn puts its first tab in front again."""
        page.get_by_role("tab", name="Take away").click()
        return link.is_visible()

    wait_for(page, open_tab_of_takeaway, "the link to download")
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "run.zip")
    button(page, "Import").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "run.zip")
    button(page, "Import this run").click()
    expect(page.get_by_text("Imported as")).to_be_visible()
    copy = store.get(store.ids()[0])
    assert copy.id != run.id and copy.config == run.config
    assert copy.sample_png(40) == run.sample_png(40)
    assert pack.import_run(store, tmp_path / "run.zip", "test").metrics().last_step == 40


@pytest.mark.thorough
def test_branch_trains_a_child_whose_curves_begin_with_its_parent(server, open_tab):
    page = open_tab()
    run_id = train_small(page, server.url)
    wait_for_progress(page, 15)
    button(page, "Stop").click()
    expect(page.get_by_text("Stopped").first).to_be_visible(timeout=PATIENCE)
    button(page, "More").click()
    page.get_by_text("Branch from a checkpoint").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Settings to change").fill("d_lr")
    page.get_by_role("option", name="Learning rate of D, d_lr").click()
    page.keyboard.press("Tab")  # the open list hides everything else
    rate = dialog.get_by_role("spinbutton", name="Learning rate of D")
    rate.fill("0.0004")
    rate.press("Enter")
    button(dialog, "Branch").click()
    page.wait_for_url(lambda url: "run=" in url and run_id not in url)
    store = RunStore(server.folder / "runs")
    child = store.get(page.url.split("run=")[1])
    assert child.parent["run"] == run_id and child.config["d_lr"] == 0.0004
    fork = child.parent["step"]
    wait_for_progress(page, fork)
    points = wait_for(page, lambda: page.locator(".curves").get_attribute("data-points"), "points")
    assert int(points) > fork // 2  # the parent's rows are drawn too
    button(page, "Stop").click()
    expect(page.get_by_text("Stopped").first).to_be_visible(timeout=PATIENCE)
    assert child.metrics().first_step == fork + 1

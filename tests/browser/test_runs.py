"""The Runs page in a real browser: the family tree, many rows at once, and a sweep from start to end."""

import numpy as np
from playwright.sync_api import expect

from gan_core import recipes
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore, State
from tests.browser.helpers import PATIENCE, button, tick, wait_for


def add_run(store, steps, *, parent=None, **changes):
    settings = recipes.config("fast_gan", "mnist_5k", **changes).model_dump()
    link = {"run": parent[0].id, "step": parent[1], "changes": changes} if parent else None
    run = store.create(settings, parent=link)
    for step in range(100, steps + 1, 100):
        checkpoints.save_checkpoint(run.path, step, {"a": np.zeros(9, np.float32)}, {})
    run.write_status(state=State.FINISHED, step=steps, images_seen=64 * steps, wall_time=steps / 10)
    return run


def test_the_family_tree_shows_forks_and_leads_to_a_run(server, open_tab):
    store = RunStore(server.folder / "runs")
    parent = add_run(store, 400)
    child = add_run(store, 500, parent=(parent, 200), d_lr=0.0004)
    page = open_tab()
    page.goto(f"{server.url}/runs")
    tree = page.locator(".family")
    expect(tree).to_have_attribute("data-count", "2", timeout=PATIENCE)
    expect(tree.locator("svg[role=img]")).to_have_attribute(
        "aria-label",
        f"Family tree: {parent.id[:5]}, Finished at step 400; "
        f"{child.id[:5]} from {parent.id[:5]} at step 200, Finished at step 500",
    )
    changed = f"d_lr {parent.config['d_lr']:g} → 0.0004"
    expect(tree.locator("li button").nth(1)).to_contain_text(changed)
    tree.locator("li button").first.click()
    expect(page.get_by_role("heading", name=parent.id, exact=True)).to_be_visible(timeout=PATIENCE)
    commands_can_be_pressed(page)
    tools_of_the_table_cover_no_words(page)
    button(page, "Curves").click()
    page.wait_for_url("**/compare?**")
    wait_for(
        page, lambda: f"{parent.id}" in page.url and child.id in page.url, "both runs compared"
    )


def commands_can_be_pressed(page):
    """Everything that is done with the chosen run, also where it is narrow."""
    for width in (400, 1280):
        page.set_viewport_size({"width": width, "height": 1000})
        for name in ("Clone settings", "Pin", "Archive", "Delete"):
            page.locator(".st-key-detail").get_by_role("button", name=name, exact=True).click(
                trial=True
            )


def tools_of_the_table_cover_no_words(page):
    page.set_viewport_size({"width": 400, "height": 1000})
    page.get_by_test_id("stDataFrame").first.hover()
    tools = page.get_by_test_id("stElementToolbar").first
    expect(tools).to_be_visible()
    words = page.locator(".st-key-bulk p").bounding_box()
    assert words["y"] + words["height"] <= tools.bounding_box()["y"]
    page.set_viewport_size({"width": 1280, "height": 1000})


def test_ticked_rows_are_tagged_deleted_and_brought_back(server, open_tab):
    store = RunStore(server.folder / "runs")
    runs = [add_run(store, 100) for _ in range(3)]
    page = open_tab()
    page.goto(f"{server.url}/runs")
    expect(page.locator(".family")).to_have_attribute("data-count", "1", timeout=PATIENCE)
    tick(page, 0, selected=1)
    tick(page, 2, selected=2)
    button(page, "Tag").click()
    page.get_by_role("textbox", name="Tag", exact=True).fill("both")
    page.get_by_role("textbox", name="Tag", exact=True).press("Enter")
    button(page, "Add").click()
    wait_for(page, lambda: all(r.notes().tags == ("both",) for r in runs[::2]), "both tags")
    assert runs[1].notes().tags == ()
    page.keyboard.press("Escape")
    page.locator(".st-key-sm_bulk_delete").get_by_role("button").click()
    expect(page.get_by_text("moved to the bin")).to_be_visible(timeout=PATIENCE)
    assert store.ids() == [runs[1].id]
    button(page, "Undo").click()
    expected = {"noted", "deleted", "restored"}
    wait_for(
        page,
        lambda: (
            {e["kind"] for r in runs[::2] for e in r.events()} == expected and len(store.ids()) == 3
        ),
        "all three runs",
    )


def test_the_bin_is_reached_after_a_reload(server, open_tab):
    store = RunStore(server.folder / "runs")
    store.empty_bin(older_than_days=0)  # of other tests
    runs = [add_run(store, 100) for _ in range(3)]
    for run in runs[:2]:
        store.delete(run.id, "test")
    page = open_tab()
    page.goto(f"{server.url}/runs")
    every_state_of_the_filter_is_in_sight(page)
    page.get_by_text("Bin 2", exact=True).click(timeout=PATIENCE)
    expect(page.get_by_text("Deleted runs stay here.")).to_be_visible()
    tick(page, 0, selected=1)  # the newest of them first
    button(page, "Bring back").first.click()
    wait_for(page, lambda: store.deleted() == [runs[0].id], "one of them back")
    expect(page.get_by_text("Bin 1", exact=True)).to_be_visible()
    expect(page.get_by_text("Deleted runs stay here.")).to_be_visible()  # nothing is ticked now
    tick(page, 0, selected=1)
    button(page, "Delete for good").first.click()
    page.locator(".st-key-bin_gone_go").get_by_role("button").first.click()
    wait_for(page, lambda: store.deleted() == [], "an empty bin")
    expect(page.get_by_role("heading", name="Family of", exact=False)).to_be_visible()
    assert store.ids() == [runs[2].id, runs[1].id]


def every_state_of_the_filter_is_in_sight(page):
    pills = page.locator(".st-key-run_group").get_by_role("radio")
    expect(pills).to_have_count(8, timeout=PATIENCE)
    whole = """(all) => all.every((pill) => {
      const box = pill.getBoundingClientRect();
      return box.left >= 0 && box.right <= innerWidth && pill.scrollWidth <= pill.clientWidth;
    })"""
    for width in (400, 768, 1280):
        page.set_viewport_size({"width": width, "height": 1000})
        wait_for(page, lambda: pills.evaluate_all(whole), f"all of them at {width} px")
        assert pills.count() == 8


def test_the_table_follows_a_training_and_keeps_what_is_ticked(server, open_tab):
    store = RunStore(server.folder / "runs")
    older, live = add_run(store, 100), add_run(store, 100)
    page = open_tab()
    with live.writer_lock():
        live.write_status(state=State.RUNNING, step=852, num_steps=6000)
        page.goto(f"{server.url}/runs")
        cells = page.get_by_test_id("stDataFrame").first.locator("td")
        expect(cells.filter(has_text="852 of 6,000")).to_have_count(1, timeout=PATIENCE)
        tick(page, 1, selected=1)
        live.write_status(step=1135)
        expect(cells.filter(has_text="1,135 of 6,000")).to_have_count(1, timeout=PATIENCE)
        expect(page.get_by_text("1 selected")).to_be_visible()
        box = page.get_by_test_id("stDataFrame").first.bounding_box()
        page.mouse.click(box["x"] + 260, box["y"] + 37 + 39 + 19)  # the row of the other run
        expect(page.get_by_role("heading", name=older.id, exact=True)).to_be_visible()
        live.write_status(state=State.STOPPED, step=1200)
    expect(page.get_by_text("Stopped 1", exact=True)).to_be_visible(timeout=PATIENCE)


def test_a_sweep_from_the_page_trains_and_opens_on_compare(server, open_tab):
    store = RunStore(server.folder / "runs")
    add_run(store, 100)
    page = open_tab()
    page.goto(f"{server.url}/runs")
    button(page, "Sweep").click(timeout=PATIENCE)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Recipe").click()
    page.get_by_role("option", name="toy_mlp").click()
    dialog.get_by_role("spinbutton", name="Steps of each run").fill("30")
    dialog.get_by_role("textbox", name="Lines").fill("width = 4\nbatch_size = 8, 16")
    dialog.get_by_role("textbox", name="Lines").press("Control+Enter")
    expect(dialog.get_by_text("2 runs of 30 steps")).to_be_visible(timeout=PATIENCE)
    button(dialog, "Start sweep").click()
    expect(page.get_by_text("Sweeps: 1 going on")).to_be_visible(timeout=PATIENCE)
    wait_for(
        page,
        lambda: all(store.get(i).status().state == State.FINISHED for i in store.ids()),
        "both runs finished",
        180,
    )
    row = page.locator("[class*=st-key-row_sweep]")
    page.reload()
    page.get_by_text("Sweeps: 1", exact=True).click()
    expect(row.get_by_text("2 of 2 done")).to_be_visible(timeout=PATIENCE)
    button(row, "Compare").click()
    expect(page.locator(".compare")).to_have_attribute("data-lines", "2", timeout=PATIENCE)

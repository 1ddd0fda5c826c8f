"""Data in a browser: a folder is dropped, checked, kept and learned; its set is looked at and deleted."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from gan_core.importing.desk import Desk
from tests.browser.helpers import PATIENCE, at_rest, button, stop, wait_for

READY = ".gs.desk[data-phase=ready]"


@pytest.fixture
def shapes(tmp_path):
    """A folder of pictures in two classes, not square, with one that is cut off and one that is none."""
    folder = tmp_path / "shapes"
    for i in range(48):
        name, size = ("dots", (44, 60)) if i % 2 else ("bars", (60, 44))
        coarse = np.random.default_rng(i).integers(0, 256, (4, 4, 3), np.uint8)
        (folder / name).mkdir(parents=True, exist_ok=True)
        picture = Image.fromarray(coarse).resize(size, Image.Resampling.NEAREST)
        picture.save(folder / name / f"{i}.png")
    (folder / "dots" / "cut.png").write_bytes((folder / "dots" / "1.png").read_bytes()[:90])
    (folder / "notes.txt").write_text("none")
    return folder


def drop(page, path) -> None:
    """Drag a folder of the disk from the desktop onto the page and let it go."""
    box = page.locator(".drop").bounding_box()
    where = {"x": box["x"] + 40, "y": box["y"] + 20}
    dragged = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    tools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver"):
        tools.send("Input.dispatchDragEvent", {"type": kind, "data": dragged, **where})
    expect(page.locator(".drop.over")).to_be_visible()
    tools.send("Input.dispatchDragEvent", {"type": "drop", "data": dragged, **where})


def crop_row(page) -> str:
    """What the crops look like now."""
    read = "(all) => all.map((canvas) => canvas.toDataURL()).join()"
    return page.locator(".way[data-fit=crop] canvas").evaluate_all(read)


def leave_failed(page, server, path, count: int) -> None:
    """What cannot be used, dropped so many times."""
    desk = Desk(server.folder / "data")
    keys = [desk.receive(path) for _ in range(count)]
    wait_for(page, lambda: all(desk.state(k).phase == "failed" for k in keys), "all were read")
    desk.close()


def what_to_expect_is_seen(page) -> bool:
    """Nothing of the table is cut off, and no line of it is as high as four lines of words."""
    read = """(table) => table.scrollWidth <= table.clientWidth
      && [...table.querySelectorAll("tr")].every((row) => row.clientHeight < 90)"""
    return page.locator(".expect .scroll").evaluate(read)


def test_a_folder_is_dropped_checked_kept_learned_and_deleted(server, open_tab, shapes):
    page = open_tab()
    leave_failed(page, server, shapes / "notes.txt", 3)
    page.goto(f"{server.url}/data")
    page.locator(".card[data-name=mnist_5k]").wait_for(timeout=PATIENCE)
    expect(page.locator("[data-waiting]")).to_have_count(3)
    button(page, "Discard the 3 that cannot be used").click()
    expect(page.locator("[data-waiting]")).to_have_count(0)
    page.get_by_label("or a path on this machine").fill("/nowhere/at/all")
    button(page, "Check").click()
    expect(page.get_by_text("/nowhere/at/all does not exist.")).to_be_visible()

    drop(page, shapes)
    go_on = button(page, "Go on to the check-up")  # two folders may be two sides
    go_on.wait_for(timeout=PATIENCE)
    expect(page.get_by_role("radio", name="Classes")).to_have_attribute("aria-checked", "true")
    go_on.click()
    page.locator(READY).wait_for(timeout=PATIENCE)
    assert "waiting=" in page.url
    expect(page.get_by_text("48 images at 32 × 32 in 2 classes.")).to_be_visible()
    expect(page.get_by_label("Skipped")).to_contain_text("notes.txt")
    button(page, "28").click()
    page.locator(".squares[data-shown='28']").wait_for()

    before = crop_row(page)  # a frame that is moved changes its crop
    page.locator(".frame[role=slider]").first.press("Home")
    wait_for(page, lambda: crop_row(page) != before, "another crop")
    page.get_by_role("radio", name="Pad").click()
    expect(page.get_by_role("radio", name="Pad")).to_have_attribute("aria-checked", "true")
    page.get_by_label("Class of dots").fill("spots")
    page.get_by_label("Class of dots").press("Tab")
    button(page, "Grey").click()
    expect(page.get_by_text("28 × 28 grey").first).to_be_visible()
    page.get_by_label("Name").fill("my_shapes")
    expect(page.locator(".expect tr b").first).to_have_text("fast_gan")
    page.set_viewport_size({"width": 400, "height": 1000})
    wait_for(page, lambda: what_to_expect_is_seen(page), "all columns at 400 px")
    page.set_viewport_size({"width": 1280, "height": 1000})

    button(page, "Keep and train").click()
    page.wait_for_url("**/train?run=*-fast_gan-my_shapes*", timeout=PATIENCE)
    expect(page.locator(".samples[data-step]")).to_be_visible(timeout=PATIENCE)
    stop(page)

    page.goto(f"{server.url}/data")
    page.locator(".card[data-name=my_shapes] a").click()
    expect(page.get_by_role("row", name="spots")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("Trained on it")).to_contain_text("fast_gan")
    at_rest(page)
    button(page, "Delete").click()
    expect(page.get_by_text("is in the bin for 30 days")).to_be_visible()
    expect(page.locator(".card[data-name=my_shapes]")).to_have_count(0)
    button(page, "Undo").click()
    expect(page.locator(".card[data-name=my_shapes]")).to_be_visible()


def test_a_changed_answer_asks_anew_and_one_press_goes_on(server, open_tab, tmp_path):
    rng = np.random.default_rng(0)
    foo, bar = rng.integers(0, 200, (90, 784), np.uint8), rng.random((60, 784))
    np.savez(tmp_path / "two.npz", foo=foo, bar=bar)
    page = open_tab()
    page.goto(f"{server.url}/data")
    page.get_by_label("or a path on this machine").fill(str(tmp_path / "two.npz"), timeout=PATIENCE)
    button(page, "Check").click()
    expect(page.get_by_text("laid out in foo")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".firsts img")).to_have_count(8, timeout=PATIENCE)
    which = page.get_by_role("group", name="Which array holds the images?")
    which.get_by_role("button", name="bar").click()
    expect(page.get_by_text("laid out in bar")).to_be_visible(timeout=PATIENCE)
    expect(which.get_by_role("button", name="bar")).to_be_focused()
    expect(page.get_by_text("its values go from")).to_be_visible()
    expect(page.locator(".firsts img")).to_have_count(8, timeout=PATIENCE)
    button(page, "Go on to the check-up").click()
    page.locator(READY).wait_for(timeout=PATIENCE)
    expect(page.get_by_text("60 images at 28 × 28.")).to_be_visible()


def test_going_on_in_the_moment_of_an_answer_goes_on_with_it(server, open_tab, shapes):
    """What the answer makes of it is only being asked then, and other questions come of it."""
    (shapes / "dots" / "cut.png").unlink()
    for i in range(0, 48, 2):
        (shapes / "dots" / f"{i + 1}.png").rename(shapes / "dots" / f"{i}.png")
    page = open_tab()
    page.goto(f"{server.url}/data")
    drop(page, shapes)
    button(page, "Go on to the check-up").wait_for(timeout=PATIENCE)
    page.locator(".way[data-value=pairs]").evaluate(
        """(way) => {
          way.click();
          const buttons = [...way.getRootNode().querySelectorAll("button")];
          buttons.find((button) => button.textContent.startsWith("Go on")).click();
        }"""
    )
    page.locator(READY).wait_for(timeout=PATIENCE)
    expect(page.get_by_text("24 pairs at 32 × 32.")).to_be_visible()


def test_another_ground_looks_again_and_keeps_what_was_chosen(server, open_tab, shapes):
    rng = np.random.default_rng(0)
    for i in range(10):
        drawing = np.full((40, 40, 4), 255, np.uint8)
        drawing[..., 3] = np.kron(rng.integers(0, 2, (5, 5)), np.ones((8, 8))) * 255
        Image.fromarray(drawing).save(shapes / "dots" / f"white{i}.png")
    page = open_tab()
    page.goto(f"{server.url}/data")
    page.get_by_label("or a path on this machine").fill(str(shapes / "dots"), timeout=PATIENCE)
    button(page, "Check").click()
    page.locator(READY).wait_for(timeout=PATIENCE)
    expect(page.get_by_text("24 images at")).to_be_visible()
    page.get_by_label("Name").fill("my_dots")
    button(page, "Black").click()
    expect(page.get_by_text("34 images at")).to_be_visible(timeout=PATIENCE)
    expect(button(page, "Black")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Name")).to_have_value("my_dots")
    expect(page.get_by_label("Skipped")).to_contain_text("1 picture")  # the one that is cut off
    page.get_by_label("Skipped").get_by_text("1 is cut off").wait_for()

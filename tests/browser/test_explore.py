"""Exploring a stored generator in a real browser: drag, link, follow, and what goes wrong."""

import io
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from playwright.sync_api import expect

from gan_core import checkpoints
from gan_core.runs import RunStore
from tests.browser.helpers import PATIENCE, ROOT, button, wait_for

STEPS = 60


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A small run that was really trained; copied into each server's folder."""
    folder = tmp_path_factory.mktemp("trained")
    env = os.environ | {"CUDA_VISIBLE_DEVICES": "-1"}
    command = [sys.executable, "-m", "gan_core", "train", "--runs-dir", str(folder)]
    settings = ["--steps", str(STEPS), "--latent-dim", "16", "--set", "width=8"]
    done = subprocess.run([*command, *settings], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(trained, server):
    """The run in the folder that the server shows."""
    shutil.copytree(trained, server.folder / "runs", dirs_exist_ok=True)
    store = RunStore(server.folder / "runs")
    return store.get(store.ids()[0])


@pytest.fixture
def explore(run, server, open_tab):
    """explore(query): the page of the run, its first image drawn."""

    def open_(query="", **options):
        page = open_tab(**options)
        page.goto(f"{server.url}/explore?run={run.id}{query}")
        wait_for(page, lambda: frames(page) > 0, "first image", 150)
        return page

    return open_


def frames(page) -> int:
    """Images that the large canvas has shown."""
    found = page.locator(".image")
    return int(found.get_attribute("data-frames") or 0) if found.count() else 0


def pixels(page, canvas=".image canvas") -> list[int]:
    """The bytes of a canvas."""
    script = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    return page.locator(canvas).first.evaluate(script)


def settle(page):
    """Until the sliders' strips and the neighbours belong to the shown image."""
    wait_for(page, lambda: page.locator(".dimensions[data-filled]").count(), "filled strips")
    page.wait_for_timeout(400)


def test_a_drag_shows_images_before_it_ends(explore):
    page = explore("&seed=3&class=4")
    settle(page)
    before, start = pixels(page), frames(page)
    track = page.locator(".dimensions .track").first.bounding_box()
    y = track["y"] + track["height"] / 2
    page.locator(".dimensions .track").first.scroll_into_view_if_needed()
    track = page.locator(".dimensions .track").first.bounding_box()
    y = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + 16, y)
    page.mouse.down()
    for i in range(30):
        page.mouse.move(track["x"] + 16 + i * (track["width"] - 32) / 30, y)
        page.wait_for_timeout(25)
    during = frames(page) - start
    page.mouse.up()
    assert during >= 4
    wait_for(page, lambda: "z=" in page.url, "z in the address")
    assert pixels(page) != before
    button(page, "Reset").first.click()
    wait_for(page, lambda: pixels(page) == before, "the first image again")


def test_a_link_restores_the_view(explore, open_tab):
    page = explore("&seed=11&class=7")
    settle(page)
    slider = page.locator(".directions .thumb").nth(1)
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.get_by_label("Checkpoint", exact=True).select_option("0")
    page.get_by_label("Checkpoint", exact=True).select_option(str(STEPS))
    wait_for(page, lambda: "z=" in page.url and f"step={STEPS}" in page.url, "the view in the link")
    page.wait_for_timeout(500)
    shown = pixels(page)
    other = open_tab()
    other.goto(page.url)
    wait_for(other, lambda: frames(other) > 0, "first image", 150)
    wait_for(other, lambda: pixels(other) == shown, "the same image")
    assert other.get_by_role("radio", name="7", exact=True).get_attribute("aria-checked") == "true"
    assert other.get_by_role("switch").get_attribute("aria-checked") == "false"


def test_newer_weights_are_followed_until_an_older_step_is_chosen(explore, run):
    page = explore()
    settle(page)
    arrays, meta = checkpoints.load_weights(run.path, 0)
    kept = {k: v for k, v in meta.items() if k not in ("format", "step", "created_at", "sha256")}
    checkpoints.save_weights(run.path, STEPS + 40, arrays, kept)
    expect(page.locator(f".image[data-step='{STEPS + 40}']")).to_be_attached(timeout=5000)
    page.get_by_label("Checkpoint", exact=True).select_option("0")
    expect(page.locator(".image[data-step='0']")).to_be_attached()
    checkpoints.save_weights(run.path, STEPS + 80, arrays, kept)
    page.wait_for_timeout(2500)
    expect(page.locator(".image[data-step='0']")).to_be_attached()
    page.get_by_role("switch").click()
    expect(page.locator(f".image[data-step='{STEPS + 80}']")).to_be_attached()


def test_every_part_fills_and_the_time_machine_goes_back(explore, run):
    page = explore("&seed=5&class=2")
    settle(page)
    expect(page.locator(".neighbours .tiles li")).to_have_count(9, timeout=PATIENCE)
    expect(page.locator(".opinion[data-score]")).to_be_visible(timeout=PATIENCE)
    steps = checkpoints.list_weights(run.path)
    wait_for(
        page,
        lambda: int(page.locator(".time").get_attribute("data-tiles") or 0) >= len(steps),
        "every checkpoint in the strip",
    )
    strip = page.locator(".time .well").first
    strip.focus()
    strip.press("Home")
    strip.press("Enter")
    expect(page.locator(".image[data-step='0']")).to_be_attached()
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    well = page.get_by_role("group", name="This z in every class").first
    well.focus()
    for _ in range(3):
        well.press("ArrowRight")
    well.press("Enter")
    expect(page.get_by_role("radio", name="3", exact=True)).to_have_attribute(
        "aria-checked", "true"
    )


def test_the_tools_work(explore):
    page = explore("&seed=5&class=2")
    settle(page)
    before = pixels(page)
    well = page.get_by_role("group", name="Map of latent space").first
    wait_for(page, lambda: page.locator(".toolbox[data-maps]").count(), "map")
    well.focus()
    well.press("Enter")
    wait_for(page, lambda: pixels(page) != before, "another image after a tile of the map")
    button(page, "Interpolate").click()
    button(page, "Keep this z").click()
    button(page, "Keep a new one").click()
    wait_for(page, lambda: page.locator(".toolbox[data-path]").count(), "path")
    button(page, "Mix").click()
    expect(page.get_by_role("slider", name="Blend")).to_be_visible()
    button(page, "Draw").click()
    button(page, "Use this image").click()
    button(page, "Find its z").click()
    wait_for(page, lambda: page.locator(".toolbox[data-found]").count(), "answers", 200)
    assert float(page.locator(".toolbox").get_attribute("data-found")) < 0.01


def test_what_goes_wrong_is_said_in_words(explore, run, server):
    page = explore("&z=AAAA")
    expect(page.locator(".source .said")).to_contain_text("The z in the address does not fit")
    settle(page)
    RunStore(server.folder / "runs").delete(run.id, "test")
    expect(page.locator(".source .said")).to_contain_text(run.id, timeout=10_000)
    page.reload()
    expect(page.get_by_test_id("stAlert")).to_contain_text(run.id.split("-")[0], timeout=PATIENCE)


def test_narrow_and_dark(explore):
    page = explore(viewport={"width": 400, "height": 900}, color_scheme="dark")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def part(page, name: str, value: str) -> str:
    """A `data-` value of one part of the page."""
    return page.locator(f".{name}").first.get_attribute(f"data-{value}") or ""


def test_a_bundled_generator_answers_without_any_run(server, open_tab):
    page = open_tab()
    page.goto(f"{server.url}/explore")
    wait_for(page, lambda: frames(page) > 0, "first image", 150)
    settle(page)
    expect(page.get_by_text("No run of your own yet")).to_be_visible()
    expect(page.locator(".neighbours .tiles li").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".opinion")).to_contain_text("without its discriminator")
    before = pixels(page)
    assert max(before[::4]) > 200
    page.get_by_role("radio", name="7", exact=True).click()
    wait_for(page, lambda: pixels(page) != before, "another class")
    assert not (server.folder / "data").exists() or not any((server.folder / "data").glob("*.npz"))


def test_views_and_directions_are_kept_with_the_run(explore, run):
    page = explore("&seed=3&class=4")
    settle(page)
    before = pixels(page)
    page.locator("summary[aria-label=Favourites]").click()
    button(page, "Keep this view").click()
    wait_for(page, lambda: part(page, "source", "favourites") == "1", "a favourite")
    button(page, "Name Direction 2").click()
    page.get_by_label("New name of Direction 2").fill("slant")
    page.keyboard.press("Enter")
    wait_for(page, lambda: part(page, "directions", "saved") == "1", "a named direction")
    assert run.notes().directions[0]["name"] == "slant"
    button(page, "New z").click()
    wait_for(page, lambda: pixels(page) != before, "another z")
    page.reload()
    wait_for(page, lambda: frames(page) > 0, "first image again", 150)
    button(page, "Saved").click()
    expect(page.get_by_role("slider", name="slant")).to_be_visible()
    page.locator("summary[aria-label=Favourites]").click()
    page.get_by_role("button", name="Go to favourite 1").click()
    wait_for(page, lambda: pixels(page) == before, "the kept image")
    button(page, "Remove slant").click()
    wait_for(page, lambda: part(page, "directions", "saved") == "0", "no direction left")


def test_raw_weights_and_the_wipe(explore):
    page = explore("&seed=3&class=4")
    settle(page)
    averaged = pixels(page)
    button(page, "Raw").click()
    wait_for(page, lambda: pixels(page) != averaged, "raw weights")
    wait_for(page, lambda: "raw=1" in page.url, "raw in the link")
    raw = pixels(page)
    button(page, "EMA").click()
    wait_for(page, lambda: pixels(page) == averaged, "averaged weights")
    button(page, "A/B wipe").click()
    page.get_by_label("Step A").select_option(str(STEPS))
    page.get_by_label("Weights B").select_option("1")
    line = page.get_by_label("Line between A and B")
    line.fill("1")
    wait_for(page, lambda: pixels(page, ".wipe canvas") == averaged, "all of A")
    line.fill("0")
    wait_for(page, lambda: pixels(page, ".wipe canvas") == raw, "all of B")
    page.get_by_label("Generator A").select_option("bundled-digits")
    expect(page.locator(".wipe")).to_contain_text("float32 numbers", timeout=PATIENCE)


def test_everything_can_be_taken_away(explore):
    page = explore("&seed=3&class=4")
    settle(page)
    names = ("Image, PNG", "Seven z in every class, PNG", "z, JSON", "z and image, NPZ")
    kinds = {}
    for name in names:
        page.locator(".source summary", has_text="Download").click()
        with page.expect_download() as found:
            button(page, name).click()
        kinds[name] = found.value.path().read_bytes()
    assert kinds["Image, PNG"][:4] == kinds["Seven z in every class, PNG"][:4] == b"\x89PNG"
    z = np.load(io.BytesIO(kinds["z and image, NPZ"]))["z"]
    np.testing.assert_allclose(json.loads(kinds["z, JSON"])["z"], z, rtol=1e-6)
    for format, start in (("GIF", b"GIF89a"), ("MP4", b"\0\0\0")):
        with page.expect_download() as found:
            page.locator(".time").get_by_role("button", name=format).click()
        assert found.value.path().read_bytes().startswith(start)


def test_z_is_pasted_as_numbers_and_locks_hold(explore):
    page = explore("&seed=3&class=4")
    settle(page)
    lock = page.locator(".dimensions .lock").first
    name = lock.get_attribute("aria-label").removeprefix("Lock ")
    value = page.get_by_label(f"{name}, exact value").input_value()
    lock.click()
    page.get_by_text("z as numbers").click()
    field = page.get_by_label("z as numbers")
    field.fill("1 2 3")
    button(page, "Use these").click()
    expect(page.locator(".numbers")).to_contain_text("takes 16 numbers. Received: 3.")
    before = pixels(page)
    field.fill(", ".join(["0.5"] * 16))
    button(page, "Use these").click()
    wait_for(page, lambda: pixels(page) != before, "the pasted z")
    assert page.get_by_label(f"{name}, exact value").input_value() == value
    field.fill("0.5 x")
    button(page, "Use these").click()
    expect(page.locator(".numbers")).to_contain_text("This is no number: x.")


def test_a_file_of_somebody_else_is_opened_or_refused(trained, server, open_tab, tmp_path):
    out = tmp_path / "mine.keras"
    store = RunStore(trained)
    command = [sys.executable, "-m", "gan_core", "export", store.ids()[0], "--format", "keras"]
    done = subprocess.run(
        [*command, "--out", str(out), "--runs-dir", str(trained)],
        cwd=ROOT, env=os.environ | {"CUDA_VISIBLE_DEVICES": "-1"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = open_tab()
    page.goto(f"{server.url}/explore")
    button(page, "Open a file").click()
    hostile = {"name": "evil.keras", "mimeType": "application/zip", "buffer": b"PK\3\4evil"}
    page.locator("input[type=file]").first.set_input_files(hostile)
    button(page, "Check and open").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("no .keras file", timeout=PATIENCE)
    page.locator("input[type=file]").first.set_input_files(out)
    wait_for(page, lambda: page.get_by_text("mine.keras").count(), "the file's name")
    button(page, "Check and open").click()
    wait_for(page, lambda: "run=opened-" in page.url, "the opened generator")
    wait_for(page, lambda: frames(page) > 0, "first image", 150)
    assert part(page, "image", "step") == "0"

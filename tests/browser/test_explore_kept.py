"""Explore in a real browser: bundled and foreign generators, what is kept, compared and taken away."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from gan_core.cli import main
from tests.browser.explore_words import STEPS, alike, frames, pixels, quiet, settle
from tests.browser.helpers import PATIENCE, button, wait_for

FOREIGN = Path(__file__).parents[1] / "data" / "foreign"


def part(page, name: str, value: str) -> str:
    """A `data-` value of one part of the page."""
    return page.locator(f".{name}").first.get_attribute(f"data-{value}") or ""


# Keras 3.15 reads its variables in the way NumPy 2 has deprecated, while it writes a .keras file.
@pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)
def test_a_file_of_somebody_else_is_opened_or_refused(trained, server, open_tab, tmp_path):
    out = tmp_path / "mine.keras"
    place = ["--out", str(out), "--runs-dir", str(trained.path.parent)]
    assert main(["export", trained.id, "--format", "keras", *place]) == 0
    page = open_tab()
    page.goto(f"{server.url}/explore")
    button(page, "Open a file").click()
    hostile = {"name": "evil.keras", "mimeType": "application/zip", "buffer": b"PK\3\4evil"}
    page.locator("input[type=file]").first.set_input_files(hostile)
    button(page, "Check and open").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("no .keras file", timeout=PATIENCE)
    page.locator("input[type=file]").first.set_input_files(out)
    wait_for(page, lambda: page.get_by_text("mine.keras").count(), "the file's name")
    expect(page.get_by_test_id("stAlert")).to_have_count(0)  # the page run that the upload began
    button(page, "Check and open").click()
    wait_for(page, lambda: "run=opened-" in page.url, "the opened generator")
    wait_for(page, lambda: part(page, "image", "step") == "0", "its image, not the one before", 150)
    assert frames(page) > 0


def choose(page, files) -> None:
    button(page, "Open a file").click()
    page.locator("input[type=file]").first.set_input_files(files)
    wait_for(page, lambda: page.get_by_text(files[0].name).count(), "the file's name")
    button(page, "Check and open").click()


def test_what_a_file_does_not_say_is_asked(server, open_tab, tmp_path):
    """model.json with its weights opens at once; a single input may hold a class: z of 4 numbers."""
    page = open_tab()
    page.goto(f"{server.url}/explore")
    choose(page, [FOREIGN / "tfjs-4.22.0" / name for name in ("acgan.json", "acgan.weights.bin")])
    wait_for(page, lambda: "run=opened-" in page.url, "the generator of TensorFlow.js")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    first = page.url.split("run=")[1].split("&")[0]
    with zipfile.ZipFile(FOREIGN / "keras-2.13.1.zip") as archive:
        archive.extract("flat.keras", tmp_path)
    choose(page, [tmp_path / "flat.keras"])
    asked = page.get_by_test_id("stPopoverBody")
    expect(asked).to_contain_text("4 numbers go in. Are the last of them a class", timeout=PATIENCE)
    expect(asked).to_contain_text("64 numbers come out: shown as 8 x 8.")
    asked.get_by_text("Yes, this many:").click()
    asked.get_by_role("spinbutton").fill("2")
    asked.get_by_role("spinbutton").press("Enter")
    asked.get_by_role("button", name="Open", exact=True).click()
    wait_for(page, lambda: "run=opened-" in page.url and first not in page.url, "the other one")
    expect(page.locator(".st-key-card")).to_contain_text("The last 2 numbers of its input are the")
    expect(page.get_by_role("radio", name="1", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("radio", name="2", exact=True)).to_have_count(0)


def test_a_bundled_generator_answers_without_any_run(server, open_tab):
    page, refused = open_tab(), []
    page.on(
        "response", lambda a: refused.append(a.url) if a.status >= 400 and "/api/" in a.url else 0
    )
    page.goto(f"{server.url}/explore")
    wait_for(page, lambda: frames(page) > 0, "first image", 150)
    settle(page)
    expect(page.get_by_text("No run of your own yet")).to_be_visible()
    expect(page.locator(".source .age")).to_be_hidden()  # a file's date is no age of weights
    select, tools = (
        page.locator(f".source {part}").bounding_box() for part in ("select", ".tools")
    )
    assert tools["y"] < select["y"] + select["height"]  # one row, also with the facts between
    expect(page.locator(".neighbours .tiles li").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".opinion")).to_contain_text("Discriminator of step", timeout=PATIENCE)
    assert not refused, refused
    before = pixels(page)
    assert max(before[::4]) > 200
    page.get_by_role("radio", name="7", exact=True).click()
    wait_for(page, lambda: pixels(page) != before, "another class")
    assert not (server.folder / "data").exists() or not any((server.folder / "data").glob("*.npz"))


def test_views_and_directions_are_kept_with_the_run(explore, run):
    page = explore("&seed=3&class=4")
    settle(page)
    before = pixels(page)
    page.locator("summary", has_text="Favourites").click()
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
    page.locator("summary", has_text="Favourites").click()
    page.get_by_role("button", name="Go to favourite 1").click()
    wait_for(page, lambda: alike(pixels(page), before), "the kept image")
    button(page, "Remove slant").click()
    wait_for(page, lambda: part(page, "directions", "saved") == "0", "no direction left")


def test_all_is_taken_away_z_is_pasted_and_raw_weights_are_wiped(explore):
    page = explore("&seed=3&class=4")
    settle(page)
    everything_can_be_taken_away(page)
    z_is_pasted_as_numbers_and_locks_hold(page)
    quiet(page)
    averaged = pixels(page)
    button(page, "Raw").click()
    wait_for(page, lambda: pixels(page) != averaged, "raw weights")
    wait_for(page, lambda: "raw=1" in page.url, "raw in the link")
    raw = pixels(page)
    button(page, "EMA").click()
    wait_for(page, lambda: alike(pixels(page), averaged), "averaged weights")
    button(page, "A/B wipe").click()
    page.get_by_label("Step A").select_option(str(STEPS))
    page.get_by_label("Weights B").select_option("1")
    line = page.get_by_label("Line between A and B")
    line.fill("1")
    wait_for(page, lambda: alike(pixels(page, ".wipe canvas"), averaged), "all of A")
    line.fill("0")
    wait_for(page, lambda: alike(pixels(page, ".wipe canvas"), raw), "all of B")
    for key, share in (("End", "1"), ("Shift+ArrowLeft", "0.9"), ("ArrowRight", "0.91")):
        line.press(key)
        expect(line).to_have_value(share)
    place = page.locator(".wiped").bounding_box()
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(line).to_have_value("0.5")
    page.get_by_label("Generator A").select_option("bundled-digits")
    expect(page.locator(".wipe")).to_contain_text("float32 numbers", timeout=PATIENCE)


def everything_can_be_taken_away(page):
    names = ("Image, PNG", "Seven z in these classes, PNG", "z, JSON", "z and image, NPZ")
    kinds = {}
    for name in names:
        page.locator(".source summary", has_text="Download").click()
        with page.expect_download() as found:
            button(page, name).click()
        kinds[name] = found.value.path().read_bytes()
    assert kinds["Image, PNG"][:4] == kinds["Seven z in these classes, PNG"][:4] == b"\x89PNG"
    z = np.load(io.BytesIO(kinds["z and image, NPZ"]))["z"]
    np.testing.assert_allclose(json.loads(kinds["z, JSON"])["z"], z, rtol=1e-6)
    for format, start in (("GIF", b"GIF89a"), ("MP4", b"\0\0\0")):
        with page.expect_download() as found:
            page.locator(".time").get_by_role("button", name=format).click()
        assert found.value.path().read_bytes().startswith(start)


def z_is_pasted_as_numbers_and_locks_hold(page):
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

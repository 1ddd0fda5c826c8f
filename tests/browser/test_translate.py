"""The Translate page in a real browser, over a small run of pairs and one of two sides."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from tests.browser.explore_words import pixels, server_draws
from tests.browser.helpers import PATIENCE, at_rest, button, wait_for

STEPS = 4
KINDS = {
    "pairs": ("fast_pix2pix", "edges_to_digits"),
    "sides": ("fast_cyclegan", "digits_and_paper"),
}
INPUT, OUTPUT = ".draw canvas.drawing", ".output .well canvas"


@pytest.fixture(scope="module")
def translators(tmp_path_factory, trained_small):
    """Kind of data -> a small run that was really trained."""
    folder = tmp_path_factory.mktemp("translators")
    small = ["--steps", str(STEPS), "--batch-size", "4", "--width", "4", "--checkpoint-every", "2"]
    for recipe, dataset in KINDS.values():
        named = ["--recipe", recipe, "--dataset", dataset]
        trained_small("--runs-dir", folder, *named, *small)
    store = RunStore(folder)
    return dict(zip(KINDS, (store.get(name) for name in sorted(store.ids())), strict=True))


@pytest.fixture
def translate(translators, copied, server, open_tab):
    """translate(kind, query): (the page of a copy of that run with its first output drawn, the run)."""

    def open_(kind, query="", **options):
        run, page = copied(translators[kind]), open_tab(**options)
        page.goto(f"{server.url}/translate?run={run.id}{query}")
        drawn(page)
        return page, run

    return open_


def answers(page) -> int:
    """Outputs that the page has drawn."""
    found = page.locator(".output[data-answers]")
    return int(found.get_attribute("data-answers")) if found.count() else 0


def drawn(page, beyond=0) -> None:
    """Until an output after the first `beyond` is drawn."""
    wait_for(page, lambda: answers(page) > beyond, "an output")


def shown(page, canvas) -> np.ndarray:
    """RGB [pixels, 3] of a canvas."""
    return np.frombuffer(pixels(page, canvas), np.uint8).reshape(-1, 4)[:, :3]


def place(page, x, y):
    """A pixel of the 28 x 28 drawing, in pixels of the page."""
    box = page.locator(INPUT).bounding_box()
    return box["x"] + (x + 0.5) * box["width"] / 28, box["y"] + (y + 0.5) * box["height"] / 28


def test_a_held_out_row_is_kept_and_the_output_follows_the_hand(translate):
    page, run = translate("pairs")
    a_held_out_row_is_taken_and_kept(page, run)
    the_output_follows_the_hand_before_the_stroke_ends(page, run)


def the_output_follows_the_hand_before_the_stroke_ends(page, run):
    button(page, "Clear").click()
    wait_for(page, lambda: not shown(page, INPUT).any(), "an empty paper")
    wait_for(page, lambda: "input=" in page.url, "a link of it")
    before, empty = answers(page), shown(page, OUTPUT)
    page.mouse.move(*place(page, 6, 6))
    page.mouse.down()
    page.mouse.move(*place(page, 20, 8), steps=6)
    drawn(page, before)
    wait_for(page, lambda: (shown(page, OUTPUT) != empty).any(), "another output")
    page.mouse.move(*place(page, 12, 20), steps=6)
    page.mouse.up()
    assert shown(page, INPUT).any()
    wait_for(page, lambda: "input=" in page.url, "a link of the drawing")

    def same():
        """What the library makes of the same pixels."""
        own = shown(page, INPUT)[:, :1].reshape(1, 28, 28, 1)
        made = np.array(Image.fromarray(shown(page, OUTPUT).reshape(28, 28, 3)).convert("L"))
        return np.abs(made.astype(int) - expected(run, own)).max() <= 1

    wait_for(page, same, "the output of this drawing")
    browser_draws(page)
    wait_for(page, same, "the same of the longer drawing")


def browser_draws(page):
    """Another stroke, answered by the network in the browser: nobody else is asked."""
    server_draws(page)
    page.locator(".quiet.drawn-by").click()
    expect(page.locator(".quiet.drawn-by[data-state=here]")).to_be_visible()
    asked, before = [], answers(page)
    page.on("request", lambda request: asked.append(request.url))
    page.mouse.move(*place(page, 4, 24))
    page.mouse.down()
    page.mouse.move(*place(page, 24, 24), steps=4)
    page.mouse.up()
    drawn(page, before)
    wait_for(page, lambda: shown(page, INPUT).reshape(28, 28, 3)[24, 20].any(), "the whole stroke")
    assert not [url for url in asked if "/image?" in url]


def expected(run, own):
    """uint8 [28, 28] that the run's newest weights make of uint8 [1, 28, 28, 1]."""
    from gan_core.tasks.translation import open_translator

    if run.id not in MADE:
        MADE[run.id] = open_translator(run, run.path)
    made = MADE[run.id].images(own)[0, ..., 0]
    return np.rint((made + 1) * 127.5).astype(int)


MADE = {}


def test_directions_changed_fast_end_at_the_last_one(translate):
    page, _ = translate("sides")
    there, back = button(page, "digits → paper"), button(page, "paper → digits")
    for _ in range(3):
        back.click()
        there.click()
    back.click()
    expect(back).to_have_attribute("aria-pressed", "true")
    wait_for(page, lambda: "towards=a" in page.url and "held=0" in page.url, "its link")
    # Paper is light, digits are dark: the input is one of this direction.
    wait_for(page, lambda: np.median(shown(page, INPUT)) > 150, "a sheet of paper")
    expect(page.locator(".source .said")).to_be_hidden()
    page.get_by_role("switch", name="There and back").click()
    expect(page.locator(".output .back")).to_be_visible()
    button(page, "Use the output as input").click()
    expect(there).to_have_attribute("aria-pressed", "true")


def test_the_wipe_is_moved_by_the_keyboard_and_a_picture_is_loaded(translate):
    page, _ = translate("pairs")
    the_wipe_is_moved_by_the_keyboard(page)
    a_picture_is_loaded_and_what_is_none_is_said(page)


def the_wipe_is_moved_by_the_keyboard(page):
    button(page, "Wipe").click()
    line = page.get_by_role("slider", name="Line between input and output")
    line.focus()
    line.press("End")
    expect(line).to_have_attribute("aria-valuenow", "100")
    canvas = ".output .wiped canvas"
    wait_for(page, lambda: (shown(page, canvas) == shown(page, INPUT)).all(), "the input alone")
    line.press("Home")
    line.press("Shift+ArrowRight")
    line.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "11")
    # Two checkpoints of the same input behind another one: A is step 0, B the newest.
    button(page, "Result").click()
    newest = shown(page, OUTPUT)
    button(page, "A/B wipe").click()
    page.get_by_label("Step A", exact=True).select_option("0")
    line = page.get_by_role("slider", name="Line between A and B")
    line.focus()
    line.press("Home")
    canvas = ".time .wiped canvas"
    wait_for(page, lambda: (shown(page, canvas) == newest).all(), "all of B")
    line.press("End")
    page.get_by_label("Checkpoint", exact=True).select_option("0")
    expect(page.locator(".output[data-step='0']")).to_be_attached()
    first = shown(page, OUTPUT)
    assert (first != newest).any()
    wait_for(page, lambda: (shown(page, canvas) == first).all(), "all of A")


def test_new_weights_are_followed_until_a_step_is_chosen(translate):
    page, run = translate("pairs")
    arrays, _ = checkpoints.load_weights(run.path, STEPS)
    meta = {"step": STEPS + 1, "images_seen": 1}
    checkpoints.save_weights(run.path, STEPS + 1, arrays, meta)
    expect(page.locator(f".output[data-step='{STEPS + 1}']")).to_be_attached()
    page.get_by_label("Checkpoint", exact=True).select_option("0")
    expect(page.locator(".output[data-step='0']")).to_be_attached()
    expect(page.get_by_role("switch", name="Follow newest")).not_to_be_checked()
    checkpoints.save_weights(run.path, STEPS + 2, arrays, meta)
    newest = page.get_by_label("Checkpoint", exact=True).locator("option").first
    expect(newest).to_have_attribute("value", str(STEPS + 2))
    expect(page.locator(".output[data-step='0']")).to_be_attached()
    page.get_by_role("switch", name="Follow newest").click()
    expect(page.locator(f".output[data-step='{STEPS + 2}']")).to_be_attached()


def test_a_link_brings_the_drawing_back(translate, open_tab):
    page, _ = translate("pairs")
    page.get_by_label("Checkpoint", exact=True).select_option("2")
    button(page, "Clear").click()
    canvas = page.locator(INPUT)
    canvas.focus()
    for key in ("Space", "ArrowRight", "Shift+ArrowDown", "Space"):
        canvas.press(key)
    wait_for(page, lambda: "input=" in page.url and "step=2" in page.url, "a link of the drawing")
    own = shown(page, INPUT)
    assert 0 < (own > 0).any(axis=1).sum() < 100
    wait_for(page, lambda: linked(page) == own[:, 0].tolist(), "the last stroke in the link")
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    button(page, "Link").click()
    other = open_tab()
    other.goto(page.url)
    drawn(other)
    wait_for(other, lambda: (shown(other, INPUT) == own).all(), "the same drawing")
    expect(other.locator(".output[data-step='2']")).to_be_attached()
    expect(other.get_by_text("Nobody knows what should have come out")).to_be_visible()
    at_rest(other)
    assert linked(other) == own[:, 0].tolist()
    assert wrong == []  # of the press on Link, which also writes the address
    other.goto(page.url.split("&input=")[0] + "&input=AAAA")
    expect(other.get_by_role("alert")).to_contain_text("does not fit this translator")
    drawn(other)
    expect(other.get_by_role("alert")).to_contain_text("does not fit this translator")
    other.goto(page.url.split("&input=")[0] + "&towards=a")
    expect(other.get_by_role("alert")).to_contain_text("does not go towards a")


def linked(page) -> list[int]:
    """The input in the address of a page."""
    import base64
    from urllib.parse import parse_qs, urlsplit

    text = parse_qs(urlsplit(page.url).query).get("input", [""])[0]
    return list(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def a_picture_is_loaded_and_what_is_none_is_said(page):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "PNG")
    files = page.locator(".draw input[type=file]")
    files.set_input_files({"name": "white.png", "mimeType": "image/png", "buffer": out.getvalue()})
    wait_for(page, lambda: (shown(page, INPUT) == 255).all(), "the picture")
    expect(page.get_by_text("The middle of 60 × 40 was made 28 × 28.")).to_be_visible()
    before = answers(page)
    button(page, "Own size").click()
    expect(page.get_by_text("60 × 40 goes through as 60 × 40.")).to_be_visible()
    drawn(page, before)
    wait_for(page, lambda: len(shown(page, OUTPUT)) == 60 * 40, "an output of its size")
    files.set_input_files({"name": "no.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_role("alert")).to_contain_text("no picture that can be read here")
    button(page, "Next held-out picture").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    wait_for(page, lambda: len(shown(page, OUTPUT)) == 28 * 28, "a usual output")


def a_held_out_row_is_taken_and_kept(page, run):
    row = page.locator(".held_out .row").nth(1)
    expect(row).to_be_visible(timeout=PATIENCE)
    number = int(row.get_attribute("aria-label").split("picture ")[1].split(" ")[0])
    row.click()
    expect(button(page, f"Held-out {number} of 500")).to_be_visible()
    wait_for(page, lambda: f"held={number - 1}" in page.url, "its link")
    taken = shown(page, INPUT)
    expect(page.get_by_text("of the held-out pictures.")).to_be_visible()
    button(page, "Keep").click()
    expect(page.locator(".output[data-kept='1']")).to_be_attached()
    assert run.notes().favourites[0]["held"] == number - 1
    button(page, "Clear").click()
    wait_for(page, lambda: not shown(page, INPUT).any(), "an empty paper")
    page.get_by_role("button", name=f"Take kept input 1: held-out {number}").click()
    wait_for(page, lambda: (shown(page, INPUT) == taken).all(), "the kept picture")
    button(page, "Remove kept input 1").click()
    expect(page.locator(".output[data-kept='0']")).to_be_attached()

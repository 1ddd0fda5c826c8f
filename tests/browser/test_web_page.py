"""A web page that left the house: opened from a file, drawn on, compared with Keras, damaged."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from gan_core.cli import main
from tests.browser.helpers import wait_for

GREY = 1.01  # levels: float16 weights, and another order of the sums

PIXELS = "c => { const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return [...p]; }"
DRAWN = "new Promise(go => requestAnimationFrame(() => requestAnimationFrame(() => go(true))))"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    where = ["--runs-dir", str(folder / "runs"), "--data-dir", str(folder / "data")]
    for name in ("bundled-digits", "translator-digits_and_paper"):
        main(["export", name, "--format", "web", "--out", str(folder / f"{name}.html"), *where])
    return folder


def opened(open_tab, path, **options):
    page = open_tab(**options)
    page.goto(path.as_uri())
    page.wait_for_selector("[data-ready]")
    return page


def shown(page, which):
    """uint8 [h, w, 3] of a canvas."""
    canvas = page.locator("canvas").nth(which)
    size = canvas.evaluate("c => [c.height, c.width]")
    return np.array(canvas.evaluate(PIXELS), np.uint8).reshape(*size, 4)[..., :3]


def levels(images):
    return np.rint((np.asarray(images, np.float64) + 1) * 127.5)


def test_a_generator_draws_as_keras_does(open_tab, pages):
    from gan_core.explore import unowned

    page = opened(open_tab, pages / "bundled-digits.html", viewport={"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("radio", name="7").click()
    for label, value in (("Truncation", "0.8"), ("Strongest directions 1", "1.5")):
        page.get_by_label(label, exact=True).fill(value)
    wait_for(
        page, lambda: page.evaluate("page.truncation === 0.8 && page.moves[0] === 1.5"), "moved"
    )
    given = page.evaluate("[[...page.moved(page.z)], [...page.classes]]")
    page.wait_for_function(
        "new Promise(go => requestAnimationFrame(() => requestAnimationFrame(() => go(true))))"
    )
    made = unowned.open_network("bundled-digits", pages / "runs", pages / "data")
    expected = levels(made.images(*(np.float32([row]) for row in given)))[0]
    assert np.abs(shown(page, 0)[..., :1] - expected).max() <= GREY
    page.get_by_role("button", name="GIF").click()
    with page.expect_download() as film:
        pass
    with Image.open(film.value.path()) as picture:
        assert picture.format == "GIF" and picture.n_frames == 48


def test_a_translator_answers_the_pencil_both_ways(open_tab, pages):
    from gan_core.explore import unowned

    page = opened(open_tab, pages / "translator-digits_and_paper.html")
    made = unowned.open_network("translator-digits_and_paper", pages / "runs", pages / "data")
    for number, way in enumerate(("b", "a")):
        page.get_by_role("radio", name=f"{'ab'[number]} to {way}").click()
        before = shown(page, 0)
        box = page.locator("canvas").first.bounding_box()
        page.mouse.move(box["x"] + 60, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 90, steps=4)
        page.mouse.up()
        page.wait_for_function(
            "new Promise(go => requestAnimationFrame(() => requestAnimationFrame(() => go(true))))"
        )
        drawn = shown(page, 0)
        assert (drawn != before).any()
        expected = levels(made.images(drawn[None], way))[0]
        assert np.abs(shown(page, 1) - expected).max() <= GREY
    picture = io.BytesIO()
    Image.new("RGB", (50, 80), (250, 240, 200)).save(picture, "PNG")
    page.locator("input[type=file]").set_input_files(
        {"name": "plain.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    first = "Math.round((page.image.data[0] + 1) * 127.5)"
    wait_for(page, lambda: page.evaluate(first) == 250, "the loaded picture")
    page.get_by_role("combobox").select_option("ko")
    page.get_by_text("방향").first.wait_for()


def test_a_damaged_file_says_so(open_tab, pages):
    text = (pages / "bundled-digits.html").read_text(encoding="utf-8")
    start = text.index('data-sha256="') + 100
    weights = text[start : start + 400]
    broken = base64.b64encode(bytes(300)).decode()
    (pages / "broken.html").write_text(text.replace(weights, broken, 1), encoding="utf-8")
    page = opened(open_tab, pages / "broken.html")
    assert "damaged" in page.get_by_role("alert").inner_text()

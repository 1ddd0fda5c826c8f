"""A web page that left the house: opened from a file, drawn on, compared with Keras, damaged."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from gan_core import recipes
from gan_core.cli import main
from gan_core.export import models
from gan_core.export.web import write
from gan_core.networks import style_numpy
from gan_core.tasks.synthesis import TrainedGenerator
from gan_core.tasks.translator import Translator
from tests.browser.helpers import wait_for
from tests.unit.test_web_network import RECIPES, shown_network

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


# A network that is built in the same way as one of these needs no page of its own.
SAME = ("hinge_sn", "lsgan", "wgan_gp", "fastcut")
INT8, LEVELS = 4, 255  # levels that eight bits may cost; of a picture's range
DRAW = """given => {
  const page = window.page;
  if (given.image) page.image.data.set(given.image);
  else {
    page.z = Float32Array.from(given.z);
    given.classes?.forEach((v, k) => { page.amounts[k] = v; });
  }
  page.show();
}"""


def trained(recipe, folder):
    """What a recipe trains, with weights that make vivid pictures: a TrainedGenerator or a Translator."""
    model = shown_network(recipe, folder, stock=False)
    if len(model.inputs[0].shape) == 4:
        way = "target" if recipes.get(recipe).needs == "pairs" else "b"
        shapes = (tuple(m.shape[1:]) for m in (model.inputs[0], model.outputs[0]))
        return Translator({way: model}, "00001-x", 5, way, *[sized(s) for s in shapes])
    count = model.inputs[1].shape[1] if len(model.inputs) > 1 else 0
    size, prior = model.inputs[0].shape[1], recipes.get(recipe).prior
    return TrainedGenerator(model, "00001-x", 5, size, count, prior, tuple(map(str, range(count))))


def sized(shape):
    return tuple(28 if n is None else n for n in shape)


def given_to(made, rng):
    """(what the page is given, what Keras makes of it [h, w, c])."""
    if isinstance(made, Translator):
        shape = made.input_shape()
        drawn = rng.integers(0, 256, (1, *shape), np.uint8)
        return {"image": (drawn / 127.5 - 1).ravel().tolist()}, made.images(drawn)[0]
    z = rng.uniform(-1, 1, (1, made.latent_dim)).astype(np.float32)
    rows = np.eye(made.num_classes, dtype=np.float32)[:1] if made.num_classes else None
    given = {"z": z[0].tolist()} | ({"classes": rows[0].tolist()} if rows is not None else {})
    return given, made.images(z, rows)[0]


@pytest.mark.thorough
def test_every_recipe_draws_as_keras_does_in_either_precision(open_tab, tmp_path, monkeypatch):
    """One page for each: float16 within a level, and the largest generator also in int8 within four."""
    page, rng = open_tab(), np.random.default_rng(3)
    names = [name for name in RECIPES if name not in SAME]
    for name, most in [*((n, GREY) for n in names), ("acgan", INT8)]:
        monkeypatch.setattr(write, "MOST", 0 if most == INT8 else 3_000_000)
        made = trained(name, tmp_path)
        models.export(made, "web", tmp_path / "page.html")
        page.goto((tmp_path / "page.html").as_uri())
        page.wait_for_selector("[data-ready=yes]")
        page.evaluate(DRAWN)  # its own first picture
        given, keras_made = given_to(made, rng)
        page.evaluate(DRAW, given)
        own = shown(page, 1 if "image" in given else 0)[..., : keras_made.shape[2]]
        expected = np.clip(levels(keras_made), 0, LEVELS)
        assert np.ptp(expected) > 20, name
        assert np.abs(own - expected).max() <= most, name


@pytest.mark.thorough
def test_the_style_page_paints_as_numpy_does(open_tab, tmp_path):
    from gan_core.export.web import style

    (tmp_path / "style.html").write_bytes(style.style_page())
    page = open_tab(viewport={"width": 360, "height": 800})
    page.goto((tmp_path / "style.html").as_uri())
    page.locator("[data-painted='1']").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Longer side").select_option("128")
    page.locator("[data-painted='2']").wait_for()
    page.get_by_label("Load a style").set_input_files(style.FOLDER / "styles" / "marble.jpg")
    page.locator("[data-painted='3']").wait_for()
    square, shape, content = page.evaluate(
        "[[...page.square.data], page.image.shape, [...page.image.data]]"
    )
    vector = style_numpy.predict(np.array(square, np.float32).reshape(256, 256, 3))
    made = style_numpy.transform(np.array(content, np.float32).reshape(shape), vector)
    assert np.abs(shown(page, 1) - np.rint(255 * made)).max() <= INT8
    page.get_by_role("combobox").first.select_option("ko")
    page.get_by_text("화풍으로").wait_for()


def test_a_damaged_file_says_so(open_tab, pages):
    text = (pages / "bundled-digits.html").read_text(encoding="utf-8")
    start = text.index('data-sha256="') + 100
    weights = text[start : start + 400]
    broken = base64.b64encode(bytes(300)).decode()
    (pages / "broken.html").write_text(text.replace(weights, broken, 1), encoding="utf-8")
    page = opened(open_tab, pages / "broken.html")
    assert "damaged" in page.get_by_role("alert").inner_text()

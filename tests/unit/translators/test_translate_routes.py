"""The routes of the Translate page over real, small runs: one of pairs and one of two sides."""

import base64
import io
import json
import struct
import warnings

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from gan_core import data
from gan_core.archive import contents
from gan_core.lab import Lab
from gan_core.runs.store import State
from gan_core.tasks.palette import palette_of
from gan_core.web import guard
from gan_core.web.translate_routes import fit, make_translate_routes

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

KINDS = {"u1": "u1", "f4": "<f4", "f8": "<f8"}
BYTES = {"content-type": "application/octet-stream"}
NOISE = base64.urlsafe_b64encode(np.random.default_rng(0).bytes(8100)).decode()
SMALL = {"width": 4, "batch_size": 4, "num_steps": 2, "checkpoint_every": 1, "seed": 3}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return Lab(tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def runs(lab):
    """By kind of data, "pairs" and "sides", the id of a run that was trained for two steps."""
    named = {
        "pairs": ("fast_pix2pix", "edges_to_digits"),
        "sides": ("fast_cyclegan", "digits_and_paper"),
    }
    made = {}
    for kind, names in named.items():
        run = lab.create(lab.make_config(*names, **SMALL), who="test")
        assert lab.make_job(run.id, who="test").run() == State.FINISHED
        made[kind] = run.id
    return made


@pytest.fixture(scope="module")
def client(lab):
    app = Starlette(routes=make_translate_routes(lambda: lab), middleware=guard.middleware())
    with TestClient(app, base_url="http://localhost:8501") as found:
        yield found


def unpacked(answer):
    """(header, arrays) of an answer, read by the words of gan_core/web/packed.py alone."""
    assert answer.status_code == 200, answer.text
    (length,) = struct.unpack("<I", answer.content[:4])
    header, at, arrays = json.loads(answer.content[4 : 4 + length]), 4 + length, []
    for _, kind, shape in header["parts"]:
        count = int(np.prod(shape))
        arrays.append(np.frombuffer(answer.content, KINDS[kind], count, at).reshape(shape))
        at += -(-arrays[-1].nbytes // 8) * 8
    return header, arrays


def address(run, route, **params):
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return f"/api/translate/{run}/{route}?{query}"


def post(client, run, route, pixels, **params):
    return client.post(address(run, route, **params), content=pixels.tobytes(), headers=BYTES)


def test_facts_tell_steps_and_ways(client, runs):
    pairs = client.get(address(runs["pairs"], "facts")).json()
    assert pairs["steps"] == [0, 1, 2] and pairs["newest"] == 2 and pairs["kind"] == "pairs"
    (way,) = pairs["ways"]
    assert (way["towards"], way["from"], way["to"]) == ("target", "edges", "digits")
    assert way["input_shape"] == [28, 28, 1] == way["output_shape"]
    sides = client.get(address(runs["sides"], "facts")).json()
    assert [(w["towards"], w["from"], w["to"]) for w in sides["ways"]] == [
        ("b", "digits", "paper"),
        ("a", "paper", "digits"),
    ]


def test_an_image_becomes_what_the_library_makes_of_it(client, lab, runs):
    rows = lab.held_out(runs["pairs"], 3)
    _, (pixels, truth) = unpacked(client.get(address(runs["pairs"], "held_out", index=1)))
    assert (pixels == rows["input"][1]).all() and (truth == rows["target"][1]).all()
    header, (made,) = unpacked(post(client, runs["pairs"], "image", pixels))
    own = lab.open_translator(runs["pairs"]).images(pixels[None])[0]
    assert np.abs(made.astype(float) - (own + 1) * 127.5).max() <= 0.51  # rounded to whole levels
    assert header["step"] == 2
    assert header["epoch"] == pytest.approx(
        2 * 4 / data.spec("edges_to_digits", lab.data_dir).num_train
    )


def test_there_and_back_is_both_networks_in_turn(client, runs):
    _, (pixels, _) = unpacked(client.get(address(runs["sides"], "held_out", index=0, towards="a")))
    _, (made, back) = unpacked(post(client, runs["sides"], "image", pixels, towards="a", back=1))
    _, (again,) = unpacked(post(client, runs["sides"], "image", made, towards="b"))
    assert (back == again).all() and (made != pixels).any()


def test_an_image_of_another_size_goes_through_whole(client, runs):
    pixels = np.random.default_rng(0).integers(0, 256, (50, 37, 1), np.uint8)
    _, (made,) = unpacked(post(client, runs["pairs"], "image", pixels, h=50, w=37))
    assert made.shape == (50, 37, 1)


def test_the_same_input_at_every_step(client, runs):
    pixels = np.zeros((28, 28, 1), np.uint8)
    header, (made,) = unpacked(post(client, runs["pairs"], "timeline", pixels, steps="0,2"))
    assert header["steps"] == [0, 2] and made.shape == (2, 28, 28, 1)
    _, (last,) = unpacked(post(client, runs["pairs"], "image", pixels, step=2))
    assert (made[1] == last).all() and (made[0] != made[1]).any()
    film = post(client, runs["pairs"], "clip", pixels, steps="0,1,2")
    with Image.open(io.BytesIO(film.content)) as shown:
        assert shown.format == "GIF" and shown.n_frames == 3


def test_d_says_of_every_patch_what_it_thinks(client, runs):
    pixels, made = (np.full((28, 28, 1), v, np.uint8) for v in (0, 90))
    both = np.concatenate([pixels, made])
    header, (said,) = unpacked(post(client, runs["pairs"], "patches", both))
    assert header["probability"] and said.ndim == 2 and said.size > 1
    assert (said > 0).all() and (said < 1).all()


def test_rows_come_the_worst_first(client, runs):
    header, (inputs, made, truths) = unpacked(
        client.get(address(runs["pairs"], "ranked", count=5, order="worst"))
    )
    apart = np.abs(made.astype(float) - truths).mean(axis=(1, 2, 3)) / 127.5
    assert np.allclose(header["l1"], apart, atol=1e-6)
    assert header["l1"] == sorted(header["l1"], reverse=True) == sorted(header["all"])[:-6:-1]
    assert (header["step"], header["towards"]) == (2, "target")
    best, _ = unpacked(client.get(address(runs["pairs"], "ranked", count=5, order="best")))
    assert max(best["l1"]) <= min(header["l1"])
    _, (pixels, _) = unpacked(
        client.get(address(runs["pairs"], "held_out", index=header["indices"][0]))
    )
    assert (pixels == inputs[0]).all()


def test_the_palette_has_the_colours_of_the_data(client, runs):
    _, (edges,) = unpacked(client.get(address(runs["pairs"], "palette")))
    assert sorted(edges[:, 0].tolist()) == [0, 255]  # line drawings have no others
    _, (paper,) = unpacked(client.get(address(runs["sides"], "palette", towards="a")))
    assert paper.shape[1] == 3 and 4 <= len(paper) <= 14
    greys = palette_of(np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1))
    for colours in (paper, greys):  # no two that look the same
        gaps = np.abs(colours[:, None].astype(int) - colours[None]).max(axis=2)
        assert len(colours) >= 4 and gaps[~np.eye(len(colours), dtype=bool)].min() >= 24


def test_a_picture_is_cut_to_the_trained_proportions(client, runs):
    wide = np.zeros((40, 100, 3), np.uint8)
    wide[:, 30:70] = 255  # the middle square
    out = io.BytesIO()
    Image.fromarray(wide).save(out, "PNG")
    answer = client.post(address(runs["pairs"], "picture"), content=out.getvalue(), headers=BYTES)
    header, (pixels,) = unpacked(answer)
    assert header["was"] == [100, 40] and pixels.shape == (28, 28, 1) and (pixels == 255).all()
    assert fit(wide, None).shape == (40, 100, 3)
    assert fit(np.zeros((100, 3000, 3), np.uint8), None).shape == (34, 1024, 3)


def change(client, run, **changes):
    return client.post(address(run, "notes"), json=changes)


def test_an_input_is_kept_with_the_run_and_comes_back_as_it_was(client, lab, runs):
    pixels = np.random.default_rng(1).integers(0, 256, (28, 28, 3), np.uint8)
    text = base64.urlsafe_b64encode(pixels.tobytes()).decode().rstrip("=")
    item = {"towards": "a", "step": 1, "pixels": text, "h": 28, "w": 28}
    (kept,) = change(client, runs["sides"], add=item).json()["inputs"]
    png = base64.urlsafe_b64decode(kept["png"] + "=" * (-len(kept["png"]) % 4))
    with Image.open(io.BytesIO(png)) as picture:
        assert (np.asarray(picture) == pixels).all()
    assert (kept["towards"], kept["step"], kept["held"]) == ("a", 1, None)
    both = change(client, runs["sides"], add={"towards": "b", "step": 2, "held": 7}).json()[
        "inputs"
    ]
    assert both[1]["held"] == 7 and "png" not in both[1]
    assert client.get(address(runs["sides"], "notes")).json()["inputs"] == both
    contents.check(lab.store.get(runs["sides"]))  # what an archive of it would have to pass
    assert change(client, runs["sides"], remove=0).json()["inputs"] == both[1:]
    change(client, runs["sides"], remove=0)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ([], "must be an object"),
        ({"towards": "moon", "held": 1}, "`towards` must be one of target, b, a"),
        ({"towards": "target"}, "`pixels` must be h x w"),
        ({"towards": "target", "pixels": "AAAA", "h": 2, "w": 2}, "`pixels` must be h x w"),
        ({"towards": "target", "pixels": 5, "h": 1, "w": 1}, "`pixels` must be h x w"),
        ({"towards": "target", "held": -1}, "`held` must be a whole number"),
        ({"towards": "target", "pixels": NOISE, "h": 90, "w": 90}, "too large to be kept"),
    ],
)
def test_what_cannot_be_kept_is_said_in_words(client, runs, item, words):
    answer = change(client, runs["pairs"], add=item)
    assert answer.status_code == 400 and words in answer.json()["error"]
    assert client.get(address(runs["pairs"], "notes")).json() == {"inputs": []}


@pytest.mark.parametrize(
    ("route", "body", "params", "status", "words"),
    [
        ("image", b"abc", {}, 400, "784 bytes"),
        ("image", bytes(784), {"towards": "moon"}, 400, "moon"),
        ("image", bytes(784), {"towards": "a"}, 400, "target"),
        ("image", bytes(784), {"step": 77}, 404, "no weights at step 77"),
        ("image", bytes(784), {"h": 99999}, 400, "h"),
        ("picture", b"no picture", {}, 400, "no picture that can be read here"),
        ("timeline", bytes(784), {"steps": "a"}, 400, "steps"),
        ("clip", bytes(784), {"steps": "0,1", "format": "exe"}, 400, "format"),
    ],
)
def test_what_does_not_fit_is_said_in_words(client, runs, route, body, params, status, words):
    answer = client.post(address(runs["pairs"], route, **params), content=body, headers=BYTES)
    assert answer.status_code in (status, 400, 404), answer.text
    assert words in answer.json()["error"]


def test_a_run_that_makes_images_from_z_is_sent_elsewhere(client, lab):
    run = lab.store.create(lab.make_config("fast_gan", "mnist_5k").model_dump())
    answer = client.get(address(run.id, "facts"))
    assert answer.status_code in (400, 404)
    assert "does not translate pictures" in answer.json()["error"]

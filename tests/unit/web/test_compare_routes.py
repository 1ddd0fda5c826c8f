"""Facts and strips for comparing: right places, bounded size, refusals in words."""

import io
import json
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from gan_core.storage import files, images
from gan_core.web import guard
from gan_core.web.compare_routes import make_compare_routes
from tests.unit.web.conftest import TestClient

GRID = {"columns": 3, "rows": 2, "tile": [4, 5], "names": ["a", "b", "c"]}


@pytest.fixture
def client(lab):
    app = Starlette(routes=make_compare_routes(lambda: lab), middleware=guard.middleware())
    with TestClient(app, base_url="http://localhost:8501") as found:
        yield found


def add_samples(run, *steps):
    """Grids whose tile k of step s has the grey value 10 k + s."""
    for step in steps:
        tiles = (
            np.full((6, 4, 5, 1), step, np.uint8)
            + 10 * np.arange(6, dtype=np.uint8)[:, None, None, None]
        )
        run.write_sample(step, images.png(images.grid(tiles, 3)))
    files.write_json(run.path / "samples" / "grid.json", GRID)


def strip(client, run, **query):
    answer = client.get(f"/api/compare/{run.id}/strip.png", params=query)
    if answer.status_code != 200:
        return answer.json()["error"]
    return np.asarray(Image.open(io.BytesIO(answer.content)))[..., 0]


def facts(client, run):
    return client.get(f"/api/compare/{run.id}/facts").json()


def test_samples_and_measurements_have_places_on_every_axis(client, run, train):
    train(run, 1, 40)
    add_samples(run, 0, 20, 40)
    for step in (10, 30):
        line = {"step": step, "count": 5, "extractor": "x", "values": {"fd_x": 1.5, "a/0": 2}}
        files.append_jsonl(run.path / "evals.jsonl", line)
    found = facts(client, run)
    assert found["samples"].pop("written") == [
        (run.path / "samples" / f"{step:06d}.png").stat().st_mtime for step in (0, 20, 40)
    ]
    assert found["samples"] == {
        "step": [0, 20, 40],
        "images_seen": [0, 1280, 2560],
        "wall_time": [0, 10, 20],
    }
    assert found["eval_places"]["images_seen"] == [640, 1920]
    assert found["evals"] == [{"values": {"fd_x": 1.5}, "extractor": "x"}] * 2
    assert (found["last"], found["state"], found["grid"]) == (40, "queued", GRID)
    line = {"step": 20, "count": 5, "extractor": "x", "values": {"fd_x": 1.2}}
    files.append_jsonl(run.path / "evals.jsonl", line)  # an earlier step, measured afterwards
    assert facts(client, run)["eval_places"]["step"] == [10, 20, 30]


def test_what_each_metric_means_comes_with_it(client, run, train):
    train(run, 1, 3)
    found = facts(client, run)
    assert list(found["table"]) == found["metrics"] and "g_loss" in found["metrics"]
    meant = found["table"]["g_loss"]
    assert (meant["title"], meant["range"], meant["term"]) == ("Generator loss", None, "loss")


def test_the_distance_is_named_with_how_it_was_taken(client, run, train):
    train(run, 1, 40)
    values = {"precision": 0.5, "fd_judge_2k_error": 0.1, "fd_judge_2k": 1.5}
    line = {"step": 10, "count": 2000, "extractor": "judge:1", "values": values}
    files.append_jsonl(run.path / "evals.jsonl", line)
    assert facts(client, run)["distance"] == {
        "name": "fd_judge_2k",
        "title": "Fréchet distance",
        "term": "frechet",
        "note": "judge features, 2k fakes, lower is closer to the data",
    }


def test_a_run_without_anything_has_facts(client, run):
    found = facts(client, run)
    assert found["distance"] is None and found["table"] == {}
    assert (found["metrics"], found["evals"], found["samples"]["step"]) == ([], [], [])


def test_answers_stay_small_however_much_there_is(client, run, train):
    train(run, 1, 3000)
    png = images.png(np.zeros((2, 2, 1), np.uint8))
    for step in range(0, 3000, 5):
        run.write_sample(step, png)
    lines = [json.dumps({"step": s, "values": {"fd_x": 1.0}}) for s in range(3000)]
    (run.path / "evals.jsonl").write_text("\n".join(lines) + "\n")
    answer = client.get(f"/api/compare/{run.id}/facts")
    assert len(answer.content) < 60_000
    steps = answer.json()["samples"]["step"]
    assert (len(steps) <= 120, steps[0], steps[-1]) == (True, 0, 2995)


def test_strip_shows_one_tile_of_each_step(client, run):
    add_samples(run, 1, 2, 3)
    pixels = strip(client, run, steps="1,3", column=1, row=1)
    assert pixels.shape == (4, 10)
    assert (pixels[:, :5] == 41).all() and (pixels[:, 5:] == 43).all()


def test_a_branch_shows_its_parents_samples_up_to_the_fork(client, lab, run):
    add_samples(run, 1, 2, 9)
    child = lab.store.create(run.config, parent={"run": run.id, "step": 5})
    add_samples(child, 7)
    assert facts(client, child)["samples"]["step"] == [1, 2, 7]
    assert strip(client, child, steps="2,7").shape == (4, 10)
    assert "no sample of step 9" in strip(client, child, steps="9")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"steps": "1,x"}, "`steps` must be whole numbers"),
        ({"steps": ""}, "`steps` must be whole numbers"),
        ({"steps": ",".join(["1"] * 25)}, "at most 24"),
        ({"steps": "1", "column": 3}, "in a grid of 3 by 2"),
        ({"steps": "1", "row": -1}, "`row` must be a number"),
        ({"steps": "77"}, "no sample of step 77"),
    ],
)
def test_refusals_in_words(client, run, query, words):
    add_samples(run, 1)
    assert words in strip(client, run, **query)


def test_a_strip_is_kept_only_under_the_times_of_its_pictures(client, run):
    add_samples(run, 1, 2)
    times = facts(client, run)["samples"]["written"]
    path = f"/api/compare/{run.id}/strip.png"

    def caching(written):
        asked = client.get(path, params={"steps": "1,2", "written": written})
        return asked.headers["cache-control"]

    known = ",".join(map(str, times))
    assert caching(known) == "private, max-age=31536000, immutable"
    for other in ("", known[:-1], str(times[0]), f"{known},{times[0]}", "nan,nan", "x" * 9000):
        assert caching(other) == "private, no-store"
    os.utime(run.path / "samples" / "000002.png", (1, 1))  # another picture of the same step
    assert caching(known) == "private, no-store"


def broken_pictures():
    """Files that are no sample grid of 15 x 8 pixels, by name."""
    whole = images.png(np.full((8, 15, 1), 7, np.uint8))
    noise = np.random.default_rng(0)
    yield "empty", b""
    yield "no picture", b"<svg onload=alert(1)>"
    yield "cut", whole[:45]
    yield "head only", whole[:33]
    yield "too small", images.png(np.zeros((4, 4, 1), np.uint8))
    yield "huge", whole[:16] + struct.pack(">II", 60_000, 60_000) + whole[24:]
    yield "tall", whole[:16] + struct.pack(">II", 1, 50_000_000) + whole[24:]
    yield "text bomb", whole[:33] + _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000)))
    gif = io.BytesIO()
    Image.new("L", (15, 8)).save(gif, "GIF")
    yield "a GIF", gif.getvalue()
    for i in range(40):
        flipped = bytearray(whole)
        flipped[noise.integers(8, len(whole))] ^= 1 << noise.integers(8)
        yield f"flipped {i}", bytes(flipped)


def _chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def test_a_damaged_picture_leaves_an_empty_tile(client, run):
    add_samples(run, 1, 2, 3)
    for name, data in broken_pictures():
        (run.path / "samples" / "000002.png").write_bytes(data)
        pixels = strip(client, run, steps="1,2,3", column=1, row=1)
        assert not isinstance(pixels, str), name
        assert (pixels[:, :5] == 41).all() and (pixels[:, 10:] == 43).all(), name
        if not name.startswith("flipped"):
            assert (pixels[:, 5:10] == 0).all(), name


@pytest.mark.parametrize(
    "layout",
    [
        [],
        "x",
        None,
        {},
        {"columns": "3"},
        GRID | {"tile": [4]},
        GRID | {"tile": "45"},
        GRID | {"tile": [0, 5]},
        GRID | {"columns": True},
        GRID | {"rows": 1e9},
        GRID | {"columns": 16_000, "tile": [4, 4000]},
    ],
)
def test_a_layout_that_is_none_counts_as_absent(client, run, layout):
    add_samples(run, 1)
    files.write_json(run.path / "samples" / "grid.json", layout)
    assert facts(client, run)["grid"] is None
    assert "how to cut" in strip(client, run, steps="1")


def test_without_a_layout_there_is_no_strip(client, run):
    assert "how to cut" in strip(client, run, steps="1")

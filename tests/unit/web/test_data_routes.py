"""The routes of the Data page: sets, and what was dropped and is not kept yet, from files to a set."""

import io
import json
import os
import struct
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import anyio
import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from gan_core.data import Dataset
from gan_core.lab import Lab
from gan_core.storage import access, outputs
from gan_core.web import guard
from gan_core.web.coming import Coming
from gan_core.web.data_routes import make_data_routes
from gan_core.web.waiting_routes import make_waiting_routes
from tests.unit.test_style_routes import unpacked

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BYTES, JSON = "application/octet-stream", {"content-type": "application/json"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    made = Lab(tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("data"))
    yield made
    made.close_desk()


@pytest.fixture(scope="module")
def client(lab):
    routes = [*make_data_routes(lambda: lab), *make_waiting_routes(lambda: lab)]
    with TestClient(
        Starlette(routes=routes, middleware=guard.middleware()), base_url="http://localhost:8501"
    ) as found:
        yield found


def tell(client, route, **body):
    return client.post(f"/api/data/{route}", content=json.dumps(body), headers=JSON)


def portion(files: dict[str, bytes]) -> bytes:
    made = [(name.encode(), data) for name, data in files.items()]
    return b"".join(struct.pack("<IQ", len(n), len(d)) + n + d for n, d in made)


def picture(number: int, size=(40, 50)) -> bytes:
    """PNG that no other number looks like."""
    rng = np.random.default_rng(number)
    coarse = rng.integers(0, 256, (5, 5, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(coarse).resize(size, Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def sent(client, files: dict[str, bytes], title="drop", named=True) -> str:
    """What was dropped waits under the id that is returned."""
    size = sum(map(len, files.values()))
    key = tell(client, "waiting", title=title, named=named, files=len(files), bytes=size).json()[
        "id"
    ]
    address = f"/api/data/waiting/{key}/files"
    assert client.post(address, content=portion(files), headers={"content-type": BYTES}).json() == {
        "files": len(files)
    }
    return tell(client, f"waiting/{key}/read").json()["id"]


def state(client, key, *phases) -> dict:
    """The state once it is in one of the phases."""
    end = time.monotonic() + 120
    while (found := client.get(f"/api/data/waiting/{key}").json())["phase"] not in phases:
        assert time.monotonic() < end and found["phase"] in ("reading", "keeping"), found
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def dropped(client):
    """Two classes of pictures, a copy, one that is too small, one that is none: read."""
    files = {f"{'ab'[i % 2]}/{i}.png": picture(i) for i in range(60)}
    files |= {"a/again.png": picture(0), "b/tiny.png": picture(99, (10, 12)), "notes.txt": b"x"}
    key = sent(client, files, "two kinds")
    (question,) = state(client, key, "asking")["questions"]  # two folders may be two sides
    assert question["likely"] == "two sides"  # their names say so
    tell(client, f"waiting/{key}/answers", answers={question["name"]: "classes"})
    return key


# ---- sets ----


def test_a_card_may_be_kept_as_long_as_its_address_names_these_images(client, lab):
    digest = lab.dataset("mnist_5k").digest
    found = client.get(f"/api/data/sets/mnist_5k/card.png?v={digest}")
    assert found.headers["cache-control"].startswith("private, max-age")
    assert Image.open(io.BytesIO(found.content)).height == 28
    other = client.get("/api/data/sets/mnist_5k/card.png?v=other")
    assert other.headers["cache-control"] == "private, no-store"


def test_what_a_set_looks_like(client):
    header, arrays = unpacked(client.get("/api/data/sets/pixel_faces/looks"))
    assert [g["name"] for g in header["groups"]] == ["plain", "glasses", "hat", "hat and glasses"]
    assert [a.shape for a in arrays] == [(32, 32, 3)] * 5
    assert sum(header["bins"]) == pytest.approx(1)


def test_samples_are_of_the_set_and_others_at_every_turn(client, lab):
    ask = "/api/data/sets/mnist_5k/samples?split=held_out&count=3&turn="
    first, second = (unpacked(client.get(f"{ask}{turn}"))[1] for turn in (0, 1))
    assert [a.shape for a in first] == [(3, 28, 28, 1)] * 10
    assert any((a != b).any() for a, b in zip(first, second, strict=True))
    from gan_core import data

    held_out: Dataset = data.load("mnist_5k", lab.data_dir)
    known = {image.tobytes() for image in held_out.held_out}
    assert all(image.tobytes() in known for row in first for image in row)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("nothing_here/looks", 400),
        ("mnist/looks", 400),
        ("mnist_5k/samples?split=other", 400),
        ("mnist_5k/samples?count=9999", 400),
        ("mnist_5k/file.npz", 400),
        ("..%2Fetc/card.png", 404),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_words(client, address, status):
    found = client.get(f"/api/data/sets/{address}")
    assert found.status_code == status
    assert status == 404 or found.json()["error"]


def test_other_sites_may_ask_for_nothing(client):
    for path in ("/api/data/waiting", "/api/data/sets/mnist_5k/looks"):
        assert client.get(path, headers={"origin": "http://elsewhere.example"}).status_code == 403


# ---- what was dropped ----


def test_the_check_up_tells_what_was_dropped(client, dropped):
    found = state(client, dropped, "ready")["found"]
    assert (found["num_files"], found["num_usable"]) == (62, 61)
    assert [(c["name"], c["count"]) for c in found["classes"]] == [("a", 31), ("b", 30)]
    assert [(s["reason"], s["count"]) for s in found["skipped"]] == [("too small", 1)]
    assert found["passed_over"]["examples"][0][0] == "notes.txt"
    assert found["copies"]["extra"] == 1
    assert found["sizes"]["below"] == {"28": 0, "32": 0, "64": 61, "128": 61}
    assert found["sizes"]["cut"] == pytest.approx(0.2)
    assert found["suggested"]["name"] == "two_kinds"


def test_squares_are_what_the_plan_makes(client, lab, dropped):
    state(client, dropped, "ready")
    ask = f"/api/data/waiting/{dropped}/squares?indices=0,5&size=32&grey=1&side=25&offsets=0,1"
    header, arrays = unpacked(client.get(ask))
    assert [item["index"] for item in header["items"]] == [0, 5]
    assert [a.shape for a in arrays[:4]] == [(25, 20, 3), *[(32, 32, 1)] * 3]
    assert client.get(f"{ask}&ground=red").status_code == 400
    whole = lab.desk.picture(dropped, 5, 32)
    assert not np.array_equal(arrays[5], arrays[6]) and whole.shape == (50, 40, 3)


def test_the_outlook_follows_the_plan(client, dropped):
    suggested = state(client, dropped, "ready")["found"]["suggested"]
    base = tell(client, f"waiting/{dropped}/outlook", **suggested).json()
    assert (base["images"], base["num_classes"], base["problem"]) == (60, 2, "")
    more = suggested | {
        "keep_copies": True,
        "anyway": ["too small"],
        "classes": {"a": "x", "b": "x"},
    }
    told = tell(client, f"waiting/{dropped}/outlook", **more).json()
    assert (told["images"], told["num_classes"]) == (62, 0)
    none = tell(client, f"waiting/{dropped}/outlook", **suggested | {"classes": {"a": "", "b": ""}})
    assert "too few" in none.json()["problem"]
    taken = tell(client, f"waiting/{dropped}/outlook", **suggested | {"name": "mnist_5k"}).json()
    assert "comes with the app" in taken["name_problem"] and not taken["problem"]


@pytest.mark.parametrize(
    "change",
    [{"size": "64"}, {"grey": 1}, {"held_out": None}, {"classes": []}, {"offsets": {"x": 1}}],
)
def test_a_plan_of_other_kinds_is_refused(client, dropped, change):
    suggested = state(client, dropped, "ready")["found"]["suggested"]
    assert tell(client, f"waiting/{dropped}/outlook", **suggested | change).status_code == 400


def test_it_is_kept_as_the_plan_says_and_is_gone_from_the_list(client, lab):
    key = sent(client, {f"{i}.png": picture(i, (64, 48)) for i in range(40)}, "plain ones")
    plan = state(client, key, "ready")["found"]["suggested"]
    plan |= {"size": 32, "held_out": 0.25, "offsets": {"0": 0.0}, "licence": "CC0 1.0"}
    assert tell(client, f"waiting/{key}/keep", **plan).status_code == 200
    assert state(client, key, "kept", "failed", "ready")["kept"] == "plain_ones"
    spec = lab.dataset("plain_ones")
    assert (spec.image_shape, spec.num_train, spec.num_held_out) == ((32, 32, 3), 30, 10)
    assert spec.licence == "CC0 1.0"
    file = client.get("/api/data/sets/plain_ones/file.npz")
    assert np.load(io.BytesIO(file.content))["x_train"].shape == (30, 32, 32, 3)
    again = sent(client, {f"{i}.png": picture(i) for i in range(30)}, "plain ones")
    assert state(client, again, "ready")["found"]["suggested"]["name"] == "plain_ones_2"
    assert tell(client, f"waiting/{again}/discard").status_code == 200
    waiting = client.get("/api/data/waiting").json()["waiting"]
    assert not {key, again} & {each["id"] for each in waiting}


def test_a_removed_set_is_in_the_bin_and_comes_back(client, lab):
    images = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)
    np.savez(lab.data_dir / "mine.npz", x_train=images)
    lab.shelf.remove("mine")
    (found,) = client.get("/api/data/waiting").json()["bin"]
    assert found["name"] == "mine"
    assert tell(client, "sets/mine/restore").status_code == 200
    assert lab.dataset("mine").num_train == 27
    assert not client.get("/api/data/waiting").json()["bin"]


def test_what_cannot_be_read_says_why_and_paths_are_looked_at(client, tmp_path):
    key = sent(client, {"notes.txt": b"words"}, "notes.txt")
    assert "notes.txt" in state(client, key, "failed")["error"]
    missing = tell(client, "waiting", path=str(tmp_path / "nothing"))
    assert missing.status_code == 400 and "does not exist" in missing.json()["error"]
    (tmp_path / "one.png").write_bytes(picture(3))
    named = tell(client, "waiting", path=str(tmp_path)).json()["id"]
    assert "too few" in state(client, named, "ready")["found"]["problem"]
    assert (tmp_path / "one.png").exists()


def test_questions_are_answered_and_shown_before(client):
    out = io.BytesIO()
    np.savez(out, x_train=np.random.default_rng(1).integers(0, 256, (30, 3, 32, 32), np.uint8))
    key = sent(client, {"first.npz": out.getvalue()}, "first.npz")
    (question,) = state(client, key, "asking")["questions"]
    assert "`x_train`" in question["text"] and question["likely"] in question["choices"]
    answers = {question["name"]: question["likely"]}
    ask = {"index": 0, "side": 32, "answers": json.dumps(answers)}
    assert client.get(f"/api/data/waiting/{key}/picture.png", params=ask).status_code == 200
    proof = client.get(f"/api/data/waiting/{key}/proof", params=ask).json()
    assert proof == {"kind": "images", "groups": [{"name": "", "indices": [*range(8)]}]}
    other = {question["name"]: question["choices"][-1]}
    asked = tell(client, f"waiting/{key}/questions", answers=other).json()
    assert (asked["phase"], asked["questions"][0]["answer"]) == ("asking", question["choices"][-1])
    wrong = tell(client, f"waiting/{key}/questions", answers={question["name"]: "upside down"})
    assert wrong.status_code == 400 and "must be one of" in wrong.json()["error"]
    assert tell(client, f"waiting/{key}/answers", answers=answers).status_code == 200
    assert state(client, key, "ready")["found"]["sizes"]["usual"] == [32, 32]


def test_loose_files_are_counted_which_is_no_name_and_rows_are_no_files(client):
    images = struct.pack(">I3I", 0x803, 30, 8, 8) + np.random.default_rng(0).bytes(30 * 64)
    labels = struct.pack(">II", 0x801, 30) + bytes(i % 2 for i in range(30))
    files = {"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels}
    told = state(client, sent(client, files, "2 files", named=False), "asking", "ready")
    if told["phase"] == "asking":
        answers = {each["name"]: each["likely"] for each in told["questions"]}
        tell(client, f"waiting/{told['id']}/answers", answers=answers)
        told = state(client, told["id"], "ready")
    assert (told["title"], told["unit"], told["files"]) == ("2 files", "rows", 30)
    found = told["found"]
    assert (found["unit"], found["num_files"]) == ("rows", 30)
    assert (found["suggested"]["name"], found["suggested"]["title"]) == ("my_data", "my data")


def test_one_large_file_that_comes_for_hours_is_not_taken_for_a_left_over(tmp_path):
    coming, data = Coming(), portion({"large.zip": b"12345"})
    key = coming.begin(tmp_path, "large.zip", 1, 5)
    (folder,) = (tmp_path / ".waiting").iterdir()

    async def slow():
        yield data[:-2]
        os.utime(folder, (0, 0))  # the first bytes were long ago
        yield data[-2:-1]
        outputs.clear_left_overs(folder.parent)
        yield data[-1:]

    with ThreadPoolExecutor(1) as thread:  # this one may have a loop already
        assert thread.submit(anyio.run, coming.take, key, slow()).result() == 1
    with coming.over(key) as (files, title, _):
        assert (files / title).read_bytes() == b"12345"


def test_a_viewer_leaves_files_under_way_alone(client):
    key = tell(client, "waiting", title="t", files=1, bytes=5).json()["id"]
    for what in ("read", "discard"):
        with access.acting(access.VIEWER):
            assert tell(client, f"waiting/{key}/{what}").status_code == 403
    address = f"/api/data/waiting/{key}/files"
    head = {"content-type": BYTES}
    assert client.post(address, content=portion({"a.png": b"12345"}), headers=head).json() == {
        "files": 1
    }
    assert tell(client, f"waiting/{key}/discard").status_code == 200


def test_files_that_were_not_announced_or_break_off_are_refused(client):
    head = {"content-type": BYTES}
    assert (
        client.post("/api/data/waiting/0123456789ab/files", content=b"x", headers=head).status_code
        == 400
    )
    key = tell(client, "waiting", title="t", files=1, bytes=5).json()["id"]
    address = f"/api/data/waiting/{key}/files"
    assert client.post(address, content=b"x", headers=JSON).status_code == 415
    broken = client.post(address, content=portion({"a.png": b"12345"})[:-1], headers=head)
    assert broken.status_code == 400 and "whole" in broken.json()["error"]
    assert tell(client, f"waiting/{key}/discard").status_code == 200
    assert tell(client, f"waiting/{key}/read").status_code == 400

"""What is kept with a run and taken away from the page: views, directions, films, array files."""

import gc
import io
import json
import warnings

import numpy as np
import pytest

from gan_core.errors import ConfigError, RunError
from gan_core.explore import clip, kept
from gan_core.explore.library import MOST, Library
from gan_core.runs.saved import checkpoints
from gan_core.storage import images
from gan_core.tasks import latent
from tests.unit.explore.wire import TYPE, body, unpack

VIEW = {"z": kept.encode(np.arange(4)), "seed": 5, "label": 3, "step": 20, "psi": 0.7, "raw": True}
WAY = {"name": " slant ", "z": kept.encode(np.array([0, 3, 4])), "kind": "sefa", "step": 7}


def test_numbers_survive_the_journey():
    numbers = np.random.default_rng(0).standard_normal(65).astype(np.float32)
    np.testing.assert_array_equal(kept.decode(kept.encode(numbers), "z"), numbers)


def test_a_favourite_and_a_direction():
    view = kept.favourite(VIEW)
    assert {k: view[k] for k in VIEW} == VIEW
    way = kept.direction(WAY)
    assert way["name"] == "slant"
    np.testing.assert_allclose(kept.decode(way["z"], "z"), [0, 0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize(
    ("what", "item", "words"),
    [
        ("favourites", [], "must be an object"),
        ("favourites", {}, "`z` must be 1 to 4096 float32 numbers"),
        ("favourites", VIEW | {"z": "AAAA!"}, "`z` must be 1 to 4096"),
        ("favourites", VIEW | {"z": "A" * 100_000}, "`z` must be 1 to 4096"),
        ("favourites", VIEW | {"z": kept.encode(np.array([np.nan]))}, "`z` must be"),
        ("favourites", VIEW | {"psi": 9}, "`psi` must be a number from 0 to 1.5. Received: 9"),
        ("favourites", VIEW | {"seed": -1}, "`seed` must be a whole number. Received: -1"),
        ("favourites", VIEW | {"step": True}, "`step` must be a whole number"),
        ("directions", WAY | {"name": ""}, "A name must have 1 to 60 characters"),
        ("directions", WAY | {"name": "x" * 61}, "A name must have 1 to 60 characters"),
        ("directions", WAY | {"z": kept.encode(np.zeros(3))}, "must have a length"),
    ],
)
def test_what_cannot_be_kept(what, item, words):
    with pytest.raises(ConfigError, match=words):
        kept.changed([], what, {"add": item})


def test_changes_of_a_list():
    items = kept.changed([], "directions", {"add": WAY})
    items = kept.changed(items, "directions", {"add": WAY | {"name": "weight"}})
    items = kept.changed(items, "directions", {"rename": [0, "tilt"]})
    assert [i["name"] for i in items] == ["tilt", "weight"]
    assert [i["name"] for i in kept.changed(items, "directions", {"remove": 0})] == ["weight"]
    for bad in (2, -1, True, "0", None):
        with pytest.raises(ConfigError, match="no such place among 2 directions"):
            kept.changed(items, "directions", {"remove": bad})
    with pytest.raises(ConfigError, match="`add`, `remove` or `rename`"):
        kept.changed(items, "directions", {})
    with pytest.raises(ConfigError, match="At most 40 directions"):
        kept.changed(items * 20, "directions", {"add": WAY})


# ---- over the routes ----

JSON = {"content-type": "application/json"}


def change(client, run, **what):
    return client.post(f"/api/explore/{run}/notes", content=json.dumps(what), headers=JSON)


def test_notes_stay_with_the_run(client, run_of):
    run = run_of("acgan")
    found = change(client, run.id, what="favourites", add=VIEW).json()
    assert found["favourites"][0]["z"] == VIEW["z"]
    change(client, run.id, what="directions", add=WAY)
    again = client.get(f"/api/explore/{run.id}/notes").json()
    assert again["directions"][0]["name"] == "slant"
    assert run.notes().favourites[0]["seed"] == 5
    assert change(client, run.id, what="favourites", remove=0).json()["favourites"] == []


def test_notes_of_a_bundled_generator_are_kept_in_the_runs_folder(client):
    found = change(client, "bundled-digits", what="directions", add=WAY).json()
    assert found["directions"][0]["name"] == "slant"
    assert client.get("/api/explore/bundled-digits/notes").json() == found


def test_bad_changes_are_refused_in_words(client, run_of):
    run = run_of("fast_gan").id
    assert "`what` must be one of" in change(client, run, what="config").json()["error"]
    bad = client.post(f"/api/explore/{run}/notes", content=b"[" * 9000, headers=JSON)
    assert bad.status_code == 400
    form = client.post(f"/api/explore/{run}/notes", content=b"{}", headers=TYPE)
    assert form.status_code == 415
    assert change(client, "00099-none-here", what="favourites", add=VIEW).status_code == 404


def test_everything_that_can_be_explored_is_listed(client, explore_lab, run_of):
    found = [s["id"] for s in client.get("/api/explore").json()["sources"]]
    assert found[:2] == ["bundled-digits", "bundled-fashion"]
    assert run_of("fast_gan").id in found


def test_an_npz_holds_the_row_and_its_image(post):
    answer = post("npz", body(seed=3))
    found = np.load(io.BytesIO(answer.content))
    np.testing.assert_array_equal(found["z"], latent.sample(1, 12, seed=3)[0])
    assert found["classes"].argmax() == 3
    _, (made,) = unpack(post("images", body(seed=3)))
    np.testing.assert_array_equal(found["image"], made[0])


def frames_of(data: bytes, kind: str, folder) -> np.ndarray:
    import imageio.v3 as imageio
    import imageio_ffmpeg

    if kind == "gif":
        return imageio.imread(data, extension=".gif")
    path = folder / "clip.mp4"
    path.write_bytes(data)
    with warnings.catch_warnings():  # the reader leaves a pipe to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        reader = imageio_ffmpeg.read_frames(str(path))
        size = next(reader)["size"]
        frames = [np.frombuffer(f, np.uint8).reshape(size[1], size[0], 3) for f in reader]
        del reader
        gc.collect()
    return np.stack(frames)


@pytest.mark.parametrize("kind", ["gif", "mp4"])
@pytest.mark.usefixtures("ffmpeg")
def test_a_film_of_a_path_shows_its_images(kind, post, tmp_path):
    stops = body(2, labels=(3, 5))
    _, (_, made) = unpack(post("path?count=6", stops))
    answer = post(f"clip?format={kind}&count=6&rate=6", stops)
    assert answer.headers["content-type"] == {"gif": "image/gif", "mp4": "video/mp4"}[kind]
    film = frames_of(answer.content, kind, tmp_path)
    assert film.shape[:3] == (6, 224, 224)
    small = film[:, 4::8, 4::8].astype(float)
    small = small.mean(-1) if small.ndim == 4 else small
    assert np.abs(small - made[..., 0]).mean() < (1 if kind == "gif" else 12)


def test_a_film_of_training_is_one_z_at_each_step(post, tmp_path):
    answer = post("clip?format=gif&steps=0,10,20&rate=4", body())
    _, (made,) = unpack(post("timeline?steps=0,10,20", body()))
    film = frames_of(answer.content, "gif", tmp_path)
    small = film[:, 4::8, 4::8].astype(float)
    small = small.mean(-1) if small.ndim == 4 else small
    assert np.abs(small - made[..., 0]).mean() < 1


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("clip?format=avi", "`format` must be one of gif, mp4"),
        ("clip?steps=20", "needs at least two steps"),
        ("clip?steps=7,8", "no weights at step"),
        ("clip?count=1000", "`count` must be a number from 2 to 240"),
        ("clip?rate=0", "`rate` must be a number from 1 to 30"),
        ("clip", "at least 2 points"),
        ("strengths", "a row and at least one direction"),
        ("opinion?image=1", "must be 784 bytes"),
        ("images?raw=1&step=10", "no raw weights at step 10"),
    ],
)
def test_refusals_in_words(route, words, post):
    answer = post(route, body())
    assert answer.status_code in (400, 404)
    assert words in answer.json()["error"]


def test_clip_refuses_what_is_no_film():
    with pytest.raises(ConfigError, match="A film has 2 to 240 images"):
        clip.clip(np.zeros((1, 4, 4, 1), np.uint8), "gif", 5)
    with pytest.raises(ConfigError, match="one of gif, mp4"):
        clip.clip(np.zeros((2, 4, 4, 1), np.uint8), "webm", 5)


def test_raw_weights_are_those_of_the_full_checkpoint(post, run_of, explore_lab):
    run = run_of("fast_gan")
    header, (raw,) = unpack(post("images?raw=1", body(3)))
    assert header["step"] == 20
    arrays, _ = checkpoints.load_checkpoint(run.path, 20)
    with explore_lab_generator(explore_lab, run, arrays) as generator:
        z, rows = latent.sample(3, 12, seed=0), latent.one_hot(np.full(3, 3), 10)
        np.testing.assert_array_equal(raw, images.to_uint8(generator.images(z, rows)))
    _, (averaged,) = unpack(post("images", body(3)))
    assert (averaged != raw).any()


def explore_lab_generator(lab, run, arrays):
    import contextlib

    from gan_core import data
    from gan_core.config import TrainConfig
    from gan_core.tasks import synthesis

    config = TrainConfig.from_dict(run.config)
    own = {n: a for n, a in arrays.items() if n.startswith("generator/")}
    spec = data.spec(config.dataset, lab.data_dir)
    return contextlib.nullcontext(synthesis.build(config, spec, own, run_id=run.id, step=20))


def test_strengths_are_those_of_the_directions(post):
    _, (found, effects) = unpack(post("directions?kind=sefa", body()))
    none = np.zeros((8, 10), "<f4")
    rows = body() + np.concatenate([found, none], 1).astype("<f4").tobytes()
    _, (again,) = unpack(post("strengths", rows))
    np.testing.assert_allclose(again, effects, rtol=1e-5)


def test_d_judges_an_image_that_was_drawn(post):
    _, (made,) = unpack(post("images", body()))
    own, _ = unpack(post("opinion", body()))
    same, _ = unpack(post("opinion?image=1", body() + made[0].tobytes()))
    assert same["score"] == pytest.approx(own["score"], abs=0.02)  # rounded to 256 levels
    other, _ = unpack(post("opinion?image=1", body() + b"\xff" * 784))
    assert other["score"] != pytest.approx(own["score"], abs=1e-3)


# ---- the library ----

PLAN = {
    "z": 2,
    "classes": 0,
    "output": "b",
    "low": -1.0,
    "layers": [
        {
            "name": "a",
            "kind": "Dense",
            "inputs": ["z"],
            "params": {"units": 16, "use_bias": False, "activation": "tanh"},
        },
        {"name": "b", "kind": "Reshape", "inputs": ["a"], "params": {"target_shape": [4, 4, 1]}},
    ],
}


def weights(value=1.0):
    return {"a/kernel": np.full((2, 16), value, np.float32)}


def test_an_opened_generator_is_kept_and_found_again(tmp_path):
    library = Library(tmp_path)
    name = library.add(PLAN, weights(), title="mine\n.keras", origin="a file", prior="uniform")
    assert library.add(PLAN, weights(), title="again", origin="a file", prior="uniform") == name
    assert Library(tmp_path).ids()[-1] == name
    assert library.card(name)["prior"] == "uniform"
    np.testing.assert_array_equal(library.arrays(name)["a/kernel"], weights()["a/kernel"])
    library.remove(name)
    with pytest.raises(RunError, match="may have been removed"):
        library.card(name)


def test_only_the_newest_are_kept(tmp_path):
    library = Library(tmp_path, tmp_path / "none")
    for i in range(MOST + 3):
        library.add(PLAN, weights(i), title=str(i), origin="a file", prior="normal")
    assert len(library.ids()) == MOST


def test_bad_entries_are_refused(tmp_path):
    library = Library(tmp_path)
    with pytest.raises(ConfigError, match="`a/kernel` must have shape"):
        library.add(PLAN, {"a/kernel": np.ones(3, np.float32)}, title="", origin="", prior="normal")
    with pytest.raises(ConfigError, match="prior of z is normal or uniform"):
        library.add(PLAN, weights(), title="", origin="", prior="cauchy")
    for name in ("opened-../../x", "bundled-../x", "opened-XYZ", "bundled-none"):
        with pytest.raises(RunError, match="There is no generator"):
            library.card(name)
    with pytest.raises(RunError, match="cannot be removed"):
        library.remove("bundled-digits")


def test_an_opened_generator_answers_like_any_other(client, explore_lab):
    name = Library(explore_lab.store.root).add(
        PLAN, weights(0.5), title="t", origin="a file", prior="uniform"
    )
    facts = client.get(f"/api/explore/{name}/facts").json()
    assert (facts["what"], facts["steps"], facts["full"]) == ("opened", [0], [])
    z = np.array([[0.2, -0.4]], "<f4")
    answer = client.post(f"/api/explore/{name}/images", content=z.tobytes(), headers=TYPE)
    _, (made,) = unpack(answer)
    wanted = images.to_uint8(np.full((1, 4, 4, 1), np.tanh(0.5 * (0.2 - 0.4))))
    np.testing.assert_array_equal(made, wanted)
    for route, words in (("neighbours", "not known"), ("opinion", "without its discriminator")):
        answer = client.post(f"/api/explore/{name}/{route}", content=z.tobytes(), headers=TYPE)
        assert words in answer.json()["error"]
    answer = client.post(
        f"/api/explore/{name}/directions?kind=local", content=z.tobytes(), headers=TYPE
    )
    assert unpack(answer)[1][0].shape == (2, 2)


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_a_bundled_generator_is_what_its_card_says(name, client):
    import hashlib

    from gan_core.explore.library import BUNDLED, MAX_BUNDLED

    card = json.loads((BUNDLED / f"{name}.json").read_text())
    data = (BUNDLED / f"{name}.npz").read_bytes()
    assert hashlib.sha256(data).hexdigest() == card["sha256"]
    assert len(data) == card["bytes"] <= MAX_BUNDLED
    for key in ("recipe", "data", "data_licence", "licence", "seed", "command", "quality", "judge"):
        assert card[key] not in ("", None), key
    row = np.concatenate([latent.sample(1, card["plan"]["z"], seed=1), np.eye(1, 10)], 1)
    answer = client.post(
        f"/api/explore/bundled-{name}/images", content=row.astype("<f4").tobytes(), headers=TYPE
    )
    _, (made,) = unpack(answer)
    assert made.shape == (1, 28, 28, 1)
    assert made.max() > 200
    assert made.min() < 20


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_a_bundled_generator_comes_with_its_discriminator(name, client):
    import hashlib

    from gan_core.explore.library import BUNDLED

    card = json.loads((BUNDLED / f"{name}.json").read_text())
    data = (BUNDLED / f"{name}.critic.npz").read_bytes()
    assert hashlib.sha256(data).hexdigest() == card["critic_sha256"]
    assert len(data) < 400_000
    assert client.get(f"/api/explore/bundled-{name}/facts").json()["critic"]
    row = np.concatenate([latent.sample(1, card["plan"]["z"], seed=1), np.eye(1, 10)], 1)
    body = row.astype("<f4").tobytes()
    header, (saliency, real, fake) = unpack(
        client.post(f"/api/explore/bundled-{name}/opinion", content=body, headers=TYPE)
    )
    assert header["step"] == card["step"]
    assert saliency.shape == (28, 28, 1)
    assert len(real) == len(fake) == 200
    assert (np.diff(real) >= 0).all() and (np.diff(fake) >= 0).all()
    # A discriminator that learned beside this generator: real above fake, and neither side won.
    above = np.mean(real[:, None] > fake[None])
    assert 0.5 < above < 0.95
    noise = np.random.default_rng(0).integers(0, 256, (28, 28, 1), np.uint8)
    header, _ = unpack(
        client.post(
            f"/api/explore/bundled-{name}/opinion?image=1",
            content=body + noise.tobytes(),
            headers=TYPE,
        )
    )
    assert header["beats_real"] < 0.05


def test_an_opened_generator_has_none_and_says_so_before_it_is_asked(client, explore_lab):
    name = Library(explore_lab.store.root).add(
        PLAN, weights(0.25), title="t", origin="a file", prior="normal"
    )
    assert client.get(f"/api/explore/{name}/facts").json()["critic"] is False

"""The routes of the explore page over real stored generators: pixels out, refusals in words."""

import shutil

import numpy as np
import pytest

from gan_core import recipes
from gan_core.explore import paths
from gan_core.explore.sources import open_source
from gan_core.lab import Lab
from gan_core.runs.saved import checkpoints
from gan_core.storage import images
from gan_core.tasks import latent
from gan_core.web import explore_wire
from tests.unit.explore.wire import TYPE, body, unpack


@pytest.mark.parametrize("recipe", ["fast_gan", "acgan", "mlp_gan"])
def test_images_are_those_of_the_generator(recipe, post, generator_of):
    header, (made,) = unpack(post("images", body(5, recipe=recipe), recipe))
    rows = latent.one_hot(np.full(5, 3), 10) if recipe != "mlp_gan" else None
    prior = "uniform" if recipe == "acgan" else "normal"
    z = latent.sample(5, 12, seed=0, prior=prior)
    np.testing.assert_array_equal(made, images.to_uint8(generator_of(recipe).images(z, rows)))
    assert header["step"] == 20


def test_facts_need_no_generator(client, run_of):
    found = client.get(f"/api/explore/{run_of('fast_gan').id}/facts").json()
    assert found["steps"] == [0, 10, 20]
    assert found["newest"] == 20
    assert found["full"] == [20]
    assert found["image_shape"] == [28, 28, 1]
    assert found["class_names"] == [str(k) for k in range(10)]


@pytest.mark.parametrize(
    ("recipe", "prior", "classes"),
    [("fast_gan", "normal", 10), ("acgan", "uniform", 10), ("mlp_gan", "normal", 0)],
)
def test_about(recipe, prior, classes, client, run_of):
    found = client.get(f"/api/explore/{run_of(recipe).id}/about?step=10").json()
    assert (found["prior"], found["num_classes"], found["latent_dim"]) == (prior, classes, 12)
    assert found["epoch"] == 640 / 4500


def test_a_paused_run_has_its_epoch_though_its_newest_step_has_a_checkpoint_alone(tmp_path):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    run = lab.store.create(recipes.config("fast_gan", "mnist_5k").model_dump())
    checkpoints.save_weights(run.path, 10, {}, {"images_seen": 640})
    checkpoints.save_checkpoint(run.path, 15, {}, {"images_seen": 960})
    source = open_source(lab.store, lab.data_dir, run.id)
    assert [source.epoch(step) for step in (10, 15, 20)] == [640 / 4500, 960 / 4500, None]


def test_the_z_of_a_seed_is_the_command_lines(client, run_of):
    _, (z,) = unpack(client.get(f"/api/explore/{run_of('fast_gan').id}/z?seeds=5,9"))
    np.testing.assert_array_equal(z[0], latent.sample(7, 12, seed=5)[0])
    np.testing.assert_array_equal(z[1], latent.sample(1, 12, seed=9)[0])


def test_a_timeline_leaves_out_what_is_gone(post):
    header, (made,) = unpack(post("timeline?steps=0,7,20", body()))
    assert header["steps"] == [0, 20]
    assert "no weights at step 7" in header["problem"]
    _, (newest,) = unpack(post("images?step=20", body()))
    np.testing.assert_array_equal(made[1], newest[0])


@pytest.mark.parametrize("kind", ["sefa", "local"])
def test_directions_come_strongest_first(kind, post):
    _, (found, effects) = unpack(post(f"directions?kind={kind}", body()))
    np.testing.assert_allclose(found @ found.T, np.eye(8), atol=1e-5)
    assert (np.diff(effects) <= 0).all()


def test_a_path_and_its_images(post):
    stops = body(2, labels=(3, 5))
    _, (rows, made) = unpack(post("path?count=5", stops))
    ends = np.frombuffer(stops, "<f4").reshape(2, 22)
    np.testing.assert_allclose(rows[[0, -1]], ends, atol=1e-5)
    middle = paths.between(ends[0, :12], ends[1, :12], np.array([0.5]), prior="normal")[0]
    np.testing.assert_allclose(rows[2, :12], middle, atol=1e-5)
    np.testing.assert_allclose(rows[2, 12:], (ends[0, 12:] + ends[1, 12:]) / 2, atol=1e-5)
    _, (alone,) = unpack(post("images", rows[2].tobytes()))
    assert np.abs(alone[0].astype(int) - made[2]).max() <= 1


def test_neighbours_and_opinion(post):
    header, (real, *_) = unpack(post("neighbours", body()))
    assert real.shape == (8, 28, 28, 1)
    assert header["distances"] == sorted(header["distances"])
    header, (saliency, real, fake) = unpack(post("opinion", body()))
    assert saliency.shape == (28, 28, 1)
    assert np.isfinite(saliency).all()
    assert len(real) == len(fake) == 200
    assert header["step"] == 20


def test_the_judge_is_surer_of_digits_than_of_noise(post):
    _, (digits, *_) = unpack(post("neighbours", body()))  # by features, too, once a judge is there
    noise = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1), np.uint8)
    found = post("judged", digits.tobytes() + noise.tobytes()).json()
    assert len(found["sure"]) == len(found["classes"]) == 11
    assert all(0.1 <= sure <= 1 for sure in found["sure"])
    assert max(found["beats_real"][8:]) < min(np.sort(found["beats_real"][:8])[4:])
    assert post("judged", b"12").status_code == 400
    assert "1 to 100 images" in post("judged", bytes(784 * 101)).json()["error"]


def test_an_auxiliary_classifier_says_what_it_sees(post):
    header, _ = unpack(post("opinion", body(recipe="acgan"), "acgan"))
    assert sum(header["classes"]) == pytest.approx(1, abs=1e-5)


def test_no_discriminator_is_said_in_words(post):
    answer = post("opinion", body(recipe="mlp_gan"), "mlp_gan")
    assert answer.status_code == 404
    assert "no full checkpoint yet" in answer.json()["error"]


def test_project_gives_rows_with_their_images_and_errors(post):
    _, (made,) = unpack(post("images", body(seed=8)))
    header, (rows, again) = unpack(post("project", made.tobytes()))
    assert rows.shape == (3, 22)
    assert header["mse"] == sorted(header["mse"])
    _, (images_of_rows,) = unpack(post("images", rows.tobytes()))
    assert np.abs(images_of_rows.astype(int) - again).max() <= 1
    errors = np.mean((images.to_float(again) - images.to_float(made)) ** 2, axis=(1, 2, 3))
    np.testing.assert_allclose(errors, header["mse"], atol=1e-3)


@pytest.mark.parametrize(
    ("route", "data", "words"),
    [
        ("images", b"", "1 to 1024 rows of 22 float32 numbers"),
        ("images", b"123", "Received: 3 bytes"),
        ("images", np.zeros(12, "<f4").tobytes(), "12 of z, 10 of classes"),
        ("images", np.full(22, np.nan, "<f4").tobytes(), "must be finite"),
        ("images", np.full(22, 1e30, "<f4").tobytes(), "must be finite"),
        ("images", np.zeros(22 * 1025, "<f4").tobytes(), "1 to 1024 rows"),
        ("images?step=7", body(), "no weights at step 7"),
        ("images?step=x", body(), "`step` must be a number"),
        ("directions?kind=pca", body(), "`kind` must be one of sefa, local. Received: `pca`"),
        ("timeline?steps=a", body(), "`steps` must be 1 to 64 whole numbers"),
        ("combine?signs=1", body(2), "`signs` must be 2 numbers. Received: 1"),
        ("path", body(1), "at least 2 points"),
        ("project", b"123", r"The image must be 784 bytes"),
    ],
)
def test_bad_requests_are_refused_in_words(route, data, words, post):
    answer = post(route, data)
    assert answer.status_code in (400, 404)
    assert words in answer.json()["error"]


def test_long_bodies_and_forms_are_refused(post):
    long = post("images", b"x" * (explore_wire.MAX_BODY + 1))
    assert long.status_code == 413
    assert "at most" in long.json()["error"]
    form = post("images", body(), headers={"content-type": "text/plain"})
    assert form.status_code == 415


def test_other_sites_are_refused(post):
    assert (
        post("images", body(), headers=TYPE | {"origin": "http://evil.example"}).status_code == 403
    )
    assert post("images", body(), headers=TYPE | {"host": "evil.example"}).status_code == 403


@pytest.mark.parametrize("name", ["..", "nothing", "%2e%2e%2fetc", "00001-fast_gan-mnist_5k%00"])
def test_unknown_runs_are_refused_in_words(name, post):
    answer = post("images", body(), run=name)
    assert answer.status_code in (404, 405)


def test_a_run_deleted_while_open(client, explore_lab, run_of):
    made = explore_lab.store.create(run_of("fast_gan").config)
    shutil.copytree(run_of("fast_gan").path / "weights", made.path / "weights")
    path = f"/api/explore/{made.id}/images"
    assert client.post(path, content=body(), headers=TYPE).status_code == 200
    explore_lab.store.delete(made.id, "test")
    gone = client.post(path, content=body(), headers=TYPE)
    assert gone.status_code == 404
    assert made.id in gone.json()["error"]


def test_the_palette_to_draw_with_is_that_of_the_data(client, run_of):
    _, (colours,) = unpack(client.get(f"/api/explore/{run_of('fast_gan').id}/palette"))
    assert colours.dtype == np.uint8 and colours.shape[1] == 1
    assert colours[0, 0] < 20 and colours.max() > 200  # digits are white on black

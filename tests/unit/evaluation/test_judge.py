"""Judges: bundled, newly trained, untrained; stored and chosen."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from gan_core import data
from gan_core.bench.damage import damaged
from gan_core.errors import CheckpointError, DataError
from gan_core.evaluation import judge as judges
from gan_core.evaluation import mobilenet
from gan_core.evaluation.features import CACHE, cache_folder, open_judge
from gan_core.evaluation.frechet import frechet_distance, moments
from gan_core.evaluation.train_judge import train_judge
from gan_core.networks import style_nets
from gan_core.storage.assets import ASSETS


def quadrants(count, seed, size=8):
    """Images of noise with one bright quarter; its number is the label."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 120, (count, size, size, 1), dtype=np.uint8)
    labels = np.arange(count, dtype=np.int32) % 4
    for image, label in zip(images, labels, strict=True):
        half = size // 2
        top, left = divmod(int(label), 2)
        image[top * half :, left * half :][:half, :half] += 110
    return images, labels


@pytest.fixture
def own(tmp_path):
    """A labelled set of the user's, loaded from a file."""
    images, labels = quadrants(600, 0)
    np.savez(tmp_path / "quadrants.npz", x_train=images, y_train=labels)
    return data.load("quadrants", tmp_path)


@pytest.mark.parametrize("name", ["digits", "fashion"])
def test_bundled_judges_match_their_cards(name):
    path = ASSETS / "judges" / f"{name}.npz"
    card = json.loads(path.with_suffix(".json").read_text())
    assert card["bytes"] == path.stat().st_size < 1_000_000
    assert card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    judge = judges.load(path)
    assert (judge.kind, judge.num_classes) == ("judge", 10)
    assert (judge.hash, judge.accuracy) == (card["hash"], card["accuracy_test"])
    assert {"data", "data_licence", "licence", "seed", "command"} <= set(card)


def test_the_bundled_digits_judge_is_as_accurate_as_its_card_says(tmp_path):
    dataset = data.load("mnist_5k", tmp_path)
    judge = open_judge(dataset, tmp_path)
    card = json.loads((ASSETS / "judges" / "digits.json").read_text())
    found = judges.accuracy(judge, dataset.held_out, dataset.held_out_labels)
    assert found == pytest.approx(card["accuracy_mnist_5k_held_out"], abs=0.002)
    assert not list(tmp_path.iterdir())  # nothing had to be trained


def test_a_new_judge_learns_is_repeatable_and_is_kept(own, tmp_path):
    cache = cache_folder(tmp_path)
    assert cache == tmp_path / CACHE
    phases = []
    judge = open_judge(own, cache, phase=phases.append)
    assert judge.accuracy > 0.9
    assert phases == ["training a judge"]
    again = open_judge(own, cache, phase=phases.append)
    assert len(phases) == 1 and again.hash == judge.hash and again.accuracy == judge.accuracy
    anew = open_judge(own, tmp_path / "other")
    assert anew.hash == judge.hash
    moved = own.splits["train"] | {"label": (own.train_labels + 1) % 4}
    changed = replace(own, splits={**own.splits, "train": moved})
    assert open_judge(changed, cache).hash != judge.hash


def test_a_damaged_judge_is_trained_again(own, tmp_path):
    judge = open_judge(own, tmp_path / "cache")
    (path,) = (tmp_path / "cache").iterdir()
    path.write_bytes(path.read_bytes()[:1000])
    assert open_judge(own, tmp_path / "cache").hash == judge.hash
    assert judges.load(path).hash == judge.hash


def test_a_cache_that_cannot_be_written_costs_only_time(own, tmp_path):
    (tmp_path / "blocked").write_text("a file where the folder should be")
    assert open_judge(own, tmp_path / "blocked" / CACHE).kind == "judge"


def test_unlabelled_images_get_the_network_that_knows_photographs(tmp_path):
    images, _ = quadrants(40, 0)
    np.savez(tmp_path / "plain.npz", x_train=images)
    judge = open_judge(data.load("plain", tmp_path), tmp_path)
    assert (judge.kind, judge.num_classes, judge.accuracy) == ("mobilenet", 0, None)
    features, seen = judges.look(judge, images)
    assert features.shape == (40, 160) and seen is None
    assert judge.hash == judges.mobilenet_judge().hash


def test_the_features_are_those_of_the_network_by_itself():
    """In a graph that asks first, its weights would be the random ones that Keras starts with."""
    images = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3), np.uint8)
    found, _ = judges.look(judges.mobilenet_judge(), images)
    import keras

    model = style_nets.fill(style_nets.build_predict(64), "predict")
    inner = keras.Model(model.input, [model.get_layer(n).output for n in mobilenet.TAPS])
    parts = inner.predict(images.astype(np.float32) / 255, verbose=0)
    expected = np.concatenate([part.mean((1, 2)) for part in parts], 1)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())
    assert np.abs(expected).mean() > 0.05


@pytest.mark.sampled(1)
@pytest.mark.parametrize("how", ["blur", "noise", "JPEG", "dropped modes"])
def test_the_distance_grows_when_faces_get_worse(how, tmp_path):
    """Three of five strengths on 300 images; `bench extractor` has all of it."""
    reference, images = np.split(data.load("pixel_faces", tmp_path).train[:600], 2)
    judge = judges.mobilenet_judge()

    def moments_of(some):
        return moments(judges.look(judge, some)[0].astype(np.float64))

    worse = dict(damaged(images, images))[how][::2]
    found = [frechet_distance(moments_of(reference), moments_of(s)) for s in (images, *worse)]
    assert found == sorted(found) and found[-1] > 3 * found[0]


def test_points_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"images only. Received: `ring` \(points\)"):
        open_judge(data.load("ring", tmp_path), tmp_path)


@pytest.mark.parametrize("shape", [(4, 4, 1), (33, 20, 3), (70, 64, 3)])
def test_every_image_size_gives_128_features(shape):
    images = np.random.default_rng(0).integers(0, 256, (5, *shape), dtype=np.uint8)
    assert judges.look(judges.random_judge(shape), images)[0].shape == (5, 128)


def test_chunks_and_fill_do_not_change_an_image(digits, real):
    many, _ = judges.look(real.judge, digits.unseen[:600])
    few, _ = judges.look(real.judge, digits.unseen[590:600])
    np.testing.assert_allclose(few, many[590:], rtol=1e-5, atol=1e-5)


def test_fewer_images_than_a_batch_can_train():
    images, labels = quadrants(40, 0)
    judge = train_judge(images, labels, images, labels, num_classes=4)
    assert judge.weights["output/kernel"].shape == (128, 4)


def test_a_file_that_is_no_judge_is_refused(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.zeros(3))
    with pytest.raises(CheckpointError, match="not a judge"):
        judges.load(tmp_path / "x.npz")

"""A stylisation is a run like any other: it keeps its pictures, goes on bit for bit, branches, travels."""

import json

import numpy as np
import pytest

from gan_core import recipes
from gan_core.data import content_style
from gan_core.errors import ConfigError, DataError, RunError
from gan_core.lab import Lab
from gan_core.runs import inputs
from gan_core.runs.metrics.reader import MetricsReader
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.storage import decode, images
from gan_core.tasks import stylisation

NAME = "canal_in_mosaic"
SMALL = {"picture_size": 96, "coarse_steps": 4}
STEPS = 9


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("style")
    lab = Lab(folder / "runs", folder / "data")
    yield lab
    lab.shutdown()


def new_run(lab, steps=STEPS, name=NAME, pictures=None, **settings):
    config = lab.make_config("style_patches", name, num_steps=steps, **(SMALL | settings))
    return lab.create(config, who="test", pictures=pictures)


def train(lab, run, state=State.FINISHED):
    job = lab.make_job(run.id, who="test")
    assert job.run() == state, job.snapshot().error
    return run


@pytest.fixture(scope="module")
def trained(lab):
    return train(lab, new_run(lab))


@pytest.mark.thorough
def test_it_records_its_losses(trained):
    rows = MetricsReader(trained.path).rows(1)
    assert {"content_loss", "style_loss", "tv_loss", "total_loss"} <= set(
        MetricsReader(trained.path).names
    )
    weighed = 0.15 * rows["content_loss"] + rows["style_loss"] + 0.04 * rows["tv_loss"]
    np.testing.assert_allclose(rows["total_loss"], weighed, rtol=1e-5)
    assert (rows["picture_updates"] == np.arange(1, STEPS + 1)).all()


def test_it_keeps_the_pictures_that_it_was_given(lab, trained):
    given = inputs.read(trained.path)
    assert given["content"].shape == (72, 96, 3) and given["style"].shape == (96, 96, 3)
    own = tuple(np.random.default_rng(s).integers(0, 256, (40, 80, 3), np.uint8) for s in (1, 2))
    kept = inputs.read(new_run(lab, name=content_style.OWN, pictures=own).path)
    assert np.array_equal(kept["style"], decode.fitted(own[1], 96))


def test_it_shows_the_picture(lab, trained):
    grid = json.loads((trained.path / "samples" / "grid.json").read_text())
    assert (grid["columns"], grid["rows"], grid["tile"]) == (1, 1, [72, 96])
    first, last = (images.from_png(trained.sample_png(step)).astype(int) for step in (0, STEPS))
    content = inputs.read(trained.path)["content"]
    assert np.abs(first - content).max() <= 1 < np.abs(last - content).mean()
    painting = lab.open(trained.id)
    assert painting.step == STEPS and np.abs(painting.pixels - last).max() <= 1
    assert images.from_png(trained.reals_png()).shape == (144, 96, 3)


@pytest.mark.thorough
@pytest.mark.fresh
def test_a_resumed_run_is_equal_bit_for_bit(lab, trained):
    """Stopped in the coarse stage; the directions that are drawn go on, too."""
    run = train(lab, new_run(lab, 3))
    lab.prepare_resume(run.id, who="test", num_steps=STEPS)
    train(lab, run)
    one, other = (checkpoints.load_checkpoint(r.path, STEPS)[0] for r in (trained, run))
    assert one.keys() == other.keys() and "rng/state" in one
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_a_branch_has_other_weights_and_the_same_pictures(lab, trained):
    child = lab.branch(trained.id, STEPS, who="test", style_weight=5.0, num_steps=STEPS + 2)
    assert np.array_equal(inputs.read(child.path)["style"], inputs.read(trained.path)["style"])
    train(lab, child)
    assert child.config["style_weight"] == 5.0
    meta = checkpoints.load_checkpoint(child.path, STEPS + 2)[1]
    assert meta["knobs"]["style_weight"] == 5.0
    with pytest.raises(ConfigError, match="picture_size.*cannot change in a branch"):
        lab.branch(trained.id, STEPS, who="test", picture_size=128)


def test_what_leaves_the_house_takes_it_too(lab, trained, tmp_path):
    from gan_core.archive import pack
    from gan_core.export import curves, events
    from gan_core.export.model_card import model_card

    assert "Style, by patches" in model_card(trained, lab.data_dir)
    assert curves.history(trained, tmp_path / "history.png").stat().st_size > 1000
    assert lab.film(trained.id)[0][:3] == b"GIF"
    assert events.as_bytes(trained)
    copy = pack.import_run(lab.store, pack.export_run(trained, tmp_path / "r.zip"), "test")
    assert lab.open(copy.id).step == STEPS
    lab.prepare_resume(copy.id, who="test", num_steps=STEPS + 1)
    train(lab, copy)


def test_a_picture_is_no_network(lab, trained, tmp_path):
    from gan_core.export import models

    with pytest.raises(RunError, match="trained a picture, no network"):
        models.export(lab.open(trained.id), "keras", tmp_path / "x.keras")
    with pytest.raises(RunError, match="has no generator that makes images out of z"):
        lab.open_generator(trained.id)
    assert lab.evals(trained.id) == [] and not lab.verdict(trained.id).verdict.alarm


def test_pictures_that_are_gone_or_damaged_are_said_in_words(lab):
    run = new_run(lab)
    file = run.path / "inputs" / "style.png"
    file.write_bytes(file.read_bytes()[:50])
    assert lab.make_job(run.id, who="test").run() == State.FAILED
    assert "inputs/style.png" in run.status().error
    file.unlink()
    with pytest.raises(RunError, match="inputs/style.png"):
        lab.prepare_resume(run.id, who="test", num_steps=20)


def test_what_does_not_fit_is_refused_before_there_is_a_run(lab):
    before = lab.store.ids()
    narrow = np.zeros((10, 300, 3), np.uint8)
    with pytest.raises(DataError, match="would have 96 x 3 pixels.*at least 16"):
        new_run(lab, name=content_style.OWN, pictures=(narrow, narrow))
    with pytest.raises(DataError, match="must be given.*canal, fruit, lake"):
        new_run(lab, name=content_style.OWN)
    with pytest.raises(DataError, match="needs a content picture and a style picture"):
        lab.make_config("style_patches", "mnist_5k")
    with pytest.raises(DataError, match="Recipes that fit: style_patches, style_vgg19"):
        lab.make_config("fast_gan", NAME)
    assert lab.store.ids() == before


def test_the_apps_own_pictures():
    assert len(content_style.bundled("contents")) >= 3 and len(content_style.bundled("styles")) >= 6
    total = sum(
        content_style.path_of(kind, name).stat().st_size
        for kind in ("contents", "styles")
        for name in content_style.bundled(kind)
    )
    assert total < 1_500_000
    assert content_style.parts("fruit_in_stained_glass") == ("fruit", "stained_glass")
    assert content_style.parts("fruit_in_nothing") is None


def test_the_estimate_grows_with_the_picture(lab):
    small, large = (
        lab.estimate(lab.make_config("style_patches", NAME, picture_size=n)) for n in (256, 1024)
    )
    assert small.memory_bytes < large.memory_bytes < 4e9 and small.disk_bytes < large.disk_bytes


def test_layers_have_words():
    vgg19 = stylisation.layers(recipes.get("style_vgg19").defaults)
    assert vgg19["style"]["chosen"] == ["dots", "strokes", "texture", "motifs", "objects"]
    assert vgg19["content"]["chosen"] == ["objects"]
    patches = stylisation.layers(recipes.get("style_patches").defaults)
    assert patches["style"]["chosen"] == ["dots", "strokes", "texture"] and "content" not in patches
    assert stylisation.named("patch_levels", "dots, motifs") == "1,4"
    assert (
        stylisation.named("content_layers", "block4_conv3,objects") == "block4_conv3,block5_conv2"
    )
    for wrong in ("", "colour"):
        with pytest.raises(ConfigError, match="dots, strokes, texture, motifs, objects"):
            stylisation.named("style_layers", wrong)

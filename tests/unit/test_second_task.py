"""The house holds another task: nothing outside tests/second_task knows of it, and all of it works."""

import json

import numpy as np
import pytest

from gan_core import recipes, tasks
from gan_core.doctor.thresholds import WARM_UP
from gan_core.errors import RunError
from gan_core.evaluation.run_evals import evaluate_run
from gan_core.lab import Lab
from gan_core.runs.metrics.reader import MetricsReader
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.storage import images
from gan_core.training.estimate import checkpoint_bytes
from tests import second_task
from tests.second_task.tasks.swapping import PAIRS, ROWS

SMALL = {"batch_size": 8, "width": 4, "seed": 3}
STEPS = 14


@pytest.fixture(scope="module")
def patched():
    with pytest.MonkeyPatch.context() as patch:
        second_task.register(patch)
        yield


@pytest.fixture(scope="module")
def lab(patched, tmp_path_factory):
    folder = tmp_path_factory.mktemp("second")
    lab = Lab(folder / "runs", folder / "data")
    yield lab
    lab.shutdown()


def new_run(lab, steps=STEPS, **settings):
    config = lab.make_config("two_way", "mnist_5k", num_steps=steps, **(SMALL | settings))
    return lab.create(config, who="test")


def train(lab, run):
    job = lab.make_job(run.id, who="test")
    assert job.run() == State.FINISHED, job.snapshot().error
    return run


@pytest.fixture(scope="module")
def trained(lab):
    return train(lab, new_run(lab))


def test_it_records_its_own_metrics_and_counters(trained):
    reader = MetricsReader(trained.path)
    assert reader.counters == ("g_ab_updates", "g_ba_updates", "d_a_updates", "d_b_updates")
    assert reader.names[-1] == "cycle_loss" and len(reader) == STEPS
    rows = reader.rows(1)
    assert all((rows[name] == np.arange(1, STEPS + 1)).all() for name in reader.counters)
    assert all(np.isfinite(rows[name]).all() for name in reader.names)


@pytest.mark.thorough
def test_it_learns(lab):
    rows = MetricsReader(train(lab, new_run(lab, 60, ema_half_life=0)).path).rows(1)
    assert rows["cycle_loss"][-5:].mean() < 0.7 * rows["cycle_loss"][:5].mean()


@pytest.mark.fresh
def test_a_resumed_run_is_equal_bit_for_bit(lab, trained):
    """Its pool of past fakes comes back, too."""
    run = train(lab, new_run(lab, 6))
    lab.prepare_resume(run.id, who="test", num_steps=STEPS)
    train(lab, run)
    one, other = (checkpoints.load_checkpoint(r.path, STEPS)[0] for r in (trained, run))
    assert one.keys() == other.keys() and {"pool/a", "pool/b"} <= one.keys()
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert (run.path / "metrics.bin").stat().st_size == (
        trained.path / "metrics.bin"
    ).stat().st_size


def test_its_pool_of_past_fakes_is_counted(lab, trained):
    """Before it trains: it is most of what a checkpoint holds."""
    kept = checkpoints.load_checkpoint(trained.path, STEPS)[0]
    config = lab.make_config("two_way", "mnist_5k", num_steps=STEPS, **SMALL)
    told = checkpoint_bytes(recipes.get("two_way").sizes(config, lab.check(config)))
    assert sum(array.nbytes for array in kept.values()) == pytest.approx(told, rel=0.01, abs=2000)


def test_one_network_can_be_updated_alone(lab, trained):
    from gan_core.training.session import open_session

    algorithm = open_session(trained, lab.data_dir, lambda phase: None).algorithm
    before = algorithm.state()
    algorithm.partial_step("g_ba")
    after = algorithm.state()
    moved = {n.split("/")[0] for n in before if not np.array_equal(before[n], after[n])}
    assert {"g_ba", "ema_g_ba", "g_ba_optimizer", "pool"} <= moved
    assert not {"g_ab", "d_a", "d_b"} & moved


def test_it_shows_its_grid(lab, trained):
    grid = json.loads((trained.path / "samples" / "grid.json").read_text())
    assert (grid["columns"], grid["rows"]) == (2 * PAIRS, ROWS)
    tiles = images.split_grid(images.from_png(trained.sample_png(STEPS)), 28, 28)
    translator = lab.open(trained.id)
    assert translator.step == STEPS
    drawn = images.to_uint8(translator.images(images.to_float(tiles[::2])))
    assert np.abs(drawn.astype(int) - tiles[1::2]).max() <= 1
    assert trained.reals_png() is not None


def test_it_is_exported(lab, trained, tmp_path):
    import keras

    from gan_core.export import models

    translator = lab.open(trained.id)
    made = models.export(translator, "keras", tmp_path / "t.keras")
    words = (tmp_path / "t.keras.txt").read_text()
    assert "the translator of" in words and "image" in words and "z " not in words
    x = np.random.default_rng(0).uniform(-1, 1, (3, 28, 28, 1)).astype("f4")
    loaded = keras.models.load_model(made.path)
    np.testing.assert_allclose(np.asarray(loaded([x])), translator.images(x), atol=1e-6)
    facts = models.facts(translator)
    assert facts["image"]["shape"] == ["N", 28, 28, 1] and facts["output"]["range"] == [-1, 1]


def test_what_else_leaves_the_house_takes_it_too(lab, trained, tmp_path):
    from gan_core.archive import pack
    from gan_core.export import curves, events
    from gan_core.export.model_card import model_card

    assert "Two-way translation" in model_card(trained, lab.data_dir)
    assert curves.history(trained, tmp_path / "history.png").stat().st_size > 1000
    assert lab.film(trained.id)[0][:3] == b"GIF"
    assert events.as_bytes(trained)
    copy = pack.import_run(lab.store, pack.export_run(trained, tmp_path / "r.zip"), "test")
    assert MetricsReader(copy.path).counters == MetricsReader(trained.path).counters
    assert lab.open(copy.id).step == STEPS


def test_what_needs_z_says_that_there_is_none(lab, trained):
    from gan_core.explore.sources import open_source

    for ask in (
        lambda: lab.open_generator(trained.id),
        lambda: open_source(lab.store, lab.data_dir, trained.id),
    ):
        with pytest.raises(RunError, match="has no generator that makes images out of z"):
            ask()
    assert not lab.verdict(trained.id).verdict.alarm


def test_it_is_measured_in_its_own_way(lab, trained):
    """While it trains and afterwards; the same step gives the same value."""
    during = lab.evals(trained.id)
    assert during[-1]["step"] == STEPS and during[-1]["extractor"] == "pixels:1"
    measurement = evaluate_run(trained, lab.data_dir, count=40)
    after = lab.evals(trained.id)
    assert len(after) == len(during) + 1 and after[-1]["count"] == 40
    assert after[-1]["noise"]["changed"] > after[-1]["real"]["changed"] == 0.0
    assert measurement.values["changed"] == pytest.approx(during[-1]["values"]["changed"], rel=1e-4)


def test_a_task_without_a_measure_says_so(lab, trained, monkeypatch):
    monkeypatch.setattr(tasks.get("swapping"), "measuring", lambda spec: "")
    with pytest.raises(RunError, match="is not measured: it is a translator"):
        evaluate_run(trained, lab.data_dir, count=40)
    run = train(lab, new_run(lab, 2))
    assert lab.evals(run.id) == []


@pytest.mark.thorough
def test_the_doctor_goes_by_its_rules(lab):
    """Its own sign is named and logged, told in its own words, and has its own remedy."""
    run = train(lab, new_run(lab, WARM_UP, batch_size=4, width=2))
    report = lab.verdict(run.id)
    assert (report.verdict.name, report.word) == ("rewrites", "Rewrites")
    assert report.sentence.startswith("Outputs are") and report.numbers[0][0] == "changed"
    assert report.limits == ("Mean change of an input, above: 0 (a test).",)
    assert report.remedy.label == "Train again"
    assert lab.verdicts(run.id)[-1]["name"] == "rewrites"

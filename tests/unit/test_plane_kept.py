"""A plane that is kept as a run: the engine goes on where the page stood."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from gan_core.errors import ConfigError, DataError, RunError
from gan_core.lab import Lab
from gan_core.runs import inputs
from gan_core.tasks import run_data
from gan_core.tasks.synthesis import open_generator
from tests.unit.test_plane import NEAR, batches, steps_of, weights_of

RUNNER = Path(__file__).parents[1] / "js" / "keep_plane.mjs"
STEPS = 12  # in the page, before it is kept
SMALL = {"hidden": 8, "batch_size": 16, "g_lr": 1e-3, "d_lr": 1e-3}

pytestmark = pytest.mark.skipif(
    not shutil.which("node"), reason="node is not installed: keeping a plane is NOT tested"
)


@pytest.fixture
def lab(runs_dir, tmp_path):
    return Lab(runs_dir, tmp_path / "data")


def in_page(settings, z, rows=()):
    """What the page sends when it is kept, its fakes of z, and its next steps."""
    asked = {
        "settings": SMALL | settings,
        "steps": STEPS,
        "z": z.ravel().tolist(),
        "rows": [
            {n: None if a is None else a.ravel().tolist() for n, a in row.items()} for row in rows
        ],
    }
    made = subprocess.run(
        ["node", str(RUNNER)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    return json.loads(made.stdout)


def some_z(latent_dim=2):
    return np.random.default_rng(5).standard_normal((50, latent_dim)).astype(np.float32)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("loss", "penalty", "data"),
    [
        ("non_saturating", "r1", "ring"),
        ("relativistic", "r2", "moons"),
        ("wasserstein", "gradient_penalty", "grid"),
    ],
)
def test_the_engine_takes_the_steps_that_the_page_would_have_taken(lab, loss, penalty, data):
    rows, z = list(batches(loss, seed=3))[:6], some_z()
    settings = {"loss": loss, "penalty": penalty, "penalty_weight": 0.1, "data": data}
    page = in_page(settings, z, rows)
    run = lab.keep_plane(page["told"], name="Mine", who="test")
    made = open_generator(run, lab.data_dir, None)
    assert made.step == STEPS
    np.testing.assert_allclose(made.images(z).ravel(), page["fake"], atol=NEAR)
    from gan_core.training.session import open_session

    gan = open_session(run, lab.data_dir, lambda phase: None).algorithm
    counts = {"step": STEPS, "g_updates": STEPS, "d_updates": STEPS, "images_seen": 16 * STEPS}
    assert gan.counters() == counts
    found = steps_of(gan, rows, loss)
    moved = [0.0]
    for name, after in weights_of(gan).items():
        for own, theirs in zip(page[name], after, strict=True):
            still = own == theirs.ravel()  # a bias that Wasserstein's difference does not move
            moved.append(np.abs(np.array(own) - theirs.ravel())[~still].max(initial=0))
    last_bias = 1 if loss in ("wasserstein", "relativistic") else 0  # rounding, see test_plane.py
    assert sorted(moved)[-1 - last_bias] < NEAR
    np.testing.assert_allclose(
        np.array(found)[:, 2:], np.array(page["losses"])[:, 2:], rtol=1e-3, atol=NEAR
    )


def test_it_is_a_run_like_others_that_trains_on_from_there(lab):
    page = in_page({"data": "spiral", "latent_dim": 1, "penalty": None}, some_z(1))
    run = lab.keep_plane(page["told"], name="Spiral of 9b", who="test")
    assert (run.status().state, run.status().step) == ("stopped", STEPS)
    assert run.notes().name == "Spiral of 9b"
    assert run.events()[-1]["kind"] == "kept"
    assert run.config["r1_gamma"] == 0.0
    points = run_data.load(run, lab.data_dir)
    assert points.spec.title == "Points from Learn: A spiral"
    assert (len(points.train), len(points.held_out)) == (4096, 1024)
    lab.prepare_resume(run.id, who="test", num_steps=STEPS + 4)
    lab.make_job(run.id).run()
    assert (run.status().state, run.status().step) == ("finished", STEPS + 4)
    assert run.metrics().first_step == STEPS + 1
    child = lab.branch(run.id, STEPS, g_lr=0.0)
    assert np.array_equal(
        inputs.read_points(child.path)["train"], inputs.read_points(run.path)["train"]
    )


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"step": -1}, "`step` must be a whole number"),
        ({"g": {}}, "`weights` must be float32 numbers"),
        ({"points": "AAAA"}, "`points` must be float32 numbers"),
        ({"settings": {"hidden": 7}}, "`hidden` must be even"),
        ({"settings": {"hidden": 16, "data": "ring"}}, "must be 354 numbers"),
        ({"settings": {"hidden": 8, "data": "../x"}}, "`data` is one of"),
        ({"settings": {"hidden": 8, "data": "ring", "loss": "x"}}, "loss"),
        ({"settings": {"hidden": 8, "data": "ring", "penalty": ["r1"]}}, "`penalty` is one of"),
        ({"points": "AADAfw=="}, "finite"),
    ],
)
def test_what_is_no_training_of_the_page_is_refused_and_nothing_stays(lab, change, words):
    told = in_page({}, some_z())["told"] | change
    with pytest.raises((ConfigError, DataError), match=words):
        lab.keep_plane(told, who="test")
    assert lab.store.ids() == []


def test_damaged_points_of_a_run_are_said(lab):
    run = lab.keep_plane(in_page({"data": "blob"}, some_z())["told"], who="test")
    (run.path / "inputs" / "points.npz").write_bytes(b"nothing")
    with pytest.raises(RunError, match=r"points\.npz"):
        run_data.load(run, lab.data_dir)

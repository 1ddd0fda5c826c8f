"""Stored generators: the same pixels as the command line, within a budget, errors in words."""

import shutil
import threading

import numpy as np
import pytest

from gan_core.cli import main
from gan_core.errors import CheckpointError, RunError
from gan_core.explore.generators import Busy, Generators
from gan_core.runs.saved import checkpoints
from gan_core.storage import images
from gan_core.tasks import latent
from tests.unit.explore.conftest import store_weights


@pytest.fixture
def generators(explore_lab):
    return Generators(explore_lab.store, explore_lab.data_dir)


@pytest.fixture
def copy(explore_lab, run_of):
    """A run of its own to damage; its id."""
    made = explore_lab.store.create(run_of("fast_gan").config)
    shutil.copytree(run_of("fast_gan").path / "weights", made.path / "weights")
    yield made
    shutil.rmtree(made.path)


def pixels(generators, run, step, z, label=3):
    rows = latent.one_hot(np.full(len(z), label), 10)
    with generators.use(run.id, step) as generator:
        return images.to_uint8(generator.images(z, rows if generator.num_classes else None))


@pytest.mark.parametrize("recipe", ["fast_gan", "acgan", "mlp_gan"])
def test_the_same_pixels_as_the_command_line(recipe, generators, run_of, explore_lab, tmp_path):
    out = tmp_path / "x.npz"
    own = ["--class", "3"] if recipe != "mlp_gan" else []
    args = ["sample", run_of(recipe).id, "--step", "10", "--count", "1", "--seed", "5", *own]
    folders = ["--runs-dir", str(explore_lab.store.root), "--data-dir", str(explore_lab.data_dir)]
    assert main([*args, "--out", str(out), *folders]) == 0
    with np.load(out) as file:
        np.testing.assert_array_equal(
            pixels(generators, run_of(recipe), 10, file["z"]), file["images"]
        )


def test_alone_and_in_a_batch(generators, run_of):
    z = latent.sample(100, 12, seed=1)
    together = pixels(generators, run_of("fast_gan"), 20, z).astype(int)
    alone = np.concatenate([pixels(generators, run_of("fast_gan"), 20, row[None]) for row in z])
    assert np.abs(together - alone).max() <= 1


def test_steps_do_not_mix(generators, run_of):
    run, z = run_of("fast_gan"), latent.sample(4, 12, seed=2)
    first = {step: pixels(generators, run, step, z) for step in (0, 10, 20)}
    assert not np.array_equal(first[0], first[10])
    for step in (20, 0, 10):
        np.testing.assert_array_equal(pixels(generators, run, step, z), first[step])


def test_the_newest_is_followed(generators, copy):
    with generators.use(copy.id) as generator:
        assert generator.step == 20
    arrays, _ = checkpoints.load_weights(copy.path, 10)
    store_weights(copy, 30, arrays)
    with generators.use(copy.id) as generator:
        assert generator.step == 30


def test_replaced_weights_are_read_again(generators, copy):
    z = latent.sample(2, 12, seed=3)
    before = pixels(generators, copy, 20, z)
    arrays, _ = checkpoints.load_weights(copy.path, 0)
    store_weights(copy, 20, arrays)
    after = pixels(generators, copy, 20, z)
    np.testing.assert_array_equal(after, pixels(generators, copy, 0, z))
    assert not np.array_equal(before, after)


def test_the_budget_holds(explore_lab, run_of):
    small = Generators(explore_lab.store, explore_lab.data_dir, budget=9 * 2**20)
    for _ in range(2):
        for recipe in ("fast_gan", "acgan", "mlp_gan"):
            for step in (0, 10, 20):
                pixels(small, run_of(recipe), step, latent.sample(1, 12, seed=0))
    assert small.bytes < 9 * 2**20


def test_errors_in_words(generators, run_of, copy):
    with pytest.raises(RunError, match=r"has no weights at step 7. Near: \[0, 10, 20\]"):
        pixels(generators, run_of("fast_gan"), 7, latent.sample(1, 12, seed=0))
    path = copy.path / "weights" / "000010.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    with pytest.raises(CheckpointError, match="damaged"):
        pixels(generators, copy, 10, latent.sample(1, 12, seed=0))
    assert pixels(generators, copy, 20, latent.sample(1, 12, seed=0)).shape == (1, 28, 28, 1)


def test_weights_of_another_network(generators, copy):
    arrays, _ = checkpoints.load_weights(copy.path, 0)
    first = next(iter(arrays))
    store_weights(copy, 40, arrays | {first: arrays[first][:-1]})
    pixels(generators, copy, 20, latent.sample(1, 12, seed=0))
    with pytest.raises(CheckpointError, match="of another network"):
        pixels(generators, copy, 40, latent.sample(1, 12, seed=0))
    assert pixels(generators, copy, 20, latent.sample(1, 12, seed=0)).shape == (1, 28, 28, 1)


def test_a_second_user_waits_and_is_told(explore_lab, run_of):
    busy = Generators(explore_lab.store, explore_lab.data_dir, patience=0.05)
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with busy.use(run_of("fast_gan").id):
            inside.set()
            leave.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(60)
    with pytest.raises(Busy, match="busy"), busy.use(run_of("fast_gan").id):
        pass
    leave.set()
    thread.join(20)
    with busy.use(run_of("fast_gan").id) as generator:
        assert generator.step == 20

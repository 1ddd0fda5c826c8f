"""A weight that a recipe does not take is told, not swallowed."""

import pytest

from gan_core import recipes
from gan_core.lab import Lab, unused


@pytest.mark.parametrize(
    ("recipe", "given", "named"),
    [
        ("fast_gan", {"r1_gamma": 0.2}, ["r1_gamma"]),
        ("wgan_gp", {"gp_weight": 3.0}, []),
        ("wgan_gp", {"r1_gamma": 3.0, "r2_gamma": 1.0}, ["r1_gamma", "r2_gamma"]),
        ("r3gan", {"r1_gamma": 3.0, "gp_weight": 1.0}, ["gp_weight"]),
    ],
)
def test_penalties_that_do_nothing_are_named(recipe, given, named):
    config = recipes.config(recipe, "mnist_5k", **given)
    assert sorted(unused.penalties(config)) == named


@pytest.mark.parametrize("recipe", sorted(recipes.names()))
def test_presets_warn_of_nothing(recipe):
    dataset = "ring" if recipes.get(recipe).needs == "points" else "mnist_5k"
    assert not unused.penalties(recipes.config(recipe, dataset))


def test_a_run_says_so_from_its_first_event_on(runs_dir, tmp_path):
    lab = Lab(runs_dir, tmp_path / "data")
    config = lab.make_config("lsgan", "mnist_5k", r1_gamma=0.2, num_steps=1)
    run = lab.create(config, who="test")
    (said,) = [e["text"] for e in run.events() if e["kind"] == "warning"]
    assert said.startswith("`r1_gamma` does nothing here")
    assert all(name in said for name in ("r3gan", "toy_mlp", "wgan_gp"))

"""Modes, nearness and diversity of points, against what geometry says."""

import math
from dataclasses import replace

import numpy as np
import pytest

from gan_core import cli, data
from gan_core.data import toy
from gan_core.doctor.record import probes
from gan_core.errors import DataError
from gan_core.evaluation import points
from gan_core.evaluation.run_evals import evals, evaluate_run
from gan_core.lab import Lab

COUNT = 2000


@pytest.fixture(scope="module")
def ring():
    return points.open_points(data.load("ring", "unused"), COUNT)


def gaussians(modes, std=toy.STD, seed=0):
    """COUNT points around these modes, as many around each."""
    rng = np.random.default_rng(seed)
    centres = np.resize(toy.ring_modes()[list(modes)], (COUNT, 2))
    return (centres + rng.normal(0, std, centres.shape)).astype(np.float32)


def test_fresh_points_of_the_ring_are_like_the_data(ring):
    found = points.measure(gaussians(range(8)), ring)
    assert found.values["modes"] == 8
    assert found.values["near"] == pytest.approx(1 - math.exp(-4.5), abs=0.008)  # Rayleigh
    assert found.values["diversity"] == pytest.approx(1.0, abs=0.02)
    assert found.values["fd_points_2k"] < 5 * found.values["fd_points_2k_error"] + 0.3
    assert found.values["mode_kl"] < 0.01 and found.values["coverage"] > 0.85
    assert found.count == COUNT and found.extractor == ring.extractor == "points:" + ring.judge.hash


@pytest.mark.parametrize("kept", [1, 3, 7])
def test_modes_that_are_left_are_counted(ring, kept):
    fakes = gaussians(range(kept))
    values = points.measure(fakes, ring).values
    assert values["modes"] == kept
    assert values["mode_kl"] == pytest.approx(math.log(8 / kept), abs=0.02)
    probed = points.probe(fakes, ring)
    assert sum(n > 0 for n in probed.modes) == kept and sum(probed.modes) <= COUNT
    assert probed.near == pytest.approx(values["near"])


def test_a_circle_between_the_modes_is_near_them_by_its_arcs(ring):
    """A chord of 3 sigma = 0.15 spans 2 asin(0.075) of the circle, to both sides of 8 modes."""
    angles = 2 * np.pi * np.arange(COUNT) / COUNT
    circle = np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32)
    share = 8 * 2 * 2 * math.asin(0.075) / (2 * math.pi)
    assert points.probe(circle, ring).near == pytest.approx(share, abs=0.01)


def test_one_single_point_has_no_diversity(ring):
    point = np.full((COUNT, 2), 0.3, np.float32)
    probed = points.probe(point, ring)
    assert (probed.diversity, probed.near, sum(probed.modes)) == (0.0, 0.0, 0)
    values = points.measure(point, ring).values
    assert values["modes"] == 0 and math.isnan(values["mode_kl"]) and values["recall"] == 0


def test_the_distance_orders_what_is_better_from_what_is_worse(ring):
    name, angles = "fd_points_2k", np.linspace(0, 2 * np.pi, COUNT, endpoint=False)
    fakes = [
        gaussians(range(8)),
        gaussians(range(7)),
        np.stack([np.cos(angles), np.sin(angles)], 1),
        np.full((COUNT, 2), 0.3),
    ]
    found = [points.measure(f.astype(np.float32), ring).values[name] for f in fakes]
    assert found == sorted(found) and found[-1] > 5 * found[-2]
    assert ring.floor[name] < found[1] < ring.ceiling[name]


def test_only_finite_points_in_the_plane_are_measured(ring):
    for wrong in (np.zeros((COUNT, 3)), np.zeros((5, 2)), np.full((COUNT, 2), np.nan)):
        with pytest.raises(DataError, match="Received|NaN"):
            points.probe(wrong, ring)
    dataset = data.load("ring", "unused")
    with pytest.raises(DataError, match="Received: `ring`"):
        points.open_points(replace(dataset, spec=replace(dataset.spec, kind="images")), COUNT)
    with pytest.raises(DataError, match="Received: 3"):
        points.open_points(dataset, 3)


def test_points_without_known_modes_have_diversity_alone(ring):
    dataset = data.load("ring", "unused")
    other = points.open_points(replace(dataset, spec=replace(dataset.spec, name="mine")), COUNT)
    probed = points.probe(gaussians(range(8)), other)
    assert probed.modes == () and probed.near is None and probed.diversity > 0.9
    assert "modes" not in points.measure(gaussians(range(8)), other).values


def test_a_run_on_points_is_probed_and_measured(tmp_path, capsys):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    run = lab.create(lab.make_config("toy_mlp", "ring", num_steps=40, width=4), who="test")
    lab.make_job(run.id, who="test").run()
    line = probes(run)[0]
    assert len(line["modes"]) == 8 and 0 <= line["near"] <= 1 and line["count"] == COUNT
    found = evaluate_run(run, lab.data_dir)
    kept = evals(run)[-1]
    assert kept["values"]["modes"] == found.values["modes"] and kept["step"] == 40
    assert kept["floor"] < kept["ceiling"] and kept["class_counts"] == []
    where = ["--runs-dir", str(lab.store.root), "--data-dir", str(lab.data_dir)]
    assert cli.main(["evaluate", run.id, *where]) == 0
    table = capsys.readouterr().out
    assert "modes" in table and "near" in table and "Measured on 2000 fakes by points:" in table

"""The real side: the cache, tiny sets, sets without labels."""

import numpy as np
import pytest

from gan_core import data
from gan_core.errors import DataError
from gan_core.evaluation.measure import count_name, measure, probe
from gan_core.evaluation.reference import open_reference


@pytest.fixture
def plain(tmp_path):
    """60 colour images without labels: too few for the counts asked of them."""
    images = np.random.default_rng(0).integers(0, 256, (60, 12, 10, 3), dtype=np.uint8)
    np.savez(tmp_path / "plain.npz", x_train=images)
    return data.load("plain", tmp_path)


def test_a_set_without_labels_has_distances_but_no_classes(plain, tmp_path):
    real = open_reference(plain, tmp_path / "cache", count=50)
    found = measure(plain.train[:50], None, real)
    assert found.extractor.startswith("mobilenet:") and found.class_counts == ()
    assert {"fd_mobilenet_50", "kd_mobilenet_50", "precision", "copies", "diversity"} <= set(
        found.values
    )
    assert not [name for name in found.values if "class" in name]
    assert found.copying
    assert real.floor_count == 30  # half of all there is
    assert set(real.floor) - set(found.values) == {"fd_mobilenet_30", "kd_mobilenet_30"} | {
        "fd_mobilenet_30_error",
        "kd_mobilenet_30_error",
    }
    assert np.isnan(probe(plain.train[:20], None, real).class_kl)


def test_the_cache_gives_the_same_reference(plain, tmp_path):
    phases = []
    first, second = (
        open_reference(plain, tmp_path / "cache", count=20, phase=phases.append) for _ in range(2)
    )
    assert phases == ["measuring real images"]
    assert first.floor == second.floor and first.ceiling == second.ceiling
    fakes = plain.held_out.repeat(4, axis=0)[:20]
    assert measure(fakes, None, first).values == measure(fakes, None, second).values


def test_another_count_or_a_damaged_file_is_measured_anew(plain, tmp_path):
    cache, phases = tmp_path / "cache", []
    floor = open_reference(plain, cache, count=20, phase=phases.append).floor
    for path in cache.iterdir():
        path.write_bytes(b"no archive")
    assert open_reference(plain, cache, count=20, phase=phases.append).floor == floor
    open_reference(plain, cache, count=21, phase=phases.append)
    assert len(phases) == 3


@pytest.mark.parametrize("count", [9, 50_001])
def test_counts_out_of_range(plain, tmp_path, count):
    with pytest.raises(DataError, match=f"10 to 50000. Received: {count}"):
        open_reference(plain, tmp_path, count=count)


def test_names_of_counts():
    assert [count_name(n) for n in (256, 1000, 2000, 2500, 10_000)] == [
        "256",
        "1k",
        "2k",
        "2500",
        "10k",
    ]

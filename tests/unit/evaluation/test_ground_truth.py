"""What must come out for images whose quality is known: real, noise, one class, copies, thinned."""

import numpy as np
import pytest

from gan_core.errors import DataError
from gan_core.evaluation.measure import measure, measure_any, probe
from gan_core.storage import images as pixels

COUNT = 400


def test_real_images_sit_on_the_floor(digits, real):
    found = measure(digits.unseen[:COUNT], digits.unseen_labels[:COUNT], real)
    values, floor, ceiling = found.values, real.floor, real.ceiling
    assert values["fd_judge_400"] < floor["fd_judge_400"] + 0.01 * ceiling["fd_judge_400"]
    assert abs(values["kd_judge_400"]) < 0.01 * ceiling["kd_judge_400"]
    for name in ("precision", "recall", "coverage", "diversity", "class_accuracy"):
        assert values[name] == pytest.approx(floor[name], abs=0.06), name
    assert values["density"] == pytest.approx(1.0, abs=0.15)
    assert values["class_kl"] < 0.05
    assert (found.missing, found.thin, found.copying) == ((), (), False)
    assert sum(found.class_counts) == COUNT == found.count
    assert found.extractor == f"judge:{real.judge.hash}"


def test_noise_sits_at_the_ceiling(digits, real):
    noise = np.random.default_rng(9).integers(0, 256, (COUNT, 28, 28, 1), np.uint8)
    values = measure(noise, np.arange(COUNT) % 10, real).values
    for name in ("fd_judge_400", "kd_judge_400"):
        assert values[name] == pytest.approx(real.ceiling[name], rel=0.05)
        assert values[name] > 100 * abs(real.floor[name])
    assert values["recall"] == 0.0 and values["coverage"] < 0.05
    assert values["class_accuracy"] == pytest.approx(0.1, abs=0.02)


def test_one_class_is_a_tenth_of_the_classes(digits, real):
    ones = np.flatnonzero(digits.unseen_labels == 1)[:250]
    found = measure_any(digits.unseen[ones], digits.unseen_labels[ones], real)
    assert found.values["class_kl"] == pytest.approx(2.30, abs=0.12)
    assert found.values["missing_classes"] == 9
    assert found.missing == tuple("023456789")
    assert found.values["class_accuracy"] > 0.97
    assert found.values["diversity"] < 0.7
    assert found.values["recall"] < 0.3 < 0.7 < found.values["precision"]


def test_a_thinned_class_and_a_lost_one_are_named(digits, real):
    labels = digits.unseen_labels
    keep = np.ones(len(labels), bool)
    keep[np.flatnonzero(labels == 7)[5:]] = False  # a fiftieth of them stays
    keep[np.flatnonzero(labels == 3)[80:]] = False  # under a third
    found = measure_any(digits.unseen[keep], None, real)
    assert (found.missing, found.thin) == (("7",), ("3",))
    assert "class_accuracy" not in found.values


def test_training_images_are_flagged_as_copies_and_new_ones_are_not(digits, real):
    copied = measure(digits.dataset.train[:COUNT], None, real)
    fresh = measure(digits.unseen[-COUNT:], None, real)
    assert copied.copying and copied.values["copies"] == 1.0 and copied.values["authentic"] == 0.0
    assert not fresh.copying and fresh.values["copies"] < 0.05
    half = np.concatenate([digits.unseen[:200], digits.dataset.train[:200]])
    assert measure(half, None, real).values["copies"] == pytest.approx(0.5, abs=0.03)


def test_few_different_images_are_counted(digits, real):
    drawn = digits.unseen[np.random.default_rng(0).integers(0, 40, COUNT)]
    values = measure(drawn, None, real).values
    assert values["support"] == pytest.approx(40, rel=0.25)
    assert values["duplicates"] > 0.95
    assert real.floor["support"] > 5000


def test_one_digit_repeated_has_no_diversity(digits, real):
    same = measure(np.repeat(digits.unseen[:1], COUNT, axis=0), None, real)
    assert same.values["diversity"] == pytest.approx(0.0, abs=1e-3)
    assert same.values["support"] == pytest.approx(1.0)


def test_floats_and_bytes_measure_the_same(digits, real):
    drawn = digits.unseen[:COUNT]
    as_bytes, as_floats = (measure(x, None, real) for x in (drawn, pixels.to_float(drawn)))
    assert as_bytes.values == as_floats.values


def test_order_does_not_matter(digits, real):
    drawn, mixed = digits.unseen[:COUNT], np.random.default_rng(0).permutation(COUNT)
    a, b = (measure(x, None, real) for x in (drawn, drawn[mixed]))
    for name in a.values.keys() - {"fd_judge_400_error"}:  # resampled
        assert a.values[name] == pytest.approx(b.values[name], rel=1e-5, abs=1e-6), name


def test_probe_sees_collapse(digits, real):
    good = probe(digits.unseen[:256], None, real)
    ones = probe(digits.unseen[digits.unseen_labels == 1][:256], None, real)
    assert good.class_kl < 0.1 and good.missing == () and 0.9 < good.diversity < 1.1
    assert ones.class_kl == pytest.approx(2.30, abs=0.12) and len(ones.missing) == 9
    assert ones.diversity < 0.7 and sum(ones.class_counts) == ones.count


def test_refusals(digits, real):
    with pytest.raises(DataError, match=r"equal counts. Received: 300 images. Allowed: 400"):
        measure(digits.unseen[:300], None, real)
    with pytest.raises(DataError, match=r"\[28, 28, 1\]. Received: \[400, 14, 28, 1\]"):
        measure(digits.unseen[:400, ::2], None, real)
    with pytest.raises(DataError, match=r"at least 10 images"):
        probe(digits.unseen[:9], None, real)
    broken = pixels.to_float(digits.unseen[:400])
    broken[3, 4, 5] = np.nan
    with pytest.raises(DataError, match="NaN or infinite"):
        measure(broken, None, real)

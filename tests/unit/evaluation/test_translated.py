"""Measures of translators: of answers whose value is known beforehand."""

import numpy as np
import pytest

from gan_core.data import Dataset, DatasetSpec
from gan_core.errors import DataError
from gan_core.evaluation import translated
from gan_core.evaluation.judge import accuracy, look
from gan_core.evaluation.target_judge import images_of, judge_of, seeing
from gan_core.storage.images import to_float


def spec_of(kind, shape, target, train, held_out):
    return DatasetSpec(
        "made", "Made", kind, shape, 0, (), train, held_out, "file", "", "", target_shape=target
    )


@pytest.fixture(scope="module")
def waves():
    """60 grey images uint8 [60, 16, 16, 1] that differ."""
    rng = np.random.default_rng(0)
    y, x = np.meshgrid(np.arange(16), np.arange(16), indexing="ij")
    found = [np.sin(a * x + b * y + c) for a, b, c in rng.uniform(0.1, 0.7, (60, 3))]
    return np.rint(127.5 * (np.stack(found)[..., None] + 1)).astype(np.uint8)


@pytest.fixture(scope="module")
def pairs(waves):
    """From a grey image to its negative in colour."""
    both = {"input": waves, "target": np.repeat(255 - waves, 3, axis=3)}
    splits = {
        "train": {n: a[:30] for n, a in both.items()},
        "held_out": {n: a[30:] for n, a in both.items()},
    }
    return Dataset(spec_of("pairs", (16, 16, 1), (16, 16, 3), 30, 30), splits)


@pytest.fixture(scope="module")
def sides(waves):
    """a and their negatives, other ones in training."""
    held_out = {
        "a": waves[40:],
        "b": 255 - waves[40:],
        "a_truth": 255 - waves[40:],
        "b_truth": waves[40:],
    }
    train = {"a": waves[:20], "b": 255 - waves[20:40]}
    return Dataset(
        spec_of("sides", (16, 16, 1), (16, 16, 1), 20, 20),
        {"train": train} | {"held_out": held_out},
    )


def reference_of(dataset, tmp_path, *ways):
    return translated.open_reference(dataset, tmp_path, ways, count=30)


def negative(images, way):
    return np.repeat(-images, 3, axis=3)


class TestPairs:
    def test_the_truth_has_the_best_of_all_values(self, pairs, tmp_path):
        reference = reference_of(pairs, tmp_path, "target")
        values = translated.measure(negative, reference).values
        assert values["l1"] == 0.0 and values["psnr"] == 100.0
        assert values["ssim"] == values["agreement"] == pytest.approx(1.0)
        assert values["feature_distance"] == pytest.approx(0.0, abs=1e-9)
        assert values["fd_mobilenet_30"] == pytest.approx(0.0, abs=1e-3)
        assert values["sharpness"] == values["diversity"] == pytest.approx(1.0, rel=1e-5)
        assert "class_kept" not in values  # nobody knows classes here

    def test_doing_nothing_has_the_values_that_stand_beside(self, pairs, tmp_path):
        reference = reference_of(pairs, tmp_path, "target")
        found = translated.measure(lambda x, way: np.repeat(x, 3, axis=3), reference)
        assert found.values == pytest.approx(found.beside["input"])
        assert found.values["change"] == 0.0 and found.values["agreement"] == pytest.approx(-1.0)
        inputs = to_float(pairs.splits["held_out"]["input"])
        assert found.values["l1"] == pytest.approx(2 * np.abs(inputs).mean(), rel=1e-5)
        assert found.count == 30

    @pytest.mark.thorough
    def test_the_mean_image_has_no_diversity(self, pairs, tmp_path):
        mean = reference_of(pairs, tmp_path, "target").beside["mean"]
        assert mean["diversity"] == pytest.approx(0.0, abs=1e-5)
        assert 0 < mean["l1"] < 2

    @pytest.mark.thorough
    def test_a_blurred_answer_is_softer(self, pairs, tmp_path):
        def blurred(images, way):
            there = negative(images, way)
            return (there + np.roll(there, 3, axis=1) + np.roll(there, 3, axis=2)) / 3

        reference = reference_of(pairs, tmp_path, "target")
        assert translated.measure(blurred, reference).values["sharpness"] < 0.8

    def test_broken_outputs_are_refused(self, pairs, tmp_path):
        reference = reference_of(pairs, tmp_path, "target")
        with pytest.raises(DataError, match="NaN"):
            translated.measure(lambda x, way: np.repeat(x * np.nan, 3, axis=3), reference)

    def test_a_handful_of_images_measures_nothing(self, pairs, tmp_path):
        few = {n: a[:5] for n, a in pairs.splits["held_out"].items()}
        dataset = Dataset(pairs.spec, {**pairs.splits, "held_out": few})
        with pytest.raises(DataError, match="at least 10 held-out images"):
            reference_of(dataset, tmp_path, "target")


class TestSides:
    def test_both_ways_and_their_mean(self, sides, tmp_path):
        reference = reference_of(sides, tmp_path, "b", "a")
        values = translated.measure(lambda x, way: -x if way == "b" else 0.5 * -x, reference).values
        assert values["to_b/l1"] == 0.0 and values["to_a/l1"] > 0.1
        assert values["l1"] == pytest.approx((values["to_b/l1"] + values["to_a/l1"]) / 2)
        assert values["fd_mobilenet_20"] == pytest.approx(
            (values["to_b/fd_mobilenet_20"] + values["to_a/fd_mobilenet_20"]) / 2
        )
        assert values["to_a/cycle"] > values["to_b/cycle"] / 2 > 0

    def test_a_true_inverse_comes_back_also_with_noise(self, sides, tmp_path):
        reference = reference_of(sides, tmp_path, "b", "a")
        values = translated.measure(lambda x, way: -x, reference).values
        assert values["cycle"] == 0.0
        assert values["cycle_noise"] == pytest.approx(0.8 * translated.NOISE, rel=0.1)

    @pytest.mark.thorough
    def test_an_input_that_is_hidden_in_the_output_is_found(self, sides, tmp_path):
        """The way there keeps a thousandth of the input, which the way back enlarges."""

        def hiding(images, way):
            return 1e-3 * images if way == "b" else np.clip(1e3 * images, -1, 1)

        reference = reference_of(sides, tmp_path, "b", "a")
        values = translated.measure(hiding, reference).values
        assert values["to_b/cycle"] < 1e-4
        assert values["to_b/cycle_noise"] > 0.5

    def test_one_direction_alone_has_no_way_back(self, sides, tmp_path):
        reference = reference_of(sides, tmp_path, "b")
        values = translated.measure(lambda x, way: -x, reference).values
        assert "cycle" not in values and values["to_b/l1"] == values["l1"] == 0.0
        assert not any(name.startswith("to_a/") for name in values)

    def test_where_nobody_knows_the_truth_there_is_no_l1(self, sides, tmp_path):
        held_out = {n: sides.splits["held_out"][n] for n in ("a", "b")}
        dataset = Dataset(sides.spec, {**sides.splits, "held_out": held_out})
        reference = reference_of(dataset, tmp_path, "b", "a")
        values = translated.measure(lambda x, way: x, reference).values
        assert "l1" not in values and values["agreement_input"] == pytest.approx(1.0)
        assert values["change"] == 0.0

    def test_a_probe_is_of_few_and_knows_what_the_input_is_worth(self, sides, tmp_path):
        reference = reference_of(sides, tmp_path, "b", "a")
        values = translated.probe_values(lambda x, way: -x, reference, 12)
        assert values["to_b/l1_input"] > 0.5 and values["to_b/change"] > 0.5
        assert not any("fd_" in name for name in values)


@pytest.fixture(scope="module")
def coloured(digits):
    """Digits as pairs with their negative in colour as the target."""
    d = digits.dataset
    splits = {
        name: {"input": x, "target": np.repeat(255 - x, 3, axis=3), "label": y}
        for name, x, y in (
            ("train", d.train, d.train_labels),
            ("held_out", d.held_out, d.held_out_labels),
        )
    }
    return Dataset(d.spec, splits)


class TestJudges:
    def test_the_bundled_judge_sees_digits_in_colour_and_as_negatives(self, coloured, tmp_path):
        phases = []
        judge = judge_of(coloured, "target", tmp_path, phase=phases.append)
        assert phases == [] and judge.num_classes == 10 and judge.accuracy > 0.95
        target = images_of(coloured, "target")
        assert accuracy(judge, target.held_out, target.held_out_labels) > 0.95

    def test_a_judge_that_sees_a_negative_answers_as_for_the_image(self, coloured, tmp_path):
        plain = judge_of(coloured, "input", tmp_path)
        other = seeing(plain, 3, -1)
        held_out = coloured.splits["held_out"]
        same = look(plain, held_out["input"])[1] == look(other, held_out["target"])[1]
        assert same.mean() > 0.99

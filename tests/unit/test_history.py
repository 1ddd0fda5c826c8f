"""The picture of a run's course: right numbers, colours and dashes, and no trace in pyplot."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib import colors
from PIL import Image

from gan_core.errors import ConfigError, RunError
from gan_core.export import curves as history
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.store import RunStore
from gan_core.storage import files

NAMES = (
    "g_loss",
    "d_loss",
    "real_accuracy",
    "fake_accuracy",
    "real_score",
    "fake_score",
    "real_prob",
    "fake_prob",
    "g_grad_norm",
    "d_grad_norm",
)


def make_run(root, steps, names=NAMES, value=lambda i, k: 0.1 + 0.01 * k + (i % 7) / 20):
    """A run with these steps measured; `value(step, column)`."""
    run = RunStore(root).create({"recipe": "fast_gan", "dataset": "mnist_5k"})
    writer = MetricsWriter(run.path, names)
    for i in range(1, steps + 1):
        values = [value(i, k) for k in range(len(names))]
        writer.append(i, 64 * i, 0.5 * i, (), values)
    writer.close()
    return run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    run = make_run(tmp_path_factory.mktemp("runs"), 300)
    run.log_event("knob", step=120, who="page", changes={"g_lr": [0.002, 0.001]})
    run.log_event("checkpoint", step=200, who="training")
    run.log_event("knob", step=210, who="page", changes={"n_critic": [1.0, 2.0]})
    return run


@pytest.fixture(scope="module")
def picture(run):
    return history.figure(run)


def panel(picture, title):
    return next(ax for ax in picture.axes if ax.get_title("left").startswith(title))


def curves(ax):
    """The lines with data, without the dotted ones."""
    return [line for line in ax.lines if len(line.get_xdata()) > 2]


class TestFigure:
    def test_panels_of_what_was_measured(self, picture, run):
        titles = [ax.get_title("left") for ax in picture.axes]
        assert titles == ["loss", "accuracy", "score", "gradient norm"]
        assert run.id in [text.get_text() for text in picture.texts]
        assert "300 steps, 2.5 minutes" in [text.get_text() for text in picture.texts]
        assert all(ax.get_title("right").endswith(".") for ax in picture.axes)

    @pytest.mark.parametrize(
        ("title", "cool", "warm"),
        [
            ("loss", "#1F4FC4", "#A83A06"),
            ("accuracy", "#0B8C82", "#B58000"),
            ("score", "#0B8C82", "#B58000"),
            ("gradient norm", "#1F4FC4", "#A83A06"),
        ],
    )
    def test_cool_is_solid_and_warm_is_dashed(self, picture, title, cool, warm):
        raw_1, smooth_1, raw_2, smooth_2 = curves(panel(picture, title))
        assert [colors.to_hex(c.get_color()).upper() for c in (raw_1, smooth_1)] == [cool] * 2
        assert [colors.to_hex(c.get_color()).upper() for c in (raw_2, smooth_2)] == [warm] * 2
        assert smooth_1.get_linestyle() == "-" and smooth_2.get_linestyle() == "--"
        assert raw_1.get_linestyle() == raw_2.get_linestyle() == "-"
        assert raw_1.get_linewidth() < smooth_1.get_linewidth() and raw_1.get_alpha() == 0.26

    def test_thin_lines_are_the_stored_numbers(self, picture, run):
        rows = run.metrics().rows(1)
        raw_d, _, raw_g, _ = curves(panel(picture, "loss"))
        np.testing.assert_array_equal(raw_d.get_xdata(), np.arange(1, 301))
        np.testing.assert_array_equal(raw_d.get_ydata(), rows["d_loss"])
        np.testing.assert_array_equal(raw_g.get_ydata(), rows["g_loss"])

    def test_last_values_stand_at_the_ends(self, picture):
        texts = [t.get_text() for t in panel(picture, "loss").texts]
        # 300 % 7 is 6: 0.1 + 0.3, and a hundredth more for the second column
        assert {"g_loss 0.40", "d_loss 0.41"} <= set(texts)

    def test_labels_do_not_touch(self, picture):
        for ax in picture.axes:
            heights = sorted(t.get_position()[1] for t in ax.texts if t.get_position()[0] == 1.01)
            assert len(heights) == 2 and heights[1] - heights[0] >= history.LABEL_GAP - 1e-9
            assert heights[0] >= 0 and heights[1] <= 1

    def test_knob_turns_are_dotted(self, picture):
        for ax in picture.axes:
            dotted = [line for line in ax.lines if list(line.get_xdata()) in ([120] * 2, [210] * 2)]
            assert len(dotted) == 2 and {line.get_linestyle() for line in dotted} == {"--"}
        texts = [t.get_text().strip() for t in panel(picture, "loss").texts]
        assert {"g_lr 0.002 → 0.001", "n_critic 1 → 2"} <= set(texts)

    def test_at_most_2000_points(self, tmp_path):
        run = make_run(tmp_path, 4500, NAMES[:2])
        picture = history.figure(run)
        assert len(curves(picture.axes[0])[0].get_xdata()) == 4500 / 4
        assert any("one point is 4 steps" in text.get_text() for text in picture.texts)

    def test_wasserstein_has_scores_and_no_accuracy(self, tmp_path):
        names = ("g_loss", "d_loss", "real_score", "fake_score", "penalty/gradient_penalty")
        picture = history.figure(make_run(tmp_path, 20, names, value=lambda i, k: -i * (k + 1.0)))
        titles = [ax.get_title("left") for ax in picture.axes]
        assert titles == ["loss", "score", "penalty"]
        assert "larger for real" in panel(picture, "score").get_title("right")
        assert "g_loss −20.00" in [t.get_text() for t in panel(picture, "loss").texts]

    def test_the_accuracy_says_what_counts_as_real(self):
        from gan_core.algorithms.losses import LOSSES

        said = {0.0: "score above 0.", 0.5: "score above 0.5.", "pair": "score above its fake's."}
        for name, loss in LOSSES.items():
            if loss.threshold is not None:
                aid = history.panels(["real_accuracy"], name)[0].aid
                assert said[loss.threshold] in aid and len(aid) < 150

    def test_an_outlier_does_not_flatten_the_rest(self, tmp_path):
        run = make_run(tmp_path, 1000, value=lambda i, k: 5000.0 if i == 1 else (i % 5) / 5)
        ax = panel(history.figure(run), "loss")
        assert ax.get_ylim()[1] < 2
        assert "Outside: up to 5,000.00" in ax.get_title("right")

    def test_steps_that_measured_only_one_network(self, tmp_path):
        run = make_run(tmp_path, 30, value=lambda i, k: float("nan") if k % 2 else 0.5)
        texts = [t.get_text() for t in panel(history.figure(run), "loss").texts]
        assert texts == ["g_loss 0.50"]

    def test_nothing_finite_at_all(self, tmp_path):
        picture = history.figure(make_run(tmp_path, 3, value=lambda i, k: float("nan")))
        assert len(picture.axes) == 4


class TestSmoothing:
    def test_half_life(self):
        # after the step from 0 to 1 the old value's share halves every 10 points
        out = history.smoothed(np.r_[np.zeros(2000), np.ones(30)], 10)
        assert out[1999] == 0
        assert out[[2009, 2019, 2029]] == pytest.approx([0.5, 0.75, 0.875])

    def test_constants_stay_and_gaps_are_bridged(self):
        out = history.smoothed([np.nan, 3, 3, np.nan, 3], 2)
        assert np.isnan(out[0]) and np.allclose(out[1:], 3)

    def test_short_runs_stay_as_they_are(self):
        assert history.smoothed([1, 5, 2], 0.5).tolist() == [1, 5, 2]


class TestFile:
    def test_png(self, run, tmp_path):
        path = history.history(run, tmp_path / "h.png")
        with Image.open(path) as image:
            image.load()
            assert image.format == "PNG" and image.size == (1200, round(120 * (4 * 2.2 + 0.7)))
        assert [p.name for p in tmp_path.iterdir()] == ["h.png"]

    @pytest.mark.parametrize("steps", [1, 2])
    def test_the_first_steps(self, tmp_path, steps):
        assert history.history(make_run(tmp_path, steps), tmp_path / "h.png").stat().st_size > 1000

    def test_no_curves_yet(self, tmp_path):
        run = RunStore(tmp_path / "runs").create({"recipe": "fast_gan", "dataset": "mnist_5k"})
        with pytest.raises(RunError, match="00001-fast_gan-mnist_5k has no curves yet"):
            history.history(run, tmp_path / "h.png")
        MetricsWriter(run.path, NAMES).close()
        with pytest.raises(RunError, match="has no curves yet"):
            history.history(run, tmp_path / "h.png")

    def test_wrong_suffix(self, run, tmp_path):
        with pytest.raises(ConfigError, match=r"must end in \.png. Received: `.*h\.pdf`"):
            history.history(run, tmp_path / "h.pdf")

    def test_pyplot_is_never_touched(self):
        code = "import sys, gan_core.export.curves; assert 'matplotlib.pyplot' not in sys.modules"
        subprocess.run([sys.executable, "-c", code], check=True)


def test_curves_of_translators_have_l1_with_that_of_held_out_pairs(tmp_path):
    run = make_run(tmp_path, 100, (*NAMES, "l1"))
    for step, l1 in ((80, 0.2), (40, 0.3), (80, 0.25)):
        line = {
            "step": step,
            "count": 30,
            "extractor": "judge:a:pairs",
            "values": {"l1": l1, "fd_judge_30": 5.0},
        }
        files.append_jsonl(run.path / "evals.jsonl", line)
    picture = history.figure(run)
    ax = panel(picture, "L1 to the target")
    (held,) = (line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 2)
    assert list(held.get_xdata()) == [40, 80] and list(held.get_ydata()) == [0.3, 0.25]
    assert any(text.get_text() == "l1, held out 0.25" for text in ax.texts)
    names = ["g_loss", "cycle", "identity", "nce"]
    titles = [p.title for p in history.panels(names)]
    assert titles == ["loss", "Cycle", "Identity", "Patches of input and output"]

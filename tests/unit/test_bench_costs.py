"""What a step, a long run and a start cost: small real ones, from the command line."""

import json

import pytest

from gan_core.bench import charts, growth
from gan_core.cli import main


def test_shapes_change_one_value_of_the_base():
    found = growth.shapes()
    assert found[0] == growth.BASE and len(found) == 1 + sum(map(len, growth.VALUES.values())) - 4
    for shape in found[1:]:
        assert sum(shape[name] != value for name, value in growth.BASE.items()) == 1


def test_noise_has_the_shape_that_was_asked():
    noise = growth.noise(32, 3)
    assert noise.train.shape == (growth.IMAGES, 32, 32, 3) and noise.train.dtype == "uint8"
    assert set(noise.train_labels) == set(range(10))


@pytest.mark.thorough
def test_a_larger_batch_is_more_arithmetic_in_proportion(monkeypatch):
    monkeypatch.setattr(growth, "VALUES", {"batch_size": (64, 128)})
    small, large = growth.growth("mlp_gan", rounds=1, seconds=0.05)
    work = [row["gflops"] * row["ms_per_step"] for row in (small, large)]
    assert work[1] / work[0] == pytest.approx(2, rel=0.1)
    assert small["images_per_second"] == pytest.approx(64e3 / small["ms_per_step"])
    (axes,) = charts.growth_figure([small, large], "mlp_gan").axes
    drawn = axes.lines[0].get_xydata().tolist()
    assert drawn == [[64, small["images_per_second"]], [128, large["images_per_second"]]]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["64", "128"]


def test_quality_over_time_is_drawn_beside_what_was_recorded():
    def row(contender, mark, low, fd, high):
        return {"contender": contender, "mark": mark, "fd": fd, "fd_low": low, "fd_high": high}

    medians = [row("ours", 10, 20, 30, 40), row("ours", 60, 2, 3, 4), row("theirs", 10, 80, 90, 95)]
    against = [  # each contender has a row for each recorded step
        {"contender": name, "recorded": "tf_dcgan", "seconds": seconds, "fd": fd}
        for name in ("ours", "theirs")
        for seconds, fd in ((3600, 38), (120, 300))
    ]
    (axes,) = charts.quality_figure(medians, against, floor=0.5).axes
    drawn = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    assert drawn["ours"] == [[10, 30], [60, 3]] and drawn["theirs"] == [[10, 90]]
    assert drawn["tf_dcgan, recorded"] == [[120, 300], [3600, 38]]
    assert set(axes.lines[-1].get_ydata()) == {0.5}
    corners = axes.collections[0].get_paths()[0].vertices.tolist()
    assert all(corner in corners for corner in ([10, 20], [10, 40], [60, 2], [60, 4]))
    ticks = [text.get_text() for text in axes.get_xticklabels()]
    assert ticks == ["10 s", "30 s", "1 min", "2 min", "5 min", "15 min", "1 h"]
    assert axes.get_xscale() == axes.get_yscale() == "log"


def test_few_marks_are_the_ticks_where_no_round_time_is_among_them():
    row = {"contender": "ours", "mark": 7.0, "fd": 3, "fd_low": 2, "fd_high": 4}
    (axes,) = charts.quality_figure([row, row | {"mark": 8.0}], [], floor=1).axes
    assert [text.get_text() for text in axes.get_xticklabels()] == ["7 s", "8 s"]


def test_a_run_is_watched_in_ten_parts(tmp_path, capsys):
    folders = ["--runs-dir", str(tmp_path / "runs"), "--data-dir", str(tmp_path / "data")]
    assert main(["bench", "endurance", "--steps", "40", "--json", *folders]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["step"] for row in rows] == list(range(4, 41, 4))
    assert all(row["ms_per_step"] > 0 and row["memory_mb"] > 50 for row in rows)
    assert rows[-1]["metrics_mb"] >= rows[0]["metrics_mb"] > 0
    assert rows[-1]["run_mb"] > rows[-1]["metrics_mb"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("growth", "--rounds", "0"), "`--rounds` must be at least 1. Received: 0"),
        (("growth", "--seconds", "0"), "`--seconds` must be greater than 0"),
        (("growth", "--plot", "g.pdf"), "`--plot` must end in .png"),
        (("growth", "--recipe", "fast"), "Unknown recipe `fast`"),
        (("growth", "--recipe", "toy_mlp"), "`toy_mlp` needs 2-D points"),
        (("endurance", "--steps", "9"), "`--steps` must be at least 10"),
        (("start", "--rounds", "0"), "`--rounds` must be at least 1"),
        (("start", "--dataset", "nothing"), "nothing"),
    ],
)
def test_bad_input_in_words(words, text, capsys, tmp_path):
    folders = ["--runs-dir", str(tmp_path / "runs"), "--data-dir", str(tmp_path / "data")]
    assert main(["bench", *words, *folders]) == 2
    assert text in capsys.readouterr().err


@pytest.mark.slow
def test_a_start_is_a_process_of_its_own(capsys, tmp_path):
    words = ["--recipe", "toy_mlp", "--dataset", "ring", "--rounds", "1", "--json"]
    assert main(["bench", "start", *words, "--data-dir", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)["rows"]
    assert found["import_seconds"] > 0.5 and 0 < found["first_step_seconds"] < 60
    assert found["memory_mb"] > 200

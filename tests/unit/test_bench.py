"""Benchmarks: who takes part, what a worker answers, how results are told."""

import itertools
import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from gan_core import data
from gan_core.bench import contenders, recorded, report, throughput, time_to_quality, worker
from gan_core.bench.baselines import tf_acgan
from gan_core.bench.contenders import Contender, Loop
from gan_core.cli import bench, main
from gan_core.errors import ConfigError, RunError

BASELINES = ("tf_dcgan", "tf_acgan", "torch_dcgan", "untuned", "tf_pix2pix", "tf_cyclegan")
CURVES = Path(__file__).resolve().parents[2] / "docs" / "curves"


@pytest.fixture
def now(monkeypatch):
    """The time, which passes only when it is told to."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return now


def loop_of(seconds: float, now: list[float]) -> Loop:
    """A loop whose every step takes so many seconds."""

    def step():
        now[0] += seconds

    return Loop(10, step, lambda count, labels: np.zeros((count, 2)), False)


class TestContenders:
    def test_every_baseline_file_is_found(self):
        wanted = {f"baseline:{n}" for n in BASELINES}
        assert set(contenders.baselines()) == wanted

    def test_unknown_name_with_a_suggestion(self):
        with pytest.raises(ConfigError, match="Unknown contender `fast_gn`. Did you mean `fast_"):
            contenders.check("fast_gn")

    def test_a_recipe_with_settings_of_its_own(self, tmp_path):
        ring = data.load("ring", tmp_path)
        name = "toy_mlp:batch_size=16:d_lr=0.5"
        contenders.check(name)
        assert contenders.open_loop(name, ring, seed=1).batch_size == 16
        assert Contender(name).title == "toy_mlp, batch_size=16, d_lr=0.5"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("toy_mlp:batch_sise=16", "batch_sise"),
            ("toy_mlp:batch_size=0", "batch_size"),
            ("toy_mlp:batch_size", "Unknown contender"),
            ("baseline:tf_dcgan:width=3", "Unknown contender"),
            ("fast_gn:width=3", "Unknown contender"),
        ],
    )
    def test_settings_that_a_contender_does_not_have(self, name, said):
        with pytest.raises(ConfigError, match=said):
            contenders.check(name)

    def test_title(self):
        assert Contender("baseline:tf_dcgan", onednn=False).title == "tf_dcgan, oneDNN off"

    def test_a_recipe_of_ours_is_a_loop(self, tmp_path):
        ring = data.load("ring", tmp_path)
        loop = contenders.open_loop("toy_mlp", ring, seed=1)
        before = loop.fakes(4, None)
        loop.step()
        assert before.shape == (4, 2) and loop.batch_size > 1 and not loop.has_classes
        assert np.array_equal(contenders.open_loop("toy_mlp", ring, seed=1).fakes(4, None), before)
        assert not np.array_equal(loop.fakes(4, None), before)


def test_each_step_of_the_acgan_baseline_trains_one_network(eagerly):
    d, g, combined = tf_acgan.compiled()
    z, classes, soft = np.full((2, 100), 0.5), np.array([[1], [7]]), np.full((2, 1), 0.95)
    steps = {
        "d": lambda: tf_acgan.train_d(d, np.zeros((2, 28, 28, 1)), [soft, classes]),
        "g": lambda: tf_acgan.train_g(combined, d, [z, classes], [soft, classes]),
    }
    for name in ("d", "g", "d", "g"):
        before = {"d": d.get_weights(), "g": g.get_weights()}
        steps[name]()
        after = {"d": d.get_weights(), "g": g.get_weights()}
        changed = {n for n in after if not all(map(np.array_equal, before[n], after[n]))}
        assert changed == {name}


class TestClock:
    def test_counts_training_only(self, now):
        clock = worker.Clock(loop_of(0.25, now))
        told = worker.answer({"do": "steps", "count": 3}, clock)
        assert told["seconds"] == 0.75 and told["cpu_seconds"] >= 0
        now[0] += 20  # between requests: on nobody's clock
        found = worker.answer({"do": "until", "seconds": 1.6}, clock)
        assert (found["seconds"], found["steps"]) == (1.75, 7)

    def test_a_time_that_has_passed_trains_no_step(self, now):
        clock = worker.Clock(loop_of(0.25, now))
        clock.seconds = 5.0
        found = worker.answer({"do": "until", "seconds": 2}, clock)
        assert (found["seconds"], found["steps"]) == (5.0, 0)

    def test_processor_time_is_a_clock_too(self, now, monkeypatch):
        """Two threads at once: twice as much as passes on the wall."""
        monkeypatch.setattr(time, "process_time", lambda: 2 * now[0])
        found = worker.answer({"do": "until", "cpu_seconds": 3}, worker.Clock(loop_of(0.25, now)))
        assert found == {"seconds": 1.5, "steps": 6, "cpu_seconds": 3.0}

    def test_steps_count_from_the_beginning(self, now):
        clock = worker.Clock(loop_of(0.25, now))
        assert worker.answer({"do": "until", "steps": 5}, clock)["steps"] == 5
        assert worker.answer({"do": "until", "steps": 8}, clock)["steps"] == 8
        assert worker.answer({"do": "until", "steps": 3}, clock)["steps"] == 8

    def test_fakes_go_to_a_file(self, tmp_path, now):
        request = {"do": "fakes", "path": str(tmp_path / "f.npy"), "labels": [0, 1, 2]}
        assert worker.answer(request, worker.Clock(loop_of(0.25, now))) == {"count": 3}
        assert np.load(tmp_path / "f.npy").shape == (3, 2)


class TestTables:
    def test_medians_over_seeds(self):
        rows = [
            {"contender": "a", "mark": 5, "seed": s, "fd": fd, "steps": 10 * s, "recall": 0.5}
            for s, fd in ((1, 9.0), (2, 3.0), (3, 4.0))
        ]
        (found,) = time_to_quality.medians(rows)
        assert (found["fd"], found["fd_low"], found["fd_high"], found["steps"]) == (4, 3, 9, 20)
        table = report.quality_table([found], floor=1.46)
        assert table.splitlines()[0] == "| real images: 1.46 | 5 s |"
        assert table.splitlines()[2] == "| a | 4.0 (3.0 to 9.0) |"
        assert "| 5 steps |" in report.quality_table([found], floor=1.46, unit="steps")

    def test_speed_is_compared_by_images(self):
        rows = [
            {"contender": name, "batch_size": batch, "ms_per_step": ms, "ms_low": ms,
             "ms_high": ms, "ms_least": ms / 2, "cpu_ms": 2 * ms,
             "images_per_second": 1e3 * batch / ms, "gflops": gflops}
            for name, batch, ms, gflops in (("ours", 100, 50.0, 81.3), ("theirs", 200, 200.0, None))
        ]  # fmt: skip
        lines = report.throughput_table(rows).splitlines()
        same = "1.00 / 1.00 / 1.00"
        assert lines[2] == (
            f"| ours | 100 | 50.0 | 50.0 to 50.0 | 25.0 | 100.0 | 2,000 | 81 | {same} |"
        )
        assert lines[3].endswith("| 1,000 |  | 2.00 / 2.00 / 2.00 |")

    def test_arithmetic_is_counted_in_the_graph_of_a_step(self):
        import tensorflow as tf

        a = tf.ones([30, 40])
        step = tf.function(lambda: tf.matmul(a, a, transpose_b=True))
        assert contenders.gflop_of(step) == pytest.approx(2 * 30 * 30 * 40 / 1e9)
        assert contenders.gflop_of(lambda: None) is None

    def test_the_speed_of_a_matrix_product_is_its_arithmetic_a_second(self, monkeypatch):
        ticks = itertools.count()
        monkeypatch.setattr(time, "perf_counter", lambda: next(ticks) / 1000)
        speed = throughput.matrix_gflops(size=64, repeats=3)
        assert speed == pytest.approx(2 * 64**3 / 0.001 / 1e9)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("throughput", "--contenders", "nope"), "Unknown contender `nope`"),
        (("throughput", "--rounds", "1"), "`--rounds` must be at least 2"),
        (("time-to-quality", "--marks", "5,x"), "`--marks` needs numbers above 0"),
        (("time-to-quality", "--seeds", "0"), "`--seeds` needs numbers above 0"),
        (
            ("time-to-quality", "--unit", "steps", "--against", "a.json"),
            "`--against` needs marks in seconds",
        ),
        (
            ("time-to-quality", "--unit", "steps", "--plot", "a.png"),
            "`--plot` needs marks in seconds",
        ),
        (("time-to-quality", "--plot", "a.pdf"), "`--plot` must end in .png"),
        (("time-to-quality", "--plot", "no/such/folder/a.png"), "in a folder that exists"),
        (
            ("time-to-quality", "--contenders", "fast_gan", "--record", "no/such/folder/a.json"),
            "a new file in a folder that exists. Received: `--record no/such/folder/a.json`",
        ),
        (
            ("time-to-quality", "--contenders", "fast_gan", "--record", __file__),
            "a new file in a folder",
        ),
    ],
)
def test_bad_input_in_words(words, text, capsys):
    assert main(["bench", *words]) == 2
    assert text in capsys.readouterr().err


def test_folders_are_flags_of_what_is_measured(capsys):
    """Before it they would be read, and then be forgotten."""
    with pytest.raises(SystemExit):
        main(["bench", "--data-dir", "d", "throughput"])
    assert "invalid choice: 'd'" in capsys.readouterr().err


@pytest.mark.slow
def test_a_worker_that_was_killed_is_named(tmp_path):
    """Its broken pipe would end the whole command as if it had done its work."""
    ring = worker.Worker(Contender("toy_mlp"), "ring", 1, tmp_path)
    assert ring.ask(do="steps", count=2)["seconds"] > 0
    os.kill(ring._process.pid, signal.SIGKILL)
    ring._process.wait()
    with pytest.raises(RunError, match=r"`toy_mlp` ended early \(exit code -9\)"):
        ring.ask(do="steps", count=2)


@pytest.mark.slow
def test_a_worker_says_bad_input_in_one_line(tmp_path, capfd):
    (tmp_path / "mnist.npz").write_text("damaged")
    with pytest.raises(RunError, match="`fast_gan` ended early"):
        worker.Worker(Contender("fast_gan"), "mnist", 1, tmp_path)
    said = capfd.readouterr().err
    assert "mnist.npz cannot be used. It is damaged" in said and "Traceback" not in said


@pytest.mark.slow
def test_side_by_side_from_the_command_line(capsys):
    """Two real contenders in processes of their own, each answering with its speed."""
    names = "fast_gan,baseline:untuned,baseline:tf_dcgan,baseline:tf_acgan"
    flags = ["--contenders", names, "--rounds", "2", "--seconds", "0.1", "--json"]
    assert main(["bench", "throughput", *flags]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["batch_size"] for row in found["rows"]] == [64, 64, 256, 100]
    assert all(row["ms_per_step"] > 0 for row in found["rows"])


@pytest.mark.slow
def test_quality_over_time_from_the_command_line(capsys, tmp_path):
    flags = ["--contenders", "baseline:untuned", "--seeds", "1", "--json"]
    marks, kept = ["--marks", "30,60", "--unit", "steps"], tmp_path / "curve.json"
    assert main(["bench", "time-to-quality", *flags, *marks, "--record", str(kept)]) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert [(row["mark"], row["steps"]) for row in found["rows"]] == [(30, 30), (60, 60)]
    assert f"60 steps: {found['rows'][1]['fd']:.2f}" in said.err
    assert all(row["fd"] > found["floor"] for row in found["rows"])
    curve = recorded.load(kept)
    assert curve["command"].endswith(
        "--dataset mnist_5k --contenders baseline:untuned --unit steps --marks 30,60 --seeds 1 --count 2000"
    )
    assert [row["fd"] for row in curve["rows"]] == [round(r["fd"], 4) for r in found["rows"]]
    recorded.check(curve, "mnist_5k", 2000, found["extractor"])


class TestRecordedCurves:
    CURVE = {
        "contender": "tf_dcgan",
        "dataset": "mnist",
        "count": 5000,
        "extractor": "judge:x",
        "ms_per_step": 1000.0,
        "rows": [{"step": 600, "fd": 80.0}, {"step": 1200, "fd": 9.0}],
    }
    MEDIANS = [
        {"contender": "fast_gan", "mark": mark, "fd": fd}
        for mark, fd in ((5, 300.0), (8, 70.0), (10, 85.0), (20, 30.0))
    ]

    def test_the_first_mark_that_is_as_good_counts(self):
        found = recorded.compare(self.CURVE, self.MEDIANS)
        assert [(r["seconds"], r["reached"], r["times"]) for r in found] == [
            (600.0, 8, 75.0),
            (1200.0, None, None),
        ]
        lines = report.against_table(found).splitlines()
        assert lines[2] == "| tf_dcgan, step 600 | 1,000 | 10.0 min | 80.0 | fast_gan | 8 s | 75 |"
        assert (
            lines[3] == "| tf_dcgan, step 1,200 | 1,000 | 20.0 min | 9.0 | fast_gan | not yet |  |"
        )

    def test_its_loop_is_timed_anew_for_the_machine_that_compares(self, monkeypatch, tmp_path):
        asked = []

        def throughput_of(loops, dataset, data_dir, *, rounds, seconds):
            asked.append((*loops, dataset, data_dir))
            return [{"ms_per_step": 250.04}]

        monkeypatch.setattr(recorded, "throughput", throughput_of)
        found = recorded.timed(self.CURVE, tmp_path)
        assert found == self.CURVE | {"ms_per_step": 250.0}
        assert asked == [(Contender("baseline:tf_dcgan"), "mnist", tmp_path)]
        recorded.timed(self.CURVE | {"contender": "dcgan"}, tmp_path)
        assert asked[1][0] == Contender("dcgan")
        with pytest.raises(ConfigError, match="Unknown contender `tf_dcgn`"):
            recorded.timed(self.CURVE | {"contender": "tf_dcgn"}, tmp_path)

    def test_bad_input_is_refused_before_any_loop_is_timed(self, monkeypatch, capsys):
        monkeypatch.setattr(recorded, "timed", lambda *_: pytest.fail("a loop was timed"))
        flags = [
            "--dataset",
            "mnist",
            "--count",
            "5000",
            "--against",
            str(CURVES / "dcgan_mnist.json"),
        ]
        for words in (["--marks", "x"], ["--seeds", "x"], ["--contenders", "x"]):
            assert main(["bench", "time-to-quality", *flags, *words]) == 2
            assert "`x`" in capsys.readouterr().err

    def test_a_curve_that_was_measured_otherwise_is_refused(self):
        recorded.check(self.CURVE, "mnist", 5000, "judge:x")
        with pytest.raises(ConfigError, match="count 5000 there, 2000 here"):
            recorded.check(self.CURVE, "mnist", 2000, "judge:x")

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": []}'])
    def test_another_file_is_refused_in_words(self, tmp_path, text, capsys):
        path = tmp_path / "curve.json"
        path.write_text(text)
        assert main(["bench", "time-to-quality", "--against", str(path)]) == 2
        assert "recorded curve" in capsys.readouterr().err

    def test_what_a_table_holds_of_one_contender_is_kept(self, tmp_path):
        rows = [
            {"contender": name, "seed": seed, "mark": mark, "steps": mark, "seconds": seconds, "fd": fd}
            for name, seed, mark, seconds, fd in (
                ("a", 1, 100, 30.0, 8.0), ("a", 1, 200, 50.0, 5.0), ("b", 1, 200, 9.0, 1.0),
                ("a", 2, 100, 40.0, 6.0), ("a", 2, 200, 70.0, 3.0),
            )
        ]  # fmt: skip
        assert recorded.ms_per_step(rows, "a") == 300  # 250 of seed 1, 350 of seed 2
        about = {"dataset": "mnist", "count": 5000, "extractor": "judge:x", "contender": "a"}
        kept = recorded.rows_of(time_to_quality.medians(rows), "a")
        recorded.write(tmp_path / "a.json", kept, ms_per_step=300.0, **about)
        curve = recorded.load(tmp_path / "a.json")
        assert curve["rows"] == [{"step": 100, "fd": 7.0}, {"step": 200, "fd": 4.0}]
        assert about.items() <= curve.items() and "processor" in curve["machine"]

    @pytest.mark.parametrize("path", sorted(CURVES.glob("*.json")), ids=lambda p: p.name)
    def test_those_that_come_along_are_whole(self, path):
        curve = recorded.load(path)
        assert {"command", "commit", "machine", "floor"} <= set(curve)
        assert all(row["fd"] > curve["floor"] for row in curve["rows"])
        steps = [row["step"] for row in curve["rows"]]
        assert steps == sorted(set(steps)) and curve["ms_per_step"] > 0


@pytest.mark.parametrize(("part", "file"), [("overhead", "watched.py"), ("ui", "live.py")])
def test_scripts_of_the_source_code_are_refused_where_there_is_none(
    part, file, tmp_path, monkeypatch, capsys
):
    assert (bench.SCRIPTS / file).is_file()
    monkeypatch.setattr(bench, "SCRIPTS", tmp_path)
    assert main(["bench", part, "start"]) == 2
    error = capsys.readouterr().err
    assert str(tmp_path / file) in error and "comes with the source code" in error

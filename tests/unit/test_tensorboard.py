"""TensorBoard events, read back with TensorBoard's own reader and compared with the run."""

import errno
import io
import resource
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

from gan_core.errors import ConfigError, RunError
from gan_core.export import events
from gan_core.lab import Lab
from gan_core.metric_table import find
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.store import RunStore
from gan_core.storage import images

NAMES = ("g_loss", "d_loss", "real_accuracy", "fake_accuracy", "penalty/r1")


def read(folder):
    """Everything in the events of a folder, by TensorBoard's own reader."""
    reader = EventAccumulator(str(folder), size_guidance={"scalars": 0, "images": 0, "tensors": 0})
    return reader.Reload()


def points(folder, name):
    """{step: value} of a curve; fails if a step comes twice."""
    found = read(folder).Scalars(name)
    by_step = {point.step: point.value for point in found}
    assert len(by_step) == len(found)
    return by_step


def stored(run, metric):
    """{step: value} as in metrics.bin."""
    rows = run.metrics().rows(1)
    return dict(zip(rows["step"].tolist(), rows[metric].tolist(), strict=True))


class Trained:
    """A toy run: cut off at step 25 behind its checkpoint of step 20, then trained on to 47."""

    def __init__(self, root):
        self.lab, self.log_dir = Lab(root / "runs", root / "data"), root / "logs"
        config = self.lab.make_config(
            "toy_mlp",
            "ring",
            width=4,
            batch_size=8,
            num_steps=47,
            sample_every=10,
            checkpoint_every=20,
        )
        self.run = self.lab.create(config, who="test")
        self.folder = self.log_dir / self.run.id
        self.train(on_result=self.cut_off)
        self.voided = stored(self.run, "g_loss")[25]
        self.first = points(self.folder, "loss/g")
        self.lab.prepare_resume(self.run.id, who="test")
        self.train()

    def cut_off(self, result):
        if result.step == 25:
            raise RuntimeError("cut off")

    def train(self, on_result=lambda result: None):
        job = self.lab.make_job(
            self.run.id,
            who="test",
            extra_writers=lambda session: [events.TensorBoardWriter(session, self.log_dir)],
            on_result=on_result,
        )
        job.run()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return Trained(tmp_path_factory.mktemp("tensorboard"))


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("g_loss", "loss/g"),
        ("d_loss", "loss/d"),
        ("real_accuracy", "accuracy/real"),
        ("fake_accuracy", "accuracy/fake"),
        ("real_score", "score/real"),
        ("fake_score", "score/fake"),
        ("real_prob", "prob/real"),
        ("fake_prob", "prob/fake"),
        ("g_grad_norm", "grad_norm/g"),
        ("d_grad_norm", "grad_norm/d"),
        ("class_accuracy_real", "class_accuracy/real"),
        ("class_accuracy_fake", "class_accuracy/fake"),
        ("penalty/gradient_penalty", "penalty/gradient_penalty"),
        ("something", "something"),
    ],
)
def test_tags(metric, name):
    assert find(metric).tag == name


class TestLive:
    def test_every_tenth_step_and_the_last(self, trained):
        assert sorted(trained.first) == [10, 20, 25]
        assert sorted(points(trained.folder, "loss/g")) == [10, 20, 30, 40, 47]

    def test_values_are_those_of_the_metrics_file(self, trained):
        names = trained.run.metrics().names
        assert {"g_loss", "real_prob", "d_grad_norm", "penalty/r1"} <= set(names)
        for metric in names:
            expected = stored(trained.run, metric)
            for step, value in points(trained.folder, find(metric).tag).items():
                assert value == expected[step]

    def test_a_resumed_run_voids_what_was_cut_off(self, trained):
        assert trained.first[25] == trained.voided
        assert 25 not in points(trained.folder, "loss/g")
        assert len(list(trained.folder.iterdir())) == 2

    def test_sample_grids_once_each(self, trained):
        reader = read(trained.folder)
        shown = {i.step: i.encoded_image_string for i in reader.Images("samples")}
        assert list(shown) == [0, 10, 20, 30, 40, 47] == [i.step for i in reader.Images("samples")]
        for step, png in shown.items():
            assert png == trained.run.sample_png(step)

    def test_reals_once(self, trained):
        (reals,) = read(trained.folder).Images("reals")
        assert reals.encoded_image_string == trained.run.reals_png()
        assert (reals.width, reals.height, reals.step) == (280, 280, 0)

    def test_settings_as_table_and_text(self, trained):
        reader = read(trained.folder)
        assert reader.PluginTagToContent("hparams").keys() == {
            "_hparams_/experiment",
            "_hparams_/session_start_info",
        }
        content = reader.PluginTagToContent("hparams")["_hparams_/session_start_info"]
        start = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info
        assert start.hparams["recipe"].string_value == "toy_mlp"
        assert start.hparams["batch_size"].number_value == 8
        assert start.hparams["g_lr"].number_value == 2e-3
        assert start.hparams["num_minutes"].string_value == "none"
        assert start.group_name == trained.run.id
        content = reader.PluginTagToContent("hparams")["_hparams_/experiment"]
        table = plugin_data_pb2.HParamsPluginData.FromString(content).experiment
        assert {h.name for h in table.hparam_infos} == set(trained.run.config)
        assert "loss/g" in {m.name.tag for m in table.metric_infos}
        (text,) = reader.Tensors("settings")
        assert b"|batch_size|8|" in text.tensor_proto.string_val[0]

    def test_the_run_goes_on_after_the_cut(self, trained):
        status = trained.run.status()
        assert (status.state, status.step) == ("finished", 47)


class TestAfterwards:
    def test_the_same_events_as_live(self, trained, tmp_path):
        made = events.write_events(trained.run, tmp_path / "logs")
        assert made.path == tmp_path / "logs" / trained.run.id
        assert (made.points, made.grids) == (5, 6)
        assert made.bytes == sum(f.stat().st_size for f in made.path.iterdir())
        for metric in trained.run.metrics().names:
            name = find(metric).tag
            assert points(made.path, name) == points(trained.folder, name)
        for name in ("samples", "reals"):
            one, other = (read(f).Images(name) for f in (made.path, trained.folder))
            assert [(i.step, i.encoded_image_string) for i in one] == [
                (i.step, i.encoded_image_string) for i in other
            ]
        assert read(made.path).Tensors("settings")[0].step == 0

    def test_for_a_browser_as_a_zip_of_the_folder(self, trained, tmp_path):
        with zipfile.ZipFile(io.BytesIO(events.as_bytes(trained.run))) as archive:
            archive.extractall(tmp_path)
        found = points(tmp_path / trained.run.id, "loss/g")
        assert found == points(trained.folder, "loss/g")

    def test_twice_is_not_double(self, trained, tmp_path):
        events.write_events(trained.run, tmp_path)
        made = events.write_events(trained.run, tmp_path)
        assert len(list(made.path.iterdir())) == 1
        assert sorted(points(made.path, "loss/d")) == [10, 20, 30, 40, 47]
        assert [p.name for p in tmp_path.iterdir()] == [trained.run.id]

    def test_times_are_training_times(self, trained, tmp_path):
        made = events.write_events(trained.run, tmp_path)
        rows = trained.run.metrics().rows(1)
        last = read(made.path).Scalars("loss/g")[-1]
        spacing = 2 * np.spacing(last.wall_time)  # Unix times have 52 bits: differences lose some
        took = last.wall_time - trained.run.created_at
        assert took == pytest.approx(rows["wall_time"][-1], rel=1e-6, abs=spacing)

    def test_a_training_run_is_left_alone(self, trained, tmp_path):
        events.write_events(trained.run, tmp_path)
        with (
            trained.run.writer_lock(),
            pytest.raises(RunError, match="is in training and may be writing to"),
        ):
            events.write_events(trained.run, tmp_path)

    def test_a_folder_with_other_files(self, trained, tmp_path):
        (tmp_path / trained.run.id).mkdir()
        (tmp_path / trained.run.id / "thesis.txt").write_text("mine")
        with pytest.raises(ConfigError, match="holds files that this command did not make"):
            events.write_events(trained.run, tmp_path)
        assert (tmp_path / trained.run.id / "thesis.txt").read_text() == "mine"

    def test_a_file_in_place_of_the_folder(self, trained, tmp_path):
        (tmp_path / "log").write_text("")
        with pytest.raises(RunError, match="log could not be written to"):
            events.write_events(trained.run, tmp_path / "log")

    def test_a_long_run_keeps_5000_points(self, runs_dir, tmp_path):
        run = RunStore(runs_dir).create({"recipe": "toy_mlp", "dataset": "ring"})
        writer = MetricsWriter(run.path, NAMES[:1])
        for i in range(1, 60_004):
            writer.append(i, i, i, (), [i / 2])
        writer.close()
        made = events.write_events(run, tmp_path)
        found = points(made.path, "loss/g")
        assert made.points == len(found) == 3001  # every 20th, and the last
        assert all(value == step / 2 for step, value in found.items())
        assert max(found) == 60_003 and 20 in found

    @pytest.mark.parametrize("last", [1, 9, 10, 49_990, 50_000, 50_001, 10_000_000])
    def test_points_at_most(self, last):
        steps = events._points(1, last)
        assert steps[-1] == last and len(steps) <= 5000
        assert all(step % 10 == 0 for step in steps[:-1])

    def test_nothing_measured(self, runs_dir, tmp_path):
        run = RunStore(runs_dir).create({"recipe": "toy_mlp", "dataset": "ring"})
        with pytest.raises(RunError, match="00001-toy_mlp-ring has no curves yet"):
            events.write_events(run, tmp_path)

    def test_a_damaged_picture_leaves_nothing(self, runs_dir, tmp_path):
        run = RunStore(runs_dir).create({"recipe": "toy_mlp", "dataset": "ring"})
        writer = MetricsWriter(run.path, NAMES)
        writer.append(1, 1, 1, (), [0.5] * 5)
        writer.close()
        run.write_sample(0, b"no picture")
        with pytest.raises(RunError, match="A stored picture of samples is damaged"):
            events.write_events(run, tmp_path / "logs")
        assert list((tmp_path / "logs").iterdir()) == []


class TestEventFile:
    def test_not_measured_is_left_out(self, tmp_path):
        file = events.EventFile(tmp_path, 1)
        file.add(1, 1.0, events.scalars({"g_loss": float("nan"), "d_loss": np.float32(0.25)}))
        file.close()
        reader = read(tmp_path)
        assert reader.Tags()["scalars"] == ["loss/d"]
        assert reader.Scalars("loss/d")[0].value == 0.25

    @pytest.mark.parametrize("channels", [1, 3])
    def test_pictures(self, tmp_path, channels):
        pixels = np.random.default_rng(0).integers(0, 256, (6, 9, channels), dtype=np.uint8)
        file = events.EventFile(tmp_path, 0)
        file.add(3, 1.0, [events.picture("samples", images.png(pixels))])
        file.close()
        (shown,) = read(tmp_path).Images("samples")
        assert (shown.width, shown.height, shown.step) == (9, 6, 3)
        back = np.asarray(Image.open(io.BytesIO(shown.encoded_image_string)))
        np.testing.assert_array_equal(back.reshape(pixels.shape), pixels)

    def test_a_full_disk_tears_no_event(self, tmp_path):
        file = events.EventFile(tmp_path, 1)
        file.add(1, 1.0, [events.scalar("loss/g", 1.0)])
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.path.stat().st_size + 20, limits[1]))
        try:
            with pytest.raises(RunError, match="disk is full: events.out.tfevents"):
                file.add(2, 2.0, [events.scalar("loss/g", 2.0)])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        file.add(3, 3.0, [events.scalar("loss/g", 3.0)])
        file.close()
        assert points(tmp_path, "loss/g") == {1: 1.0, 3: 3.0}

    def test_two_files_in_one_second_keep_their_order(self, tmp_path):
        paths = []
        for _ in range(12):
            file = events.EventFile(tmp_path, 1)
            file.close()
            paths.append(file.path)
        assert paths == sorted(paths) and len(set(paths)) == 12

    def test_a_folder_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(RunError, match="could not be written to") as caught:
            events.EventFile(tmp_path / "file" / "run", 1)
        assert caught.value.__cause__.errno in (errno.ENOTDIR, errno.EEXIST)


def test_without_the_package(trained, tmp_path, monkeypatch):
    monkeypatch.setitem(
        sys.modules, "tensorboard", None
    )  # what an import finds where it is missing
    with pytest.raises(ConfigError, match="need the package `tensorboard`"):
        events.write_events(trained.run, tmp_path)
    with pytest.raises(ConfigError, match="Install it, or leave out the log folder"):
        events.TensorBoardWriter(None, tmp_path)

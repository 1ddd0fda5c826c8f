"""`gif`, `history`, `export` and `tensorboard` on a real run, as a person types them."""

import json

import numpy as np
import pytest
from PIL import Image

from gan_core.cli import build_parser, main
from gan_core.lab import Lab
from gan_core.runs.store import RunStore
from gan_core.storage import files

# Keras 3.15 reads its variables in the way NumPy 2 has deprecated, while it writes a .keras file.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)
COMMANDS = ("gif", "history", "export", "tensorboard")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A Lab with one run: fast_gan, 6 steps, a grid every second one."""
    root = tmp_path_factory.mktemp("outputs")
    lab = Lab(root / "runs", root / "data")
    config = lab.make_config(
        "fast_gan", "mnist_5k", width=4, batch_size=8, latent_dim=4, num_steps=6, sample_every=2
    )
    lab.make_job(lab.create(config, who="test").id, who="test").run()
    return lab


@pytest.fixture
def run(lab):
    return lab.store.get(lab.store.ids()[0])


@pytest.fixture
def call(lab, run, capsys):
    """Runs one of the commands on the run; (exit code, stdout, stderr)."""

    def invoke(command, *flags, run_id=run.id):
        folders = ("--runs-dir", str(lab.store.root), "--data-dir", str(lab.data_dir))
        code = main([command, run_id, *map(str, flags), *folders])
        out, err = capsys.readouterr()
        return code, out, err

    return invoke


class TestGif:
    def test_path_on_stdout(self, call, tmp_path):
        code, out, err = call("gif", "--out", tmp_path / "a.gif")
        assert (code, out) == (0, f"{tmp_path / 'a.gif'}\n")
        assert err.startswith("4 frames, ")
        with Image.open(tmp_path / "a.gif") as film:
            assert film.n_frames == 4 and film.size == (2 * 280, 2 * 224 + 20)

    def test_json(self, call, run, tmp_path):
        flags = ("--frames", 3, "--seconds", 2, "--scale", 1, "--json")
        code, out, _ = call("gif", "--out", tmp_path / "a.gif", *flags)
        facts = json.loads(out)
        assert code == 0 and facts["path"] == str(tmp_path / "a.gif")
        assert facts["bytes"] == (tmp_path / "a.gif").stat().st_size
        assert facts["steps"] == [0, 2, 6] and facts["frames"] == 3 and facts["scale"] == 1
        with Image.open(tmp_path / "a.gif") as film:
            pixels = np.asarray(film.convert("L"))[:224]
        first = np.asarray(Image.open(run.path / "samples" / "000000.png"))
        np.testing.assert_array_equal(pixels, first)

    @pytest.mark.usefixtures("ffmpeg")
    def test_steps_label_and_size_limit(self, call, tmp_path):
        flags = ("--from", 2, "--to", 5, "--no-label", "--scale", 3, "--json")
        code, out, _ = call("gif", "--out", tmp_path / "a.gif", *flags)
        facts = json.loads(out)
        assert code == 0 and facts["steps"] == [2, 4]
        with Image.open(tmp_path / "a.gif") as film:
            assert film.size == (3 * 280, 3 * 224)  # no strip
        limit = ("--max-mb", (facts["bytes"] - 1) / 1e6)
        for name in ("b.gif", "b.mp4"):
            code, out, err = call("gif", "--out", tmp_path / name, *flags, *limit)
            assert code == 0 and (tmp_path / name).stat().st_size < facts["bytes"]
            assert name == "b.mp4" or "Made smaller to stay within" in err

    @pytest.mark.usefixtures("ffmpeg")
    def test_video(self, call, tmp_path):
        code, _, _ = call("gif", "--out", tmp_path / "a.mp4")
        assert code == 0 and (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"

    @pytest.mark.parametrize(
        ("flags", "text"),
        [
            (("--out", "a.png"), "`--out` must end in .gif or .mp4. Received: `a.png`."),
            (("--out", "none/a.gif"), "The folder `none` does not exist. Make it first."),
            (("--out", "a.gif", "--frames", "1"), "`frames` must be 2 to 1000. Received: 1."),
            (("--out", "a.gif", "--seconds", "-1"), "`seconds` must be greater than 0"),
            (("--out", "a.gif", "--max-mb", "0"), "`--max-mb` must be greater than 0 and at most"),
            (
                ("--out", "a.gif", "--max-mb", "nan"),
                "`--max-mb` must be greater than 0 and at most",
            ),
            (
                ("--out", "a.gif", "--from", "3", "--to", "3"),
                "A film needs at least two sample grids",
            ),
            (("--out", "a.gif", "--scale", "99"), "`scale` must be 1 to 8. Received: 99."),
        ],
    )
    def test_bad_input(self, call, tmp_path, monkeypatch, flags, text):
        monkeypatch.chdir(tmp_path)
        code, out, err = call("gif", *flags)
        assert (code, out) == (2, "") and err.startswith(f"error: {text}")
        assert err.count("\n") == 1 and list(tmp_path.iterdir()) == []


class TestHistory:
    def test_picture_and_json(self, call, tmp_path):
        code, out, _ = call("history", "--out", tmp_path / "h.png", "--json")
        size = (tmp_path / "h.png").stat().st_size
        assert code == 0 and json.loads(out) == {"path": str(tmp_path / "h.png"), "bytes": size}
        with Image.open(tmp_path / "h.png") as picture:
            assert picture.size[0] == 1200

    def test_wrong_suffix(self, call, tmp_path):
        code, _, err = call("history", "--out", tmp_path / "h.pdf")
        assert code == 2 and "error: The file must end in .png. Received:" in err


class TestExport:
    def test_the_pixels_of_the_run(self, call, lab, run, tmp_path):
        import keras

        path = tmp_path / "g.keras"
        code, out, err = call("export", "--format", "keras", "--out", path, "--json")
        facts = json.loads(out)
        assert code == 0 and (facts["format"], facts["step"]) == ("keras", 6)
        assert facts["path"] == str(path) and facts["bytes"] == path.stat().st_size
        assert err == f"the generator of {run.id} at step 6\n"
        fakes, labels, z = lab.open_generator(run.id).sample(12, seed=5)
        answer = keras.models.load_model(path)([z, np.eye(10, dtype=np.float32)[labels]])
        np.testing.assert_allclose(np.asarray(answer), fakes, rtol=0, atol=1e-6)

    def test_an_earlier_step(self, call, tmp_path):
        flags = ("--format", "saved_model", "--out", tmp_path / "g", "--step", 0)
        code, out, _ = call("export", *flags)
        assert (code, out) == (0, f"{tmp_path / 'g'}\n")
        assert json.loads((tmp_path / "g" / "model.json").read_text())["step"] == 0

    def test_a_page_says_how_good_its_very_step_was(self, call, run, tmp_path):
        for step, distance in ((4, 20.0), (6, 31.5)):
            line = {"step": step, "count": 2000, "extractor": "judge:digits-1"}
            values = {"fd_judge_2k": distance}
            files.append_jsonl(run.path / "evals.jsonl", line | {"values": values})
        told = "Fréchet distance 31.5 (judge features, 2k fakes)"
        for step, quality in ((6, told), (0, "")):
            path = tmp_path / f"{step}.html"
            assert call("export", "--format", "web", "--out", path, "--step", step)[0] == 0
            page = path.read_text(encoding="utf-8")
            assert f'"name": "{run.id}"' in page and f'"quality": "{quality}"' in page

    @pytest.mark.parametrize(
        ("flags", "text"),
        [
            (("--format", "keras", "--out", "g.h5"), "The file must end in .keras."),
            (("--format", "litert", "--out", "g.keras"), "The file must end in .tflite."),
            (("--format", "litert", "--out", "g.tflite", "--step", "5"), "has no weights at step"),
        ],
    )
    def test_bad_input(self, call, tmp_path, monkeypatch, flags, text):
        monkeypatch.chdir(tmp_path)
        code, out, err = call("export", *flags)
        assert (code, out) == (2, "") and text in err and err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []

    def test_unknown_format(self, call, tmp_path, capsys):
        with pytest.raises(SystemExit) as ended:
            call("export", "--format", "onnx", "--out", tmp_path / "g")
        assert ended.value.code == 2
        assert "choose from" in capsys.readouterr().err


class TestTensorBoard:
    def test_events_and_json(self, call, run, tmp_path):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        code, out, err = call("tensorboard", "--out", tmp_path / "logs", "--json")
        facts = json.loads(out)
        assert code == 0 and facts["path"] == str(tmp_path / "logs" / run.id)
        assert (facts["points"], facts["grids"]) == (1, 4) and facts["bytes"] > 1000
        assert err == f"look at it with: tensorboard --logdir {tmp_path / 'logs'}\n"
        (point,) = EventAccumulator(facts["path"]).Reload().Scalars("loss/d")
        assert (point.step, point.value) == (6, run.metrics().last()["d_loss"])

    def test_a_folder_with_other_files(self, call, run, tmp_path):
        (tmp_path / run.id).mkdir()
        (tmp_path / run.id / "thesis.txt").write_text("mine")
        code, _, err = call("tensorboard", "--out", tmp_path)
        assert code == 2 and "holds files that this command did not make" in err


@pytest.mark.parametrize(
    ("command", "flags"),
    [
        ("gif", ("--out", "a.gif")),
        ("history", ("--out", "a.png")),
        ("export", ("--format", "keras", "--out", "a.keras")),
        ("tensorboard", ("--out", "logs")),
    ],
)
class TestEveryCommand:
    @pytest.mark.parametrize("run_id", ["00001-fast_gan-mnist_6k", "../../etc", "/etc", "x" * 300])
    def test_unknown_run(self, call, tmp_path, monkeypatch, command, flags, run_id):
        monkeypatch.chdir(tmp_path)
        code, out, err = call(command, *flags, run_id=run_id)
        assert (code, out) == (2, "") and err.startswith("error: ") and err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []

    def test_a_run_without_anything(self, capsys, tmp_path, monkeypatch, command, flags):
        monkeypatch.chdir(tmp_path)
        run = RunStore(tmp_path / "runs").create({"recipe": "fast_gan", "dataset": "mnist_5k"})
        code = main([command, run.id, *flags, "--runs-dir", str(tmp_path / "runs")])
        err = capsys.readouterr().err
        assert code == 2 and err.startswith("error: ") and run.id in err

    def test_help_for_every_flag(self, capsys, command, flags):
        del flags
        with pytest.raises(SystemExit) as ended:
            build_parser().parse_args([command, "--help"])
        assert ended.value.code == 0 and "--json" in capsys.readouterr().out
        parser = build_parser()._subparsers._group_actions[0].choices[command]
        assert all(action.help for action in parser._actions)

"""The command line: real commands in this process, their output, exit codes and refusals."""

import io
import json
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from gan_core.cli import build_parser, main, training
from gan_core.cli.progress import Progress
from gan_core.config import TrainConfig
from gan_core.runs.store import RunStore
from gan_core.storage import images
from gan_core.training import session

ROOT = Path(__file__).resolve().parents[3]
TOY = ["--recipe", "toy_mlp", "--dataset", "ring", "--set", "width=4", "--batch-size", "16"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    base = tmp_path_factory.mktemp("cli")
    return ["--runs-dir", str(base / "runs"), "--data-dir", str(base / "data")]


@pytest.fixture(scope="module")
def run_id(folders):
    """A finished tiny run."""
    assert main(["train", *TOY, "--steps", "12", "--seed", "3", *folders]) == 0
    return RunStore(folders[1]).ids()[0]


@pytest.fixture(scope="module")
def fast_run_id(folders):
    """A finished tiny class-conditional image run."""
    small = ["--batch-size", "8", "--latent-dim", "6", "--set", "width=4"]
    assert main(["train", "--steps", "2", *small, *folders]) == 0
    return RunStore(folders[1]).ids()[0]


def commands():
    actions = [a for a in build_parser()._actions if a.choices and a.dest == "command"]
    return actions[0].choices


@pytest.mark.parametrize("name", commands())
def test_every_flag_has_help_and_every_command_is_in_the_readme(name):
    parser = commands()[name]
    assert parser.description
    assert all(a.help for a in parser._actions)
    assert f"python -m gan_core {name}" in (ROOT / "docs" / "command_line.md").read_text()


def test_recipes_and_datasets_as_data(folders, capsys):
    assert main(["recipes", "--json", *folders]) == 0
    found = {r["name"]: r for r in json.loads(capsys.readouterr().out)}
    assert found["acgan"]["needs"] == "labels" and "fast_gan" in found
    assert main(["datasets", "--json", *folders]) == 0
    sets = {d["name"]: d for d in json.loads(capsys.readouterr().out)}
    assert sets["mnist_5k"]["num_train"] == 4500 and sets["mnist_5k"]["available"]
    assert not sets["mnist"]["available"] and sets["mnist"]["download_bytes"] > 1e6


def test_datasets_names_its_folder_and_what_it_could_not_read(folders, tmp_path, capsys):
    rng = np.random.default_rng(0)
    images_ = rng.integers(0, 2, (40, 8, 8), np.uint8)
    np.savez(tmp_path / "dark.npz", x_train=images_)
    np.savez(tmp_path / "flat.npz", x_train=images_.reshape(40, 64))
    (tmp_path / "own_folder").mkdir()
    assert main(["datasets", "--data-dir", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert f"Sets of your own are .npz files in {tmp_path}" in out
    assert "  dark: Values go from 0 to 1, so all images are nearly black: multiply by 255." in out
    assert "`python -m gan_core datasets add FILE --name NAME`" in out
    assert "  own_folder: It is a folder without pictures." in out
    rows = {line.split()[0]: line for line in out.split("\n\n")[0].splitlines()}
    assert "file, see below" in rows["dark"] and "cannot be used, see below" in rows["flat"]
    assert " 0 " not in rows["flat"]
    assert main(["datasets", "--json", "--data-dir", str(tmp_path)]) == 0
    sets = {d["name"]: d for d in json.loads(capsys.readouterr().out)}
    assert sets["dark"]["warning"] and not sets["own_folder"]["available"]


def test_train_warns_of_its_images_and_keeps_that_with_the_run(folders, tmp_path, capsys):
    images_ = np.random.default_rng(0).integers(0, 17, (40, 8, 8), np.uint8)
    np.savez(tmp_path / "dark.npz", x_train=images_)
    where = ["--runs-dir", folders[1], "--data-dir", str(tmp_path)]
    small = ["--recipe", "mlp_gan", "--batch-size", "8", "--latent-dim", "6", "--set", "width=4"]
    assert main(["train", "--dataset", "dark", "--steps", "1", *small, *where]) == 0
    captured = capsys.readouterr()
    assert "warning: `dark`: Values go from 0 to 16, so all images are nearly black" in captured.err
    run = RunStore(folders[1]).get(captured.out.split()[-1])
    assert [e["text"][:6] for e in run.events() if e["kind"] == "warning"] == ["`dark`"]


def test_train_prints_the_run_id_last_and_progress_on_stderr(folders, capsys):
    assert main(["train", *TOY, "--steps", "5", *folders]) == 0
    captured = capsys.readouterr()
    run_id = RunStore(folders[1]).ids()[0]
    assert captured.out.splitlines()[-1] == run_id
    assert "step 5 of 5" in captured.err and "step 5 of 5" not in captured.out


def test_a_download_is_shown_on_stderr_while_it_goes_on(folders, capsys, monkeypatch):
    load = session.data.load

    def downloading(*args, progress):
        for done in (1_000_000, 2_000_000, 11_000_000):
            progress(done, 11_000_000)
        return load(*args)

    monkeypatch.setattr(session.data, "load", downloading)
    assert main(["train", *TOY, "--steps", "1", *folders]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines.count("downloading ring: 1 of 11 MB") == 1
    assert len([line for line in lines if "downloading" in line]) == 1  # the rest came at once


def test_terms_of_a_download_are_told_before_it_begins(folders, capsys, monkeypatch):
    monkeypatch.setattr(training, "advance", lambda *given: 0)  # nothing is fetched
    assert main(["train", "--recipe", "fast_cyclegan", "--dataset", "horse2zebra", *folders]) == 0
    told = capsys.readouterr().err
    assert "horse2zebra is downloaded once, 117 MB. Licence: none stated with the files" in told


def test_a_terminal_shows_each_phase_in_one_line(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = Progress(every=10)
    for phase in ("importing TensorFlow", "downloading mnist: 1 of 11 MB", ""):
        progress.on_phase(phase)
    assert terminal.getvalue() == "\rimporting TensorFlow\rdownloading mnist: 1 of 11 MB"


def test_epochs_become_steps(folders, capsys):
    assert main(["train", *TOY, "--epochs", "0.05", *folders]) == 0
    run = RunStore(folders[1]).get(capsys.readouterr().out.split()[-1])
    assert run.config["num_steps"] == 13  # 0.05 x 4,096 points in batches of 16, rounded up


def test_runs_lists_what_is_there(folders, run_id, capsys):
    assert main(["runs", "--json", *folders]) == 0
    found = {r["id"]: r for r in json.loads(capsys.readouterr().out)}
    assert found[run_id]["state"] == "finished" and found[run_id]["step"] == 12
    assert main(["runs", *folders]) == 0
    assert run_id in capsys.readouterr().out


def test_a_finished_run_goes_on_with_a_larger_total(folders, run_id, capsys):
    assert main(["resume", run_id, *folders]) == 2
    assert "Give a larger total" in capsys.readouterr().err
    assert main(["resume", run_id, "--steps", "20", *folders]) == 0
    assert RunStore(folders[1]).get(run_id).status().step == 20


def test_samples_repeat_and_follow_the_class(folders, fast_run_id, tmp_path):
    outs = [tmp_path / f"{i}.npz" for i in range(3)]
    for out, extra in zip(outs, ([], [], ["--class", "7"]), strict=True):
        words = ["sample", fast_run_id, "--count", "12", "--seed", "4", "--out", str(out), *extra]
        assert main([*words, *folders]) == 0
    first, again, sevens = (np.load(o, allow_pickle=False) for o in outs)
    assert first["images"].shape == (12, 28, 28, 1) and first["images"].dtype == np.uint8
    assert first["z"].shape == (12, 6) and first["labels"].tolist() == [*range(10), 0, 1]
    assert all(np.array_equal(first[n], again[n]) for n in first)
    assert set(sevens["labels"]) == {7} and np.array_equal(sevens["z"], first["z"])


def test_a_sample_picture_is_a_grid(folders, fast_run_id, tmp_path):
    out = tmp_path / "s.png"
    assert main(["sample", fast_run_id, "--count", "25", "--out", str(out), *folders]) == 0
    assert images.from_png(out.read_bytes()).shape == (3 * 28, 10 * 28, 1)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["train", "--recipe", "dcgn"], "Unknown recipe `dcgn`. Did you mean `dcgan`?"),
        (["train", "--dataset", "mnst"], "mnist"),
        (["train", "--set", "glr=1"], "Unknown config key `glr`. Did you mean `g_lr`?"),
        (["train", "--set", "glr"], "`--set` needs field=value. Received: `glr`"),
        (
            ["train", "--g-lr", "1", "--set", "g_lr=2"],
            "given twice: `--g-lr 1.0` and `--set g_lr=2`",
        ),
        (["train", "--set", "g_lr=1", "--set", "g_lr=1"], "`g_lr` is given twice"),
        (
            ["train", "--loss", "hinge", "--set", "loss=hinge"],
            "given twice: `--loss hinge` and `--set loss=hinge`",
        ),
        (
            ["train", "--num-steps", "5", "--set", "num_steps=5"],
            "given twice: `--num-steps 5` and `--set num_steps=5`",
        ),
        (["train", "--label-smoothing", "0.6"], "`label_smoothing` must be at most 0.5"),
        (["train", "--beta-2", "nan"], "`beta_2` must be a finite number"),
        (["train", "--epochs", "1", "--set", "num_steps=5"], "`num_steps` is given twice"),
        (["train", "--recipe", "dcgan", "--set", "recipe=acgan"], "`recipe` is given twice"),
        (["train", "--set", "recipe=dcgn"], "Unknown recipe `dcgn`. Did you mean `dcgan`?"),
        (["train", "--set", "self=1"], "Unknown config key `self`"),
        (["branch", "00099-x-y", "--step", "1", "--set", "step=2"], "Unknown config key `step`"),
        (["train", "--batch-size", "0"], "`batch_size` must be at least 1"),
        (["train", "--steps", "0"], "`--steps` must be greater than 0. Received: 0"),
        (["train", "--epochs", "nan"], "`--epochs` must be greater than 0. Received: nan"),
        (["train", "--dataset", "ring"], "needs images with class labels; `ring` holds 2-D points"),
        (["train", "--recipe", "toy_mlp"], "Recipes that fit: fast_gan"),
        (
            ["train", "--recipe", "dcgan", "--batch-size", "8192", "--set", "width=1024"],
            "of memory and",
        ),
        (["train", "--device", "gpu"], "needs a GPU"),
        (["resume", "../secrets"], "run id"),
        (["resume", "00099-fast_gan-mnist_5k"], "00099"),
        (["sample", "00099-x-y", "--out", "f.npz"], "00099"),
    ],
)
def test_bad_input_is_one_clear_line(words, text, folders, capsys):
    before = RunStore(folders[1]).ids()
    assert main([*words, *folders]) == 2
    error = capsys.readouterr().err
    assert text in error
    assert len(error.strip().splitlines()) == 1
    assert RunStore(folders[1]).ids() == before


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--out", "f.jpg"], "must end in .npz, .zip or .png. Received: `f.jpg`"),
        (["--out", "f.npz", "--count", "0"], "`--count` must be at least 1"),
        (["--out", "f.npz", "--seed", "-1"], "`--seed` must be at least 0"),
        (["--out", "f.npz", "--class", "10"], "Classes are 0 to 9. Received: 10"),
        (["--out", "f.npz", "--step", "77"], "has no weights at step 77"),
    ],
)
def test_bad_sample_requests_are_refused(words, text, folders, fast_run_id, capsys):
    assert main(["sample", fast_run_id, *words, *folders]) == 2
    assert text in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["train", "--steps", "5", "--steps", "5"], "error: argument --steps: is given twice. See"),
        (["train", "--steps", "x"], "error: argument --steps: invalid int value: 'x'. See"),
        (["train", "--steps", "5", "--num-steps", "5"], "error: argument --num-steps: not allowed"),
        (["train", "--width", "4", "--width", "4"], "error: argument --width: is given twice. See"),
        (["train", "--width", "4.5"], "error: argument --width: invalid int value: '4.5'. See"),
        (["train", "--loss", "focal"], "error: argument --loss: invalid choice: 'focal'"),
        (["train", "--steps", "9" * 5000], "error: argument --steps: invalid int value: '999"),
        (["trian"], "error: argument COMMAND: invalid choice: 'trian'"),
    ],
)
def test_what_cannot_be_parsed_is_one_line_too(words, text, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(words)
    said = capsys.readouterr().err
    assert leaving.value.code == 2 and said.startswith(text)
    assert len(said.splitlines()) == 1 and len(said) < 600


GIVEN = {
    "replicas": "1",  # as typed; none but the precision, which penalties ask for, is the default
    "recipe": "toy_mlp", "dataset": "ring", "seed": "7", "num_steps": "4", "batch_size": "16",
    "latent_dim": "3", "width": "4", "loss": "hinge", "g_lr": "0.003", "d_lr": "1e-3",
    "beta_1": "0.25", "beta_2": "0.75", "lr_half_steps": "9", "n_critic": "2", "ema_half_life": "5",
    "label_smoothing": "0.125", "instance_noise": "0.5", "gp_weight": "3", "r1_gamma": "2",
    "r2_gamma": "1.5", "class_weight": "0.5", "dropout": "0.25", "sample_every": "2",
    "checkpoint_every": "3", "device": "cpu", "steps_per_call": "2", "steps_per_second": "500",
    "precision": "float32", "gan_weight": "2", "l1_weight": "50", "cycle_weight": "5",
    "identity_weight": "1", "nce_weight": "3", "pool_size": "9", "lr_decay_start": "7",
    "jitter": "none", "upsampling": "resize", "content_weight": "2", "style_weight": "3", "tv_weight": "0.5",
    "style_layers": "block1_conv1", "content_layers": "block4_conv2", "picture_lr": "0.05",
    "augment": "color_cutout", "levels": "3", "small_levels": "3", "d_levels": "1", "noise_steps": "6",
    "coarse_steps": "7", "start_from": "noise", "picture_size": "128", "picture_levels": "2",
    "patch_levels": "1,3", "penalty_at": "between", "r1_every": "4", "ema_ramp": "8",
}  # fmt: skip


def dashed(name):
    return "--" + name.replace("_", "-")


def test_every_setting_is_a_flag_that_reaches_the_run(folders, capsys):
    words = [word for name, value in GIVEN.items() for word in (dashed(name), value)]
    assert main(["train", *words, *folders]) == 0
    found = RunStore(folders[1]).get(capsys.readouterr().out.split()[-1]).config
    assert found.pop("num_minutes") is None  # the other limit, see below
    texts = {"recipe", "dataset", "loss", "device", "precision", "jitter", "upsampling", "augment"}
    texts |= {"style_layers", "content_layers", "patch_levels", "start_from", "penalty_at"}
    assert found == {n: v if n in texts else float(v) for n, v in GIVEN.items()}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("flag", ["--minutes", "--num-minutes"])
def test_minutes_are_a_limit(flag, folders, capsys):
    assert main(["train", *TOY, flag, "0.01", *folders]) == 0
    config = RunStore(folders[1]).get(capsys.readouterr().out.split()[-1]).config
    assert (config["num_steps"], config["num_minutes"]) == (None, 0.01)


@pytest.mark.parametrize("name", TrainConfig.model_fields)
def test_help_says_what_a_setting_is_and_what_it_may_be(name):
    found = {flag: a for a in commands()["train"]._actions for flag in a.option_strings}
    field, action = TrainConfig.model_fields[name], found[dashed(name)]
    if name in ("num_steps", "num_minutes"):  # told at `--steps` and `--minutes`
        assert action.dest == found[dashed(name[4:])].dest
        return
    assert action.help.startswith(field.description) and action.default is None
    assert field.json_schema_extra.get("unit", "") in action.help
    for limit in field.metadata:
        (value,) = (getattr(limit, n) for n in ("ge", "gt", "le", "lt") if hasattr(limit, n))
        assert f"{value:,.12g}" in action.help


def test_the_recipe_may_be_a_setting_like_any_other(folders, capsys):
    words = ["--set", "recipe=toy_mlp", "--set", "dataset=ring", "--set", "num_steps=2"]
    assert main(["train", *words, "--set", "width=4", *folders]) == 0
    run = RunStore(folders[1]).get(capsys.readouterr().out.split()[-1])
    assert (run.config["recipe"], run.config["num_steps"]) == ("toy_mlp", 2)


def test_an_unwritable_runs_dir_is_said(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert main(["train", *TOY, "--steps", "2", "--runs-dir", str(blocked / "runs")]) == 2
    assert str(blocked) in capsys.readouterr().err


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_with_a_checkpoint_and_130(number, folders, capsys):
    """A real signal to this very process, as soon as a few steps are told."""
    store, known = RunStore(folders[1]), set(RunStore(folders[1]).ids())
    done = threading.Event()

    def send():
        while not done.wait(0.05):
            new = [i for i in store.ids() if i not in known]
            if new and store.get(new[0]).status().step > 3:
                os.kill(os.getpid(), number)
                return

    before = signal.signal(number, lambda *_: None)  # should the command not listen, tests go on
    sender = threading.Thread(target=send)
    sender.start()
    try:
        assert main(["train", *TOY, "--minutes", "10", *folders]) == 130
    finally:
        done.set()
        sender.join()
        signal.signal(number, before)
    run = store.get(capsys.readouterr().out.split()[-1])
    assert run.status().state == "stopped" and run.status().step > 3
    assert (run.path / "checkpoints" / f"{run.status().step:06d}" / "state.npz").exists()


def test_data_may_be_said_for_dataset(folders, capsys):
    """Else `--data` would be short for two flags."""
    assert main(["train", "--data", "grey_to_digits", *folders]) == 2
    assert "`grey_to_digits` cannot be made. Digits have no colour" in capsys.readouterr().err

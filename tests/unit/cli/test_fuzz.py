"""500 argument lists drawn by chance from every command's own flags: each is done or refused in words.

Nothing trains: a data set that does not exist, a sweep that is only planned, no run to resume.
"""

import argparse
import os
import random
import signal

import numpy as np
import pytest
from PIL import Image

from gan_core.cli import build_parser, main
from gan_core.runs.store import RunStore

LISTS, PARTS = 500, 10
STOPS = {
    "train": ["--dataset", "none"],
    "sweep": ["--plan"],
}  # said last: what comes before is checked
PARSER = build_parser()
SECONDS = 120  # an argument list that takes longer hangs
NUMBERS = (
    "0",
    "-1",
    "1",
    "3",
    "20",
    "1000",
    "0.5",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "9" * 5000,
    "1e308",
    "1e-320",
)
PAIRS = (
    "=",
    "==",
    "a=b",
    "g_lr",
    "g_lr=",
    "g_lr=1",
    "g_lr=nan",
    "g_lr=[1]",
    "g_lr=" + "[" * 5000,
    "glr=1",
    "recipe=dcgan",
    "recipe=[1]",
    "dataset=3",
    "self=1",
    "run_id=1",
    "who=x",
    "step=1",
    "seed=1e9",
    "num_steps=5",
    "num_steps=null",
    "width=true",
    "loss=hinge",
    "g_lr=1,2",
    "seed=1,1",
    "seed=" + "9" * 5000,
)
TEXTS = (
    *NUMBERS, *PAIRS, "", " ", "x", "0x10", "--", "-", "한글", "\udcff", "a\nb", "*", "fast_gan", "toy_mlp",
    "mnist_5k", "ring", "1,2,3", "1,,2", "00001", "00001-x", "../..", "/", ".", "/dev/null", "/dev/full",
    "/proc/self/mem", "a" * 300, "a" * 300 + ".png", "none/x.png",
)  # fmt: skip
OUT = {
    "gif": ("out.gif", "out.mp4"),
    "history": ("out.png",),
    "pack": ("out.zip",),
    "card": ("out.md",),
    "sample": ("out.npz", "out.zip", "out.png"),
    "export": ("out.keras", "out.tflite", "out"),
}
NAMES = ("out.png", "out.gif", "out.mp4", "out.npz", "out.zip", "out.md", "out.keras", "out.tflite")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a run of two sample grids, a file, a pipe, and folders with the names of files."""
    root = tmp_path_factory.mktemp("fuzz")
    (root / "file").write_text("mine")
    (root / "broken.zip").write_bytes(b"PK\3\4 and no more")
    os.mkfifo(root / "pipe")
    os.mkfifo(root / "pipe.zip")
    (root / "folder.zip").mkdir()
    (root / "folder.png").mkdir()
    run = RunStore(root / "runs").create({"recipe": "toy_mlp", "dataset": "ring"})
    run.write_status(state="stopped", step=20, images_seen=320, wall_time=1.0)
    (run.path / "samples").mkdir()
    for step in (10, 20):
        pixels = np.full((8, 8, 3), step, np.uint8)
        Image.fromarray(pixels).save(run.path / "samples" / f"{step:06d}.png")
    return root


def value(action, command, place, rng):
    """A value for a flag: mostly of its kind, else any text or path."""
    run_id = RunStore(place / "runs").ids()[0]
    names = ("file", "pipe", "broken.zip", "pipe.zip", "folder.zip", "folder.png")
    anything = rng.choice(
        [rng.choice(TEXTS), rng.choice(NAMES), str(place / rng.choice(names)), run_id]
    )
    allowed = [c for c in action.choices or () if c != "gpu"]  # that imports TensorFlow: seconds
    fitting = {
        "run_id": [run_id],
        "source": [run_id],
        "settings": PAIRS,
        "grid": PAIRS,
        "cases": PAIRS,
        "out": OUT.get(command, NAMES),
    }.get(action.dest, allowed or (NUMBERS if action.type in (int, float) else [anything]))
    return rng.choice(fitting) if rng.random() < 0.8 else anything


def words(place, rng):
    """One argument list."""
    commands = subcommands(PARSER)
    name = rng.choice([*commands, *commands, "", "trian", "--version", "--help", "-x"])
    line, parser = [name], commands.get(name)
    if (
        name == "bench"
    ):  # its parts measure for minutes: refused by the contender, whatever else is said
        part = rng.choice(["throughput", "time-to-quality"])
        line, parser = [name, part, "--contenders", "none"], subcommands(parser)[part]
    if parser is None:
        return line
    for action in parser._actions:
        if not action.option_strings and not isinstance(action, argparse._SubParsersAction):
            line += [value(action, name, place, rng)] if rng.random() < 0.9 else []
        elif rng.random() < (0.95 if action.required else 0.01 if action.dest == "help" else 0.12):
            line += flag(action, name, place, rng)
            line += flag(action, name, place, rng) if rng.random() < 0.1 else []
    return [
        *line,
        "--runs-dir",
        str(place / ("empty" if name == "resume" else "runs")),
        *STOPS.get(name, []),
    ]


def flag(action, command, place, rng):
    if action.dest in ("runs_dir", "contenders", "plan", "dataset") or not action.option_strings:
        return []
    takes = action.nargs != 0
    return [
        rng.choice(action.option_strings),
        *([value(action, command, place, rng)] if takes else []),
    ]


def subcommands(parser):
    (found,) = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return found.choices


@pytest.fixture
def no_hanging():
    """An error instead of waiting for ever."""

    def late(number, frame):
        raise TimeoutError("this argument list hangs")

    before = signal.signal(signal.SIGALRM, late)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_argument_list_ends_in_a_traceback(place, part, capsys, monkeypatch, no_hanging):
    monkeypatch.chdir(place)
    monkeypatch.setenv("GAN_DATA_DIR", str(place / "data"))
    rng = random.Random(20_000 + part)
    for _ in range(LISTS // PARTS):
        line = words(place, rng)
        signal.alarm(SECONDS)
        try:
            code = main(line)
        except SystemExit as leaving:
            code = leaving.code
        except BaseException as error:
            raise AssertionError(f"{type(error).__name__} of {line}") from error
        signal.alarm(0)
        said = capsys.readouterr().err
        assert code in (0, 1, 2), line
        assert code == 0 or "error: " in said, line
        assert len([x for x in said.splitlines() if x.startswith("error: ")]) <= 1, line
    assert RunStore(place / "runs").ids()[-1].startswith("00001")

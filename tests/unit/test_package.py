"""The package: what the wheel holds, lists of requirements that cannot differ, and the word that opens it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from gan_core import __main__ as program
from gan_core import __version__
from gan_core.doctor import system
from gan_core.startup import runtime
from gan_core.storage.assets import APP

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def listed(name):
    """Requirements of a file, without those of files that it names; sorted."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    words = [re.sub(r"(^|\s)#.*", "", line).strip() for line in lines]
    return sorted(str(Requirement(w)) for w in words if w and not w.startswith("-r"))


def names(requirements):
    return {Requirement(r).name for r in requirements}


@pytest.fixture(scope="module")
def wheel():
    """hatchling's own builder of the wheel."""
    found = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    return found.WheelBuilder(str(ROOT))


def test_the_wheel_holds_all_that_runs_and_nothing_beside_gan_core(wheel):
    held = {file.distribution_path.replace("\\", "/") for file in wheel.recurse_included_files()}
    moved = {"gan_core": "gan_core", "assets": "gan_core/assets", "pages": "gan_core/app/pages"}
    wanted = {"gan_core/app/app.py", "gan_core/app/.streamlit/config.toml"}
    for folder, place in moved.items():
        files = [p for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix != ".pyc"]
        wanted |= {f"{place}/{p.relative_to(ROOT / folder).as_posix()}" for p in files}
    assert held == wanted
    assert "gan_core/py.typed" in held and "gan_core/assets/shell.css" in held


def test_the_wheel_says_what_the_files_say(wheel):
    pytest.importorskip("hatch_requirements_txt", reason="hatch-requirements-txt is not installed")
    core = wheel.metadata.core
    assert core.name == "ganscope" and wheel.metadata.version == __version__
    assert sorted(str(Requirement(r)) for r in core.dependencies) == listed("requirements.txt")


def test_extras_are_the_files_of_the_same_purpose():
    assert sorted(str(Requirement(r)) for r in EXTRAS["dev"]) == listed("requirements-dev.txt")
    assert sorted(str(Requirement(r)) for r in EXTRAS["docs"]) == listed("docs/requirements.txt")
    assert {str(Requirement(r)) for r in EXTRAS["mp4"]} <= {*listed("requirements-dev.txt")}


def test_the_list_without_gpus_differs_in_tensorflow_alone():
    plain, cpu = listed("requirements.txt"), listed("requirements-cpu.txt")
    assert any(r.startswith("tensorflow-cpu") for r in cpu)
    swapped = {re.sub(r"^tensorflow(?=[<>=~])", "tensorflow-cpu", r) for r in plain}
    assert swapped == {*cpu}


def test_nothing_optional_is_in_the_plain_install():
    optional = set().union(*(names(EXTRAS[e]) for e in ("cluster", "search", "mp4", "docs")))
    assert not optional & names(listed("requirements.txt"))
    assert {"distributed", "optuna", "imageio-ffmpeg"} <= optional


@pytest.mark.parametrize(
    ("lock", "lists", "absent"),
    [
        ("plain.txt", ["requirements.txt"], {"imageio-ffmpeg", "tensorflow-cpu", "pytest"}),
        ("cpu.txt", ["requirements-cpu.txt"], {"imageio-ffmpeg", "tensorflow", "pytest"}),
        ("gpu.txt", ["requirements.txt"], {"imageio-ffmpeg", "tensorflow-cpu", "pytest"}),
        ("dev.txt", ["requirements.txt", "requirements-dev.txt"], {"tensorflow-cpu"}),
        ("docs.txt", ["docs/requirements.txt"], {"tensorflow", "streamlit"}),
    ],
)
def test_locks_hold_versions_of_every_list_with_hashes(lock, lists, absent):
    text = (ROOT / "locks" / lock).read_text("utf-8")
    blocks = re.findall(
        r"^([\w.\-]+)==(\S+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", text, re.M
    )
    pinned = {}
    for name, version, _ in blocks:
        pinned.setdefault(name.lower(), []).append(version)
    assert len(blocks) == len(re.findall(r"^[\w.\-]+==", text, re.M))  # nothing without a hash
    for requirement in [Requirement(r) for name in lists for r in listed(name)]:
        assert pinned[requirement.name.lower()], requirement
        assert all(v in requirement.specifier for v in pinned[requirement.name.lower()]), (
            requirement
        )
    assert not absent & {*pinned}
    assert "://" not in text.replace("https://docs.astral.sh", "")  # no index of anybody's own


def test_the_report_names_every_requirement():
    assert {*system.PACKAGES} == names(listed("requirements.txt"))


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ([], True),
        (["--server.port", "8600"], True),
        (["--server.port=8600"], True),
        (["--version"], False),
        (["--help"], False),
        (["runs"], False),
        (["train", "--server.port", "1"], False),
        (["--runs-dir=a.b"], False),
    ],
)
def test_without_a_command_the_app_opens(words, opens):
    assert program.opens_app(words) is opens


def test_the_app_becomes_streamlit_and_takes_its_options(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(program.os, "execv", lambda path, line: told.append((path, line)))
    program.ganscope(["--server.port", "8600"])
    ((path, line),) = told
    assert path == sys.executable and APP == ROOT / "app.py"
    assert line[1:] == ["-P", "-m", "streamlit", "run", str(APP), "--server.port", "8600"]


def test_opening_loads_neither_the_commands_nor_streamlit():
    """The process that opens the app is replaced at once: what it imports is waited for twice."""
    code = (
        "import sys, gan_core.__main__\n"
        "print([n for n in ('numpy', 'pydantic', 'streamlit', 'gan_core.cli') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_commands_answer_by_both_names(capsys, monkeypatch):
    monkeypatch.setattr(runtime, "_in_terminal", False)
    assert program.ganscope(["recipes", "--json"]) == 0
    assert "fast_gan" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        program.ganscope(["--help"])
    said = capsys.readouterr().out
    assert left.value.code == 0 and said.startswith("usage: ganscope ") and "opens the app" in said

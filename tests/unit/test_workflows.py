"""What others' machines read: workflow files and forms are YAML, and call what exists."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gan_core import __version__, cli
from tools import release_notes

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed (pre-commit brings it)")
ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FILES = [
    *sorted((ROOT / ".github").rglob("*.yml")),
    ROOT / "deploy" / "compose.yaml",
    ROOT / "CITATION.cff",
    ROOT / ".pre-commit-config.yaml",
]
SCRIPTS = [ROOT / ".ci" / "run", *sorted((ROOT / "deploy").rglob("*.s*h"))]  # .sh, .sbatch
PATHS = re.compile(
    r"(?:\.ci|tools|tests|locks|deploy|docs|gan_core)/[\w./-]*\w(?![\w/{-])|requirements[\w-]*\.txt"
)
LINE = re.compile(r"(?:ganscope|python -m gan_core) ([a-z][a-z-]*)")


def steps():
    """(workflow, job, step) of every step."""
    for path in WORKFLOWS:
        for name, job in yaml.safe_load(path.read_text("utf-8"))["jobs"].items():
            for step in job["steps"]:
                yield path.name, name, step


def names_of(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=names_of)
def test_it_is_yaml(path):
    assert yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=names_of)
def test_a_workflow_may_read_and_says_so_where_it_may_more(path):
    told = yaml.safe_load(path.read_text("utf-8"))
    assert told["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 60 for job in told["jobs"].values())


def test_what_the_steps_call_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    called = []
    for place, job, step in steps():
        told = step.get("run", "")
        for path in PATHS.findall(told):
            called.append(path)
            assert (ROOT / path).exists(), f"{place}, {job}: {path}"
        for target in re.findall(r"^make (\w+)", told, re.M):
            called.append(target)
            assert target in targets, f"{place}, {job}: make {target}"
    assert {".ci/run", "tools/release_notes.py", "deploy/Dockerfile", "lock", "audit"} <= {*called}


def test_every_python_that_the_package_names_is_tried():
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [c.rpartition(" ")[2] for c in project["classifiers"] if c.startswith("Programming")]
    assert jobs["all"]["strategy"]["matrix"]["python"] == named
    assert len(jobs["unit"]["strategy"]["matrix"]["os"]) == 3
    assert [s["run"] for s in jobs["unit"]["steps"] if "run" in s] == ["bash .ci/run unit"]


@pytest.mark.parametrize("path", SCRIPTS, ids=names_of)
@pytest.mark.skipif(sys.platform == "win32", reason="no bash")
def test_scripts_can_be_read_by_bash_and_call_what_exists(path):
    subprocess.run(["bash", "-n", path], check=True)
    for found in PATHS.findall(path.read_text("utf-8")):
        assert (ROOT / found).exists(), found


def test_the_run_for_other_systems_needs_no_browser():
    """`.ci/run unit` ends before the part that does."""
    script = (ROOT / ".ci" / "run").read_text()
    assert (
        script.index("pytest tests/unit tests/js --cov")
        < script.index("exit\n")
        < script.index("README.md |")
    )


COMMANDS = {
    names_of(path): path.read_text("utf-8")
    for path in [
        *sorted((ROOT / "deploy").rglob("*")),
        *sorted((ROOT / ".github").rglob("*")),
        ROOT / "docs" / "places.md",
        ROOT / "docs" / "upgrading.md",
    ]
    if path.is_file()
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_that_are_named_exist(name):
    parser = cli.build_parser()
    (known,) = [a.choices for a in parser._actions if a.dest == "command"]
    ours = [c for c in LINE.findall(COMMANDS[name]) if "`" not in c]
    for command in ours:
        assert command in known, f"{name}: {command}"


@pytest.mark.parametrize("name", ["Dockerfile", "huggingface/Dockerfile"])
def test_an_image_is_nobody_special_and_takes_what_is_there(name):
    lines = (ROOT / "deploy" / name).read_text().splitlines()
    assert "USER 1000" in lines and lines[-1].startswith(("ENTRYPOINT", "CMD"))
    assert not [x for x in lines if x.startswith("ADD ")]
    copied = [shlex.split(x)[1:-1] for x in lines if x.startswith("COPY") and "--from" not in x]
    assert copied
    locks = {path.stem for path in (ROOT / "locks").glob("*.txt")}
    assert {"cpu", "gpu", "plain"} <= locks


def test_the_image_is_made_of_all_that_the_wheel_needs():
    """What .dockerignore lets through holds every source of the wheel."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    sources = {*told["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"], "gan_core"}
    sources |= {"pyproject.toml", "requirements.txt", "README.md", "LICENSE", "locks"}
    lines = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
    assert {x[1:] for x in lines if x.startswith("!")} == sources


def test_the_citation_and_the_package_are_of_one_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cited["version"] == __version__ and cited["cff-version"] == "1.2.0"


CHANGES = (
    "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2027-01-02\n### Added\n- A\n\n## [1.0.0]\n- B\n"
)


def test_notes_of_a_release_are_its_section():
    assert release_notes.notes(CHANGES, "1.1.0") == "### Added\n- A\n"


@pytest.mark.parametrize(("version", "why"), [("1.0.0", "no date"), ("2.0.0", "no section")])
def test_a_release_without_its_words_is_refused(version, why):
    with pytest.raises(ValueError, match=why):
        release_notes.notes(CHANGES, version)

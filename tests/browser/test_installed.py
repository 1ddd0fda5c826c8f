"""The wheel in an environment of its own, far from the checkout: the app opens, and it trains."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gan_core import __version__
from tests.browser.helpers import ROOT, Server, at_rest, button

pytestmark = pytest.mark.slow
hatchling = pytest.importorskip("hatchling.build", reason="hatchling is not installed")
BIN = "Scripts" if sys.platform == "win32" else "bin"
# Requirements come from here: what is tried is our own wheel.
OUTER = [folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of the programs of an environment that has our wheel, as pip installed it."""
    place = tmp_path_factory.mktemp("installed")
    before = Path.cwd()
    os.chdir(ROOT)  # as build frontends do
    try:
        wheel = place / hatchling.build_wheel(str(place))
    finally:
        os.chdir(before)
    venv.create(place / "env", symlinks=os.name != "nt")
    programs = place / "env" / BIN
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "-q"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    inner = Path(run(programs / "python", "-c", where).strip())
    (inner / "outer.pth").write_text("\n".join(OUTER))
    return programs


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout


def test_it_trains(installed, folders):
    where = "import gan_core; print(gan_core.__file__)"
    assert str(installed.parent) in run(installed / "python", "-c", where)
    assert __version__ in run(installed / "ganscope", "--version")
    run_id = run(installed / "ganscope", "train", "--steps", "20").strip()
    (told,) = json.loads(run(installed / "python", "-m", "gan_core", "runs", "--json"))
    assert (told["id"], told["state"], told["step"]) == (run_id, "finished", 20)
    assert "an installed package" in run(installed / "ganscope", "doctor", "--system")


def test_the_app_opens_from_any_folder(installed, folders, browser):
    (folders / "random.py").write_text("raise SystemExit('not ours')\n")
    (folders / "pages").mkdir()
    server = Server(folders)
    server.command, server.cwd = (str(installed / "ganscope"),), folders
    server.start()
    try:
        page = browser.new_page()
        page.goto(server.url)
        expect(button(page, "Train now")).to_be_visible()
        at_rest(page)
        page.goto(f"{server.url}/explore")
        expect(page.get_by_role("heading").first).to_be_visible()
        at_rest(page)
        page.close()
        assert server.is_running
        assert "Traceback" not in server.log.read_text()
    finally:
        server.end()

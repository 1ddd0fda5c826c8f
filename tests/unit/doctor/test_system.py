"""`doctor --system`: it says what a report of a problem needs, and nobody's name."""

import getpass
import json
import os
import platform
from importlib.metadata import version

import pytest

from gan_core import __version__
from gan_core.cli import main
from gan_core.doctor import system
from gan_core.startup import runtime


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/ann/.cache/ganscope", "~/.cache/ganscope"),
        ("/home/ann", "~"),
        ("/home/anna/runs", "/home/anna/runs"),
        ("/home/ann-marie/runs", "/home/USER-marie/runs"),
        ("/scratch/ann/runs", "/scratch/USER/runs"),
        ("/scratch/ann_runs", "/scratch/USER_runs"),
        ("/data/annotated", "/data/annotated"),
        ("cannot open /home/ann/x.so, told ann", "cannot open ~/x.so, told USER"),
    ],
)
def test_no_name_is_in_a_path(text, shown):
    assert system.without_names(text, home="/home/ann", user="ann") == shown


def test_on_windows_too():
    hide = {"home": "C:\\Users\\Ann B", "user": "annb"}
    assert system.without_names("C:\\Users\\Ann B\\AppData", **hide) == "~\\AppData"
    assert system.without_names("D:\\Ann B\\annb\\runs", **hide) == "D:\\USER\\USER\\runs"


def test_a_home_without_a_name_takes_nothing_away():
    assert system.without_names("/data/runs", home="/", user="") == "/data/runs"


def test_the_report(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOME", str(tmp_path / "home" / "somebody"))
    monkeypatch.setenv("GAN_PASSWORD", "a long sentence")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    place = tmp_path / "home" / "somebody" / "runs"
    words = ["doctor", "--system", "--runs-dir", str(place), "--data-dir", str(tmp_path)]
    assert main([*words, "--json"]) == 0
    said = capsys.readouterr().out
    told = json.loads(said)
    assert told["GANscope"] == {"version": __version__, "from": "a checkout"}
    assert told["machine"]["python"].endswith(platform.python_version())
    assert told["packages"]["numpy"] == version("numpy")
    assert told["TensorFlow"]["import"] == "works" and told["TensorFlow"]["oneDNN"] == "0"
    assert told["variables"]["TF_ENABLE_ONEDNN_OPTS"] == "0"
    assert told["folders"]["runs"].startswith("~/runs (not made yet, can be written, ")
    assert not place.exists()  # looking makes nothing
    for secret in ("somebody", "a long sentence", os.uname().nodename, f"/{getpass.getuser()}/"):
        assert secret not in said
    assert main(words) == 0
    assert f"GANscope\n  version: {__version__}\n" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["00001", "--system"]])
def test_it_is_a_run_or_the_system(words, capsys):
    assert main(["doctor", *words]) == 2
    assert "needs a run, or `--system`; not both" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["tensorflow", "tensorflow-cpu"])
def test_tensorflow_goes_by_two_names(name, tmp_path, monkeypatch):
    facts = tmp_path / f"{name.replace('-', '_')}-2.21.7.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.21.7\n")
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert runtime.versions()["tensorflow"] == "2.21.7"

"""Run folders that were renamed or linked by hand do not vanish without a word."""

import pytest

from gan_core.cli import main
from gan_core.errors import RunError, RunLockedError
from gan_core.runs import misnamed
from gan_core.runs.run import Run
from gan_core.runs.store import RunStore

CONFIG = {"recipe": "dcgan", "dataset": "mnist", "num_steps": 100}
NAMES = (
    "best",
    "00001-dcgan-mnist (copy)",
    "00001-dcgan-mnist copy",
    "Läufe 한글",
    "1-dcgan-mnist",
)


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


@pytest.mark.parametrize("name", NAMES)
def test_a_renamed_run_is_said_and_taken_in(store, name, capsys):
    run = store.create(CONFIG)
    run.write_status(step=7)
    run.path.rename(store.root / name)
    assert store.ids() == [] and misnamed.names(store.root) == [name]
    assert main(["runs", "--runs-dir", str(store.root)]) == 0
    assert f"warning: `{name}` in " in capsys.readouterr().err
    taken = misnamed.take_in(store, name, "test")
    assert store.ids() == [taken.id] and taken.status().step == 7
    assert taken.events()[-1]["run"] == name
    assert misnamed.sentence(store.root) == ""
    main(["runs", "--runs-dir", str(store.root)])
    assert "warning" not in capsys.readouterr().err


def test_what_is_no_run_is_not_spoken_of(store):
    store.create(CONFIG)
    for name in (".hidden", "notes", "00009-dcgan-mnist"):
        (store.root / name).mkdir()
    (store.root / ".hidden" / "config.json").write_text("{}")
    (store.root / "config.json").write_text("{}")
    assert misnamed.sentence(store.root) == ""


def test_many_are_counted_and_links_are_said(store, tmp_path):
    for name in "abcde":
        store.create(CONFIG).path.rename(store.root / name)
    assert misnamed.sentence(store.root).startswith("`a`, `b`, `c` and 2 more in ")
    store.create(CONFIG).path.rename(tmp_path / "far")
    link = store.root / "00009-dcgan-mnist"
    link.symlink_to(tmp_path / "far", target_is_directory=True)
    assert misnamed.names(store.root)[0] == link.name
    with pytest.raises(RunError, match="is a link. Move the folder"):
        misnamed.take_in(store, link.name, "test")


def test_refusals_in_words(store):
    run = store.create(CONFIG)
    for name in (run.id, "no", "../x", ".bin"):
        with pytest.raises(RunError, match="There is no unlisted run"):
            misnamed.take_in(store, name, "test")
    run.path.rename(store.root / "moved")
    with Run(store.root / "moved").writer_lock(), pytest.raises(RunLockedError):
        misnamed.take_in(store, "moved", "test")
    (store.root / "moved" / "config.json").write_text("{")
    with pytest.raises(RunError, match="damaged"):
        misnamed.take_in(store, "moved", "test")

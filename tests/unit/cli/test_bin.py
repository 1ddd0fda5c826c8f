"""The bin on the command line: what was deleted is listed and comes back."""

import json

from gan_core.cli import main
from gan_core.runs import RunStore

CONFIG = {"recipe": "fast_gan", "dataset": "mnist_5k"}


def test_deleted_runs_are_listed_and_come_back(tmp_path, capsys):
    store = RunStore(tmp_path)
    one, two = store.create(CONFIG), store.create(CONFIG)
    for run in (one, two):
        store.delete(run.id, "test")
    assert main(["runs", "--bin", "--json", "--runs-dir", str(tmp_path)]) == 0
    assert [run["id"] for run in json.loads(capsys.readouterr().out)] == [two.id, one.id]
    assert main(["restore", one.id, two.id, "--runs-dir", str(tmp_path)]) == 0
    assert capsys.readouterr().out.split() == [one.id, two.id]
    assert store.ids() == [two.id, one.id] and store.deleted() == []


def test_what_is_not_there_is_said_and_the_rest_comes(tmp_path, capsys):
    store = RunStore(tmp_path)
    run = store.create(CONFIG)
    store.delete(run.id, "test")
    unknown = "00077-fast_gan-mnist_5k"
    assert main(["restore", unknown, "../..", run.id, "--runs-dir", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out.split() == [run.id] and unknown in err and "Traceback" not in err
    assert store.ids() == [run.id]


def test_for_good_means_the_disk_is_free(tmp_path):
    store = RunStore(tmp_path)
    kept, gone = store.create(CONFIG), store.create(CONFIG)
    for run in (kept, gone):
        store.delete(run.id, "test")
    assert [s.id for s in store.deleted_summaries()] == [gone.id, kept.id]
    store.purge(gone.id)
    assert [s.id for s in store.deleted_summaries()] == [kept.id]
    assert not list(tmp_path.rglob(gone.id))

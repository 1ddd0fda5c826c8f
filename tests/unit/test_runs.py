"""The runs folder: ids, states and locks, notes and events, the bin, lists of thousands of runs."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gan_core.errors import DiskFullError, RunError, RunLockedError
from gan_core.runs import store as runs
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.store import Notes, Run, RunStore, State, default_runs_dir

ROOT = Path(__file__).parents[2]
CONFIG = {"recipe": "dcgan", "dataset": "mnist", "num_steps": 100}


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


@pytest.fixture
def run(store):
    return store.create(CONFIG, versions={"keras": "3"}, note="hello")


# Creating and finding


def test_a_new_run_says_what_it_was_made_of(store, run):
    assert run.id == "00001-dcgan-mnist"
    header = json.loads((run.path / "config.json").read_text())
    created_at = header.pop("created_at")
    assert abs(created_at - time.time()) < 60
    assert header == {
        "format": 1,
        "config": CONFIG,
        "versions": {"keras": "3"},
        "parent": None,
        "data": None,
        "note": "hello",
    }
    again = store.get(run.id)
    assert (again.config, again.versions, again.parent) == (CONFIG, {"keras": "3"}, None)
    assert (again.created_at, again.status().state) == (created_at, "queued")
    assert (again.status().num_steps, again.notes().note) == (100, "hello")


def test_a_branch_records_its_parent(store, run):
    child = store.create(CONFIG, parent={"run": run.id, "step": 50})
    assert store.get(child.id).parent == {"run": run.id, "step": 50}


def test_sixteen_threads_make_sixteen_numbers(store, runs_dir):
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda i: RunStore(runs_dir).create({"recipe": f"r{i}"}), range(16)))
    assert sorted(int(run.id[:5]) for run in made) == list(range(1, 17))
    assert len(store.ids()) == 16


def test_numbers_are_never_used_again_while_the_bin_has_them(store, run):
    store.delete(run.id, "page")
    assert store.create(CONFIG).id == "00002-dcgan-mnist"


@pytest.mark.parametrize(
    ("config", "run_id"),
    [
        ({"recipe": "../x", "dataset": "a b/é.."}, "00001-_x-a_b_"),
        ({}, "00001-run-data"),
        ({"recipe": "r", "dataset": "x" * 99}, f"00001-r-{'x' * 60}"),
    ],
)
def test_names_of_data_sets_become_safe_ids(store, config, run_id):
    assert store.create(config).id == run_id
    assert store.get(run_id).config == config


@pytest.mark.parametrize(
    "run_id", ["../x", "/etc/passwd", "00001-a-b/../..", "a\0b", "x" * 5000, "", "..", ".bin", None]
)
def test_ids_with_path_tricks_are_refused(store, run, run_id):
    text = "A run id looks like 00012-dcgan-mnist. Received: .* Did you mean 00001-dcgan-mnist"
    for use in (store.get, store.restore, lambda bad: store.delete(bad, "page")):
        with pytest.raises(RunError, match=text if use != store.restore else "A run id looks like"):
            use(run_id)


def test_an_unknown_id_names_the_nearest(store, run):
    store.create({"recipe": "acgan", "dataset": "mnist"})
    with pytest.raises(RunError, match="There is no run 00001-dcgan-mnit. Did you mean 00001-dcg"):
        store.get("00001-dcgan-mnit")


def test_links_out_of_the_folder_are_refused(store, run, tmp_path):
    elsewhere = RunStore(tmp_path / "elsewhere").create(CONFIG)
    (store.root / "00009-dcgan-mnist").symlink_to(elsewhere.path)
    with pytest.raises(RunError, match="is a link that leads out of the runs folder"):
        store.get("00009-dcgan-mnist")
    with pytest.raises(RunError, match="is a link that leads out of the runs folder"):
        store.delete("00009-dcgan-mnist", "page")
    assert store.ids() == [run.id]
    (run.path / "samples").symlink_to(tmp_path)
    (tmp_path / "000001.png").write_bytes(b"secret")
    with pytest.raises(RunError, match="00001-dcgan-mnist has no sample of step 1"):
        run.sample_png(1)


def change(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"format": 2},
            "00001-dcgan-mnist was made by a newer GANscope: format 2; this one reads up to 1",
        ),
        ({"format": None}, "00001-dcgan-mnist is damaged: its format is None"),
        ({"config": [1]}, r"config\.json is damaged: it holds no settings"),
    ],
)
def test_newer_and_damaged_runs_are_refused_but_listed(store, run, changes, text):
    change(run.path / "config.json", **changes)
    with pytest.raises(RunError, match=text):
        store.get(run.id)
    (summary,) = store.summaries()
    assert (summary.id, summary.recipe, summary.dataset) == (run.id, "dcgan", "mnist")
    assert summary.state == State.FAILED
    with pytest.raises(RunError, match=text):
        raise RunError(summary.error)


def test_the_default_folder_is_the_environment_or_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_RUNS_DIR", str(tmp_path))
    assert default_runs_dir() == tmp_path
    monkeypatch.delenv("GAN_RUNS_DIR")
    monkeypatch.chdir(tmp_path)
    assert default_runs_dir().is_absolute()
    assert default_runs_dir().parts[-2:] == ("ganscope", "runs")


# A folder that cannot be written


def fail_with(number):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "runs").touch()
    with pytest.raises(RunError, match="The runs folder .*runs is a file. Choose another folder"):
        RunStore(tmp_path / "runs")
    with pytest.raises(RunError, match="deeper could not be written to .*runs: Not a directory"):
        RunStore(tmp_path / "runs" / "deeper")


def test_a_folder_that_cannot_be_made(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "mkdir", fail_with(13))
    with pytest.raises(RunError, match="runs cannot be written: .* is read-only for this user"):
        RunStore(tmp_path / "runs")


def test_a_read_only_folder_can_be_watched_not_changed(store, run, monkeypatch):
    run.write_status(state="running")
    monkeypatch.setattr(os, "open", deny_writing(os.open))
    monkeypatch.setattr(os, "mkdir", fail_with(30))
    watched = RunStore(store.root)
    assert [summary.state for summary in watched.summaries()] == ["interrupted"]
    text = "is read-only for this user"
    with pytest.raises(RunError, match=text):
        watched.create(CONFIG)
    with pytest.raises(RunError, match=text):
        watched.delete(run.id, "page")
    with pytest.raises(RunError, match=text):
        run.write_status(step=1)
    with pytest.raises(RunError, match=text), run.writer_lock():
        pass
    with pytest.raises(RunError, match=text):
        run.log_event("started", step=0, who="page")


def deny_writing(original):
    def open_to_read(path, flags, *args, **kwargs):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(30, os.strerror(30))
        return original(path, flags, *args, **kwargs)

    return open_to_read


def test_a_full_disk_makes_no_half_run(store, run, monkeypatch):
    monkeypatch.setattr(os, "fsync", fail_with(28))
    with pytest.raises(DiskFullError, match="The disk is full"):
        store.create(CONFIG)
    with pytest.raises(DiskFullError, match="The disk is full"):
        run.write_status(state=State.RUNNING)
    monkeypatch.undo()
    assert store.ids() == [run.id]
    assert not list(store.root.rglob(".tmp-*"))
    assert run.status().state == "queued"


# Status and the writer's lock


def test_status_is_changed_field_by_field(run):
    run.write_status(state=State.RUNNING, step=5, owner="here")
    with run.writer_lock():
        run.write_status(step=6, steps_per_second=2.5)
        status = run.status()
    assert (status.state, status.step, status.owner) == ("running", 6, "here")
    assert (status.steps_per_second, status.num_steps) == (2.5, 100)
    assert json.loads((run.path / "status.json").read_text())["state"] == "running"
    with pytest.raises(TypeError, match="stepp"):
        run.write_status(stepp=7)
    with pytest.raises(ValueError, match="'runing' is not a valid State"):
        run.write_status(state="runing")


@pytest.mark.parametrize("state", list(State))
def test_a_live_state_without_its_writer_is_interrupted(run, state):
    run.write_status(state=state)
    live = state in ("ready", "running", "paused")
    assert run.status().state == ("interrupted" if live else state)
    with run.writer_lock():
        assert run.status().state == state


DAMAGED_STATUS = [
    "",
    "{",
    "[]",
    '{"state": "flying"}',
    '{"state": ["running"]}',
    '{"step": "many"}',
    '{"step": 1.5}',
    '{"step": true}',
    '{"wall_time": -1e300}',
    '{"wall_time": 1e999}',
    '{"images_seen": NaN}',
    '{"num_steps": 4503599627370496000}',
    '{"phase": {}}',
    '{"error": 3}',
]


@pytest.mark.parametrize("text", DAMAGED_STATUS)
def test_a_damaged_status_is_an_interrupted_run_that_says_so(store, run, text):
    (run.path / "status.json").write_text(text)
    assert run.status().state == "interrupted"
    assert "The status could not be read" in run.status().error
    assert "status.json is damaged" in store.summaries()[0].error
    run.write_status(state=State.STOPPED, step=3)
    assert (run.status().state, run.status().error) == ("stopped", "")


@pytest.mark.parametrize("text", ["", "[]", '{"num_steps": "x"}'])
def test_a_damaged_status_loses_no_limit(store, text):
    run = store.create({"recipe": "dcgan", "dataset": "mnist", "num_steps": 7, "num_minutes": 2.5})
    (run.path / "status.json").write_text(text)
    assert (run.status().num_steps, run.status().num_minutes) == (7, 2.5)
    run.write_status(state=State.STOPPED)
    assert (run.status().num_steps, run.status().num_minutes) == (7, 2.5)


def test_null_in_a_status_is_the_default(run):
    change(run.path / "status.json", steps_per_second=None, num_minutes=None)
    assert (run.status().state, run.status().steps_per_second) == ("queued", 0.0)


def test_unknown_fields_of_a_status_are_left_alone(run):
    change(run.path / "status.json", flavour="new")
    assert run.status().state == "queued"


def test_there_is_one_writer_also_within_one_process(store, run):
    with run.writer_lock():
        assert run.is_locked()
        text = "00001-dcgan-mnist is being written by another process .or another job"
        with pytest.raises(RunLockedError, match=text), store.get(run.id).writer_lock():
            pass
        with pytest.raises(RunLockedError, match=text):
            store.delete(run.id, "page")
    assert not run.is_locked()
    with run.writer_lock():
        pass


def test_a_lock_may_be_left_in_another_thread(run):
    lock = run.writer_lock()
    lock.__enter__()
    thread = threading.Thread(target=lock.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    assert not run.is_locked()


HOLDER = """
import sys
from gan_core.runs.records import State
from gan_core.runs.run import Run
run = Run(sys.argv[1])
with run.writer_lock():
    run.write_status(state=State.RUNNING, step=7)
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_writer_in_another_process_is_watched_and_its_death_noticed(run):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLDER, str(run.path)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        assert run.is_locked()
        assert run.status().state == "running"
        with pytest.raises(RunLockedError, match="Watch it, or stop that job first"):
            run.writer_lock().__enter__()
        holder.kill()
    assert run.status().state == "interrupted"
    with run.writer_lock():
        assert run.status().state == "running"


def test_readers_that_probe_all_the_time_do_not_keep_a_writer_out(run):
    stop = threading.Event()
    seen = []

    def probe():
        while not stop.is_set():
            seen.append(run.is_locked())

    threads = [threading.Thread(target=probe) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(50):
            with run.writer_lock():
                pass
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert seen


def test_readers_do_not_take_each_other_for_a_writer(run):
    with run.writer_lock():
        pass
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(lambda _: run.is_locked(), range(2000)))


def test_a_probe_makes_no_file(run):
    assert not run.is_locked()
    assert not (run.path / "lock").exists()


def test_a_folder_copied_or_zipped_while_it_trains_opens_elsewhere(run, tmp_path):
    with run.writer_lock(), MetricsWriter(run.path, ["g_loss"]) as metrics:
        run.write_status(state=State.RUNNING, step=1)
        metrics.append(1, 64, 0.1, (), [0.5])
        metrics.flush()
        (tmp_path / "copies").mkdir()
        shutil.copytree(run.path, tmp_path / "copies" / run.id)
        shutil.make_archive(str(tmp_path / "zipped"), "zip", store_of(run), run.id)
    shutil.unpack_archive(tmp_path / "zipped.zip", tmp_path / "unzipped")
    for folder in ("copies", "unzipped"):
        copy = RunStore(tmp_path / folder).get(run.id)
        assert (copy.path / "lock").exists()
        assert not copy.is_locked()
        assert copy.status().state == "interrupted"
        assert copy.metrics().last_step == 1


def store_of(run):
    return run.path.parent


# Notes, events, samples


def test_notes_are_kept_and_every_change_is_logged(store, run):
    run.write_status(step=9)
    run.update_notes("page", name="best so far", tags=["a", "b"])
    notes = run.update_notes("command line", pinned=True, pinned_steps=[5], favourites=[{"z": 1}])
    assert notes == Run(run.path).notes()
    assert (notes.name, notes.note, notes.tags) == ("best so far", "hello", ("a", "b"))
    assert (notes.pinned, notes.pinned_steps, notes.favourites) == (True, (5,), ({"z": 1},))
    first, second = run.events()
    assert (first["kind"], first["who"], first["step"]) == ("renamed", "page", 9)
    assert first["changes"] == {"name": ["", "best so far"], "tags": [[], ["a", "b"]]}
    assert (second["kind"], second["who"]) == ("noted", "command line")
    run.update_notes("page", pinned=True)
    assert len(run.events()) == 2
    assert store.summaries()[0].tags == ("a", "b")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"nmae": "x"}, "Unknown note `nmae`. Allowed: name, note, tags, pinned, archived"),
        ({"name": 3}, "`name` in the notes of 00001-dcgan-mnist cannot be 3"),
        ({"tags": "abc"}, "`tags` in the notes of 00001-dcgan-mnist cannot be 'abc'"),
    ],
)
def test_bad_notes_are_refused(run, changes, text):
    with pytest.raises(RunError, match=text):
        run.update_notes("page", **changes)
    assert not (run.path / "notes.json").exists()


def test_notes_written_by_two_at_once_both_last(run):
    fields = ["name", "note", "tags", "pinned", "archived", "pinned_steps"]
    values = ["n", "t", ["x"], True, True, [1]]
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda i: Run(run.path).update_notes("page", **{fields[i]: values[i]}), range(6)
            )
        )
    notes = run.notes()
    assert [getattr(notes, field) for field in fields] == ["n", "t", ("x",), True, True, (1,)]
    assert len(run.events()) == 6


def named_and_pinned(run):
    """A run with notes of every kind, changed more than once."""
    run.update_notes("page", name="first", tags=["a"], note="text")
    run.update_notes("page", name="dear", pinned_steps=[250], keep_last=1, keep_every=0)
    run.update_notes("page", favourites=[{"name": "z", "z": [0.5]}])
    return run.notes()


DAMAGED_NOTES = [
    b"{",
    b"",
    b"[]",
    bytes(300),
    b"\xff\xfe",
    b'{"name": 7}',
    b'{"pinned_steps": ["250"]}',
    b'{"pinned_steps": [[1]]}',
    b'{"pinned_steps": [true]}',
    b'{"budget_bytes": 3}',
    b'{"pinned_steps": [-1]}',
]


@pytest.mark.parametrize("damage", DAMAGED_NOTES)
def test_damaged_notes_are_said_kept_aside_and_read_from_the_log(store, run, damage):
    before = named_and_pinned(run)
    assert run.notes_problem() == ""
    (run.path / "notes.json").write_bytes(damage)
    assert run.notes() == before and store.summaries()[0].name == "dear"
    problem = run.notes_problem()
    assert "notes.json" in problem and "pinned: 250" in problem
    assert "No checkpoint is removed before notes are saved again" in problem
    after = run.update_notes("page", tags=["b"])
    assert after == dataclasses.replace(before, tags=("b",)) == run.notes()
    assert run.notes_problem() == ""
    (aside,) = run.path.glob("notes.json.damaged-*")
    assert aside.read_bytes() == damage
    warning = next(event for event in run.events() if event["kind"] == "warning")
    assert aside.name in warning["text"]


def test_notes_that_vanished_are_said_and_read_from_the_log(run):
    assert run.notes_problem() == ""
    before = named_and_pinned(run)
    (run.path / "notes.json").unlink()
    assert run.notes() == before
    assert "notes.json is missing" in run.notes_problem()
    run.update_notes("page")
    assert (run.notes(), run.notes_problem()) == (before, "")


def test_a_log_of_another_program_does_no_harm_to_notes(run):
    odd = [
        None,
        [],
        "x",
        7,
        {"name": None},
        {"name": [1]},
        {"name": ["a", 3]},
        {"no": ["a", "b"]},
        {"pinned_steps": [[], "all"]},
        {"tags": [[], ["ok"]]},
    ]
    for changes in odd:
        run.log_event("noted", step=0, who="test", changes=changes)
    (run.path / "notes.json").write_text("{")
    assert run.notes() == Notes(note=run.header["note"], tags=("ok",))


def test_events_are_numbered_in_the_order_of_the_file(run, monkeypatch):
    for step, clock in enumerate((1000.0, 500.0, 2000.0)):  # the clock is set back
        monkeypatch.setattr(time, "time", lambda clock=clock: clock)
        run.log_event("knob", step=step, who="page", name="g_lr", value=1e-3)
    assert [event["step"] for event in run.events()] == [0, 1, 2]
    assert [event["id"] for event in run.events(after=1)] == [2, 3]
    assert run.events()[1] == {
        "id": 2,
        "time": 500.0,
        "who": "page",
        "step": 1,
        "kind": "knob",
        "name": "g_lr",
        "value": 1e-3,
    }


def test_samples_reals_and_log(run):
    assert (run.sample_steps(), run.reals_png(), run.metrics()) == ([], None, None)
    run.write_sample(1_000_000, b"late")
    run.write_sample(500, b"early")
    run.write_reals(b"real")
    assert run.sample_steps() == [500, 1_000_000]
    assert (run.sample_png(500), run.reals_png()) == (b"early", b"real")
    with pytest.raises(RunError, match="00001-dcgan-mnist has no sample of step 7"):
        run.sample_png(7)
    run.log("one")
    run.log("two")
    assert [line.split(" ", 2)[2] for line in (run.path / "log.txt").read_text().splitlines()] == [
        "one",
        "two",
    ]
    assert run.size() > len(b"lateearlyreal")


# Deleting


def test_a_deleted_run_can_be_restored(store, run):
    store.delete(run.id, "page")
    assert (store.ids(), store.summaries(), store.deleted()) == ([], [], [run.id])
    with pytest.raises(RunError, match="There is no run 00001-dcgan-mnist"):
        store.get(run.id)
    back = store.restore(run.id, "command line")
    assert (store.ids(), store.deleted()) == ([run.id], [])
    assert [(event["kind"], event["who"]) for event in back.events()] == [
        ("deleted", "page"),
        ("restored", "command line"),
    ]
    with pytest.raises(RunError, match="There is no run 00001-dcgan-mnist"):
        store.restore(run.id)


def test_restoring_over_another_run_is_refused(store, run):
    store.delete(run.id, "page")
    shutil.copytree(store.root / ".bin" / run.id, store.root / run.id)
    with pytest.raises(RunError, match="There already is a run 00001-dcgan-mnist"):
        store.restore(run.id)
    assert store.deleted() == [run.id]


def test_the_bin_is_emptied_of_old_runs_only(store, run, monkeypatch):
    young = store.create(CONFIG)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 31 * 86_400)
    store.delete(run.id, "page")
    monkeypatch.undo()
    store.delete(young.id, "page")
    assert store.empty_bin() == [run.id]
    assert store.deleted() == [young.id]
    monkeypatch.setattr(time, "time", lambda: now - 90 * 86_400)  # the clock is set back
    assert store.empty_bin() == []
    assert store.empty_bin(older_than_days=0) == [young.id]
    assert os.listdir(store.root / ".bin") == []


def test_a_job_that_comes_too_late_finds_its_run_deleted(store, run):
    store.delete(run.id, "page")
    text = "00001-dcgan-mnist is no longer in .*runs; it was moved or deleted"
    with pytest.raises(RunError, match=text), run.writer_lock():
        pass
    with pytest.raises(RunError, match=text):
        run.update_notes("page", name="x")
    assert not run.path.exists()


def test_a_writer_that_waits_while_its_run_is_deleted_makes_no_ghost(store, run):
    waiting = Run(run.path)
    with run.writer_lock(), ThreadPoolExecutor(1) as pool:
        refused = pool.submit(waiting.writer_lock().__enter__)
        time.sleep(0.05)
        os.rename(run.path, store.root / "moved")
        with pytest.raises(RunError):
            refused.result()
    assert store.ids() == []
    assert not run.path.exists()


# Lists


def test_summaries_are_newest_first_and_follow_every_change(store, run, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 5.0)  # the clock is set back
    other = store.create({"recipe": "acgan", "dataset": "ring"}, parent={"run": run.id, "step": 2})
    assert [summary.id for summary in store.summaries()] == [other.id, run.id]
    with other.writer_lock():
        other.write_status(state=State.RUNNING, step=3, images_seen=192, wall_time=1.5)
        newest = store.summaries()[0]
    assert (newest.recipe, newest.dataset, newest.state) == ("acgan", "ring", "running")
    assert (newest.step, newest.images_seen, newest.wall_time) == (3, 192, 1.5)
    assert (newest.parent, newest.created_at, newest.bytes) == ({"run": run.id, "step": 2}, 5, None)
    assert store.summaries()[0].state == "interrupted"
    other.update_notes("page", name="renamed", archived=True)
    assert store.measure(other.id) > 500
    newest = store.summaries()[0]
    assert (newest.name, newest.archived, newest.bytes > 500) == ("renamed", True, True)


def test_other_things_in_the_folder_are_no_runs(store, run):
    (store.root / "queue.json").write_text("[]")
    (store.root / "notes").mkdir()
    (store.root / "00007-a-b").touch()
    assert store.ids() == [run.id]


def test_listing_opens_three_small_files_a_run(store, run):
    """Thousands of runs are listed fast because nothing else is read (`tests/benchmark/runs.py list`)."""
    run.update_notes("page", name="x")
    for number in range(2, 51):
        copy = store.root / f"{number:05d}-dcgan-mnist"
        shutil.copytree(run.path, copy, copy_function=os.link)
    opened = Counter(Path(path).name for path in opened_files(store.summaries))
    assert opened == {"status.json": 50, "config.json": 50, "notes.json": 50}


OPENED: list[str] = []
WATCHING = threading.Event()


def note_file(event, args):
    if event == "open" and WATCHING.is_set():
        OPENED.append(str(args[0]))


sys.addaudithook(note_file)


def opened_files(function) -> list[str]:
    """Paths that a function opens, in their order."""
    OPENED.clear()
    WATCHING.set()
    try:
        function()
    finally:
        WATCHING.clear()
    return list(OPENED)


def test_opening_runs_imports_nothing_heavy():
    code = (
        "import sys; from gan_core.runs import store;"
        "bad = {'tensorflow', 'keras', 'streamlit', 'pydantic', 'PIL'} & set(sys.modules);"
        "sys.exit(' '.join(bad) or 0)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_the_format_is_documented():
    for name in ("config.json", "status.json", "events.jsonl", "metrics.bin", "weights/000500.npz"):
        assert name in runs.__doc__

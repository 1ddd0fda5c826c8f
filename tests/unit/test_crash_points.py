"""Kill -9 at every named point of a run's life: the store opens, nothing half-written is seen.

Run as a script, this file lives the life of a run once for each crash point, each in a forked child
that dies there; the tests then look at what is left, and go on from it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from gan_core.archive import pack
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import Run, RunStore, State
from gan_core.storage.files import CRASH_POINTS
from gan_core.training import branching

ROOT = Path(__file__).parents[2]
CONFIG = {"recipe": "toy_mlp", "dataset": "ring", "num_steps": 80}
NAMES = ("g_loss", "d_loss")
MAIN = "00001-toy_mlp-ring"
PNG_OF_ONE_PIXEL = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1"


# What is written at each step, so that the tests know what must be read


def row(step):
    """A metrics row: step, images_seen, wall_time, no counters, values."""
    return step, step * 64, step / 8, (), (np.sin(step), 1e6 if step == 37 else 0.5)


def arrays(step):
    """The state at a step."""
    return {"generator/0": np.arange(64, dtype=np.float32) * step, "rng": np.array([7, step])}


def png(step):
    return PNG_OF_ONE_PIXEL + bytes([step % 256]) * 100


# The life of a run, in the child


def live(root, done):
    """Everything the store can do; `done(what, step)` is called after each thing that must last."""
    store = RunStore(root)
    run = store.create(CONFIG, note="first")
    done("created", 0)
    with run.writer_lock():
        train(run, done)
    continue_from_40(run, done)
    run.update_notes("page", name="best")
    done("renamed", 0)
    delete_and_restore(store, done)


def train(run, done):
    """80 steps with all kinds of files, some written twice."""
    run.write_status(state=State.RUNNING, step=0)
    run.write_reals(png(0))
    run.log_event("started", step=0, who="test")
    with MetricsWriter(run.path, NAMES) as metrics:
        for step in range(1, 81):
            metrics.append(*row(step))
            if step % 8 == 0:
                metrics.flush()
                done("metrics", step)
            if step in (20, 40, 80):
                save(run, step, done)
    save(run, 80, done)
    checkpoints.prune(run.path, keep_last=2)
    checkpoints.prune_weights(run.path, budget_bytes=2000)


def save(run, step, done):
    checkpoints.save_checkpoint(run.path, step, arrays(step), {"seed": 1})
    done("checkpoint", step)
    checkpoints.save_weights(run.path, step, arrays(step), {"seed": 1})
    run.write_sample(step, png(step))
    run.write_status(step=step)
    run.log_event("checkpoint", step=step, who="test")


def continue_from_40(run, done):
    """As after a crash: rows after 40 are cut; as after a power cut: rows before 40 were lost."""
    (run.path / "samples" / ".tmp-left").write_bytes(b"half a picture")
    with run.writer_lock():
        MetricsWriter(run.path, NAMES, keep_to_step=40).close()
        os.truncate(run.path / "metrics.bin", 100)
        MetricsWriter(run.path, NAMES, keep_to_step=40).close()
        done("padded", 40)
        run.write_status(state=State.PAUSED, step=40)


def delete_and_restore(store, done):
    store.delete(MAIN, "page")
    store.restore(MAIN, "page")
    done("restored", 0)
    other = store.create(CONFIG)
    store.delete(other.id, "page")
    store.empty_bin(older_than_days=0)
    copy = pack.import_run(store, pack.export_run(store.get(MAIN), store.root / "a.zip"), "test")
    done("imported", 0)
    store.delete(copy.id, "page")
    branching.branch(store, MAIN, 40, who="page", changes={"g_lr": 1e-4})
    done("branched", 0)


def live_and_die(folder, name):
    """One life in a forked child that is killed at `name`; returns its exit code."""
    folder.mkdir()
    pid = os.fork()
    if pid == 0:
        os.environ["GAN_CRASH_AT"] = name
        journal = os.open(folder / "journal", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        live(folder / "runs", lambda *what: os.write(journal, f"{json.dumps(what)}\n".encode()))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def folder_of(name):
    return name.replace(":", "-")


def main(base):
    codes = {name: live_and_die(base / folder_of(name), name) for name in (*CRASH_POINTS, "never")}
    (base / "codes.json").write_text(json.dumps(codes))


# The tests


@pytest.fixture(scope="module")
def killed():
    """A folder of what each killed life left; its exit codes in codes.json.

    In memory where that is possible: a killed process loses nothing it wrote, synced or not, and
    thousands of syncs to a busy disk take most of the time.
    """
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory(dir=memory) as base:
        subprocess.run([sys.executable, __file__, base], check=True, env=environment, timeout=300)
        yield Path(base)


def journal_of(folder):
    path = folder / "journal"
    lines = path.read_text().splitlines() if path.exists() else []
    return [tuple(json.loads(line)) for line in lines]


@pytest.mark.sampled(30)
@pytest.mark.parametrize("name", (*CRASH_POINTS, "never"))
def test_a_kill_there_loses_nothing(killed, name):
    folder = killed / folder_of(name)
    expected = 0 if name == "never" else -signal.SIGKILL
    assert json.loads((killed / "codes.json").read_text())[name] == expected
    done = journal_of(folder)
    store = RunStore(folder / "runs")
    check_lists(store, done)
    if name == "purge:moved":  # out of sight before the first of its files goes
        assert store.deleted() == []
    if MAIN in store.deleted():
        store.restore(MAIN, "test")
    if MAIN in store.ids():
        check_run(store.get(MAIN), done)
        check_going_on(store.get(MAIN))
    check_new_run(store)


def check_lists(store, done):
    summaries = store.summaries()
    assert [summary.id for summary in summaries] == store.ids()
    assert not [summary.error for summary in summaries if summary.error]
    assert all((path / "config.json").exists() for path in (store.root / ".bin").glob("0*"))
    assert {s.state for s in summaries if not s.parent} <= {State.QUEUED, State.INTERRUPTED}
    children = [summary for summary in summaries if summary.parent]
    for child in children:
        assert (child.state, child.step) == (State.STOPPED, 40)
        found = checkpoints.load_checkpoint(store.root / child.id, 40)[0]
        assert_equal(found, arrays(40))
    assert len(children) == 1 or ("branched", 0) not in done
    if ("created", 0) in done:
        assert MAIN in [*store.ids(), *store.deleted()]


def check_run(run, done):
    for info in checkpoints.list_checkpoints(run.path):
        assert_equal(checkpoints.load_checkpoint(run.path, info.step)[0], arrays(info.step))
    for step in checkpoints.list_weights(run.path):
        assert_equal(checkpoints.load_weights(run.path, step)[0], arrays(step))
    assert all(run.sample_png(step) == png(step) for step in run.sample_steps())
    assert run.reals_png() in (None, png(0))
    assert run.notes().name == "best" or ("renamed", 0) not in done
    assert all({"time", "who", "step", "kind"} <= set(event) for event in run.events())
    check_metrics(run, done)
    saved = [step for what, step in done if what == "checkpoint"]
    if saved:
        newest = checkpoints.newest_good_checkpoint(run.path)
        assert newest.step >= saved[-1]
        assert newest.skipped == []


def check_metrics(run, done):
    if not (reader := run.metrics()):
        return
    rows = reader.rows(1)
    written = [step for what, step in done if what == "metrics"]
    was_cut = ("metrics", 80) in done
    assert was_cut or len(rows) >= max(written, default=0)
    assert list(rows["step"]) == list(range(1, len(rows) + 1))
    known = ~np.isnan(rows["g_loss"])
    np.testing.assert_array_equal(rows["g_loss"][known], np.sin(rows["step"][known]).astype("f4"))
    assert len(reader.window(1, None, max_points=3)) <= 3


def check_going_on(run):
    """Take the newest good checkpoint, go on to step 96, and end like a run that never stopped."""
    with run.writer_lock():
        assert not [*run.path.rglob(".tmp-*"), *run.path.rglob(".old-*")]
        start = newest_step(run)
        with MetricsWriter(run.path, NAMES, keep_to_step=start) as metrics:
            for step in range(start + 1, 97):
                metrics.append(*row(step))
        checkpoints.save_checkpoint(run.path, 96, arrays(96), {})
        run.write_status(state=State.FINISHED, step=96)
    assert run.status().state == State.FINISHED
    assert checkpoints.newest_good_checkpoint(run.path).step == 96
    rows = run.metrics().rows(start + 1)
    assert list(rows["step"]) == list(range(start + 1, 97))
    assert_levels_follow_from_the_rows(run)


def newest_step(run):
    if not checkpoints.list_checkpoints(run.path):
        return 0
    return checkpoints.newest_good_checkpoint(run.path).step


def assert_levels_follow_from_the_rows(run):
    """Every level has the bytes it gets when it is built anew from metrics.bin."""
    levels = sorted(run.path.glob("metrics.l*.bin"))
    kept = [path.read_bytes() for path in levels]
    assert len(kept[0]) > 0
    for path in levels:
        path.write_bytes(b"")
    MetricsWriter(run.path, NAMES).close()
    assert [path.read_bytes() for path in levels] == kept


def check_new_run(store):
    new = store.create(CONFIG)
    assert new.id == store.ids()[0]
    assert not [*store.root.glob(".tmp-*"), *store.root.glob(".branch-*")]


def assert_equal(found, expected):
    assert set(found) == set(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_a_folder_copied_at_any_moment_opens_elsewhere(killed, tmp_path):
    source = killed / folder_of("checkpoint:aside") / "runs" / MAIN
    copy = Run(shutil.copytree(source, tmp_path / "elsewhere" / MAIN))
    assert not copy.is_locked()
    assert checkpoints.newest_good_checkpoint(copy.path).step > 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))

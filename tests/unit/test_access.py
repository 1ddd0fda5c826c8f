"""Viewers change nothing, by whatever call: everything that changes something is tried as a viewer."""

import contextlib
import io
import threading

import numpy as np
import pytest

from gan_core import recipes, remedy
from gan_core.archive import pack
from gan_core.doctor.remedies import Remedy
from gan_core.errors import BusyError, RoleError
from gan_core.evaluation.behind import Behind
from gan_core.explore.foreign import importing
from gan_core.explore.library import Library
from gan_core.explore.style_results import Results
from gan_core.importing.base import Plan
from gan_core.lab import Lab
from gan_core.runs import misnamed
from gan_core.storage import access
from gan_core.sweeps import queue
from gan_core.sweeps.plan import Sweep
from gan_core.sweeps.queue import Progress
from gan_core.training.job import TrainingJob
from gan_core.training.manager import JobManager
from gan_core.training.trial import Trials
from gan_core.web.coming import Coming


@pytest.fixture
def lab(runs_dir, tmp_path):
    return Lab(runs_dir, tmp_path / "data")


@pytest.fixture
def run(lab):
    return lab.create(recipes.config("fast_gan", "mnist_5k"), who="test")


CALLS = {
    "start": lambda lab, run: lab.start(recipes.config("fast_gan", "mnist_5k")),
    "create": lambda lab, run: lab.create(recipes.config("fast_gan", "mnist_5k"), who="x"),
    "resume": lambda lab, run: lab.resume(run.id),
    "prepare to resume": lambda lab, run: lab.prepare_resume(run.id, who="x", num_steps=9_999),
    "keep the plane": lambda lab, run: lab.keep_plane({}),
    "branch": lambda lab, run: lab.branch(run.id, 0, g_lr=0.1),
    "measure": lambda lab, run: lab.measure(run.id),
    "measure behind": lambda lab, run: Behind(lab.data_dir).start(run),
    "move up": lambda lab, run: lab.move_up(run.id),
    "cancel": lambda lab, run: lab.cancel(run.id),
    "submit": lambda lab, run: lab.jobs.submit(run.id),
    "start first": lambda lab, run: lab.jobs.start_first(run.id),
    "delete": lambda lab, run: lab.store.delete(run.id, "x"),
    "restore": lambda lab, run: lab.store.restore(run.id),
    "purge": lambda lab, run: lab.store.purge(run.id),
    "empty the bin": lambda lab, run: lab.store.empty_bin(0),
    "new run of the store": lambda lab, run: lab.store.create({}),
    "adopt": lambda lab, run: lab.store.adopt(run.path, {}),
    "notes": lambda lab, run: run.update_notes("x", name="mine"),
    "take in": lambda lab, run: misnamed.take_in(lab.store, "x", "x"),
    "import": lambda lab, run: pack.import_run(lab.store, io.BytesIO(), "x"),
    "open a file": lambda lab, run: importing.from_files({"a.keras": b""}),
    "open an address": lambda lab, run: importing.from_url("https://lab.example/model.json"),
    "add to the library": lambda lab, run: Library(lab.store.root).add({}, {}, title="", origin="", prior=""),
    "remove from it": lambda lab, run: Library(lab.store.root).remove("opened-x"),
    "its notes": lambda lab, run: Library(lab.store.root).write_notes("opened-x", {}),
    "keep a picture": lambda lab, run: Results(lab.store.root).add(np.zeros((2, 2, 3), np.uint8), {}),
    "remove a picture": lambda lab, run: Results(lab.store.root).remove("x"),
    "sweep": lambda lab, run: queue.start(lab, Sweep("sweep", ()), who="x"),
    "go on with one": lambda lab, run: queue.go_on(lab, Progress("sweep", (), frozenset()), who="x"),
    "stop one": lambda lab, run: queue.stop(lab, Progress("sweep", (), frozenset())),
    "remedy": lambda lab, run: remedy.apply(lab, run.id, Remedy("restart", "x", {"g_lr": 0.1}), who="x"),
    "receive pictures": lambda lab, run: lab.desk.receive("/nowhere"),
    "take in files": lambda lab, run: lab.desk.take(lab.data_dir, "x"),
    "answer of what waits": lambda lab, run: lab.desk.answer("x", {}),
    "ask anew of what waits": lambda lab, run: lab.desk.ask_again("x", {}),
    "look on another ground": lambda lab, run: lab.desk.look_on("x", "black"),
    "keep pictures": lambda lab, run: lab.desk.keep("x", Plan("x")),
    "cancel reading": lambda lab, run: lab.desk.cancel("x"),
    "discard what waits": lambda lab, run: lab.desk.discard("x"),
    "remove a set": lambda lab, run: lab.shelf.remove("x"),
    "restore a set": lambda lab, run: lab.shelf.restore("x"),
    "rename a set": lambda lab, run: lab.shelf.rename("x", "y"),
    "rename a class": lambda lab, run: lab.shelf.rename_class("x", "a", "b"),
    "purge a set": lambda lab, run: lab.shelf.delete("x"),
    "fetch a set": lambda lab, run: lab.fetching.start("mnist"),
    "stop fetching": lambda lab, run: lab.fetching.stop("mnist"),
    "announce files": lambda lab, run: Coming().begin(lab.data_dir, "x", 1, 1),
    "files are here": lambda lab, run: Coming().over("x").__enter__(),
    "drop files under way": lambda lab, run: Coming().forget("x"),
    "measure speeds": lambda lab, run: Trials(lambda: None).start([], None, "x"),
    "download": lambda lab, run: lab.vgg19.download(),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_viewer_is_refused_before_anything_is_done(name, lab, run):
    before = {p: p.stat().st_mtime_ns for p in lab.store.root.rglob("*")}
    with access.acting(access.VIEWER), pytest.raises(RoleError, match="viewer"):
        CALLS[name](lab, run)
    assert {p: p.stat().st_mtime_ns for p in lab.store.root.rglob("*")} == before


@pytest.mark.parametrize(
    "command",
    ["pause", "resume", "stop", "step_once", "checkpoint_now", "sample_now", "measure_now"],
)
def test_a_training_takes_no_command_of_a_viewer(command, lab, run):
    job = lab.make_job(run.id)
    with access.acting(access.VIEWER):
        with pytest.raises(RoleError):
            getattr(job, command)()
        with pytest.raises(RoleError):
            job.set_knobs({"g_lr": 0.1}, who="x")


def test_reading_is_free(lab, run):
    with access.acting(access.VIEWER):
        assert lab.store.summaries()[0].id == run.id
        assert lab.snapshot(run.id).state == "stopped"
        assert lab.recipes() and lab.datasets() and lab.queue() == []
        assert lab.verdict(run.id) is not None


def test_programs_and_threads_are_trainers(lab, run):
    """What a viewer's request has set going, a queue say, is not the viewer's."""
    found = []
    with access.acting(access.VIEWER):
        assert access.now() == access.VIEWER
        thread = threading.Thread(target=lambda: found.append(access.now()))
        thread.start()
        thread.join()
    assert found == [access.TRAINER] == [access.now()]
    assert access.require_trainer() == access.TRAINER


def test_an_unknown_role_is_none():
    with pytest.raises(ValueError, match="admin"), access.acting("admin"):
        pass


def test_viewers_compute_few_at_a_time_and_trainers_beside_them():
    with access.acting(access.VIEWER):
        with contextlib.ExitStack() as all_places:
            for _ in range(access.MOST_VIEWERS):
                all_places.enter_context(access.in_turn())
            with pytest.raises(BusyError), access.in_turn():
                pass
            with access.acting(access.TRAINER), access.in_turn():
                pass
        with access.in_turn():  # given back
            pass


def test_nothing_that_commands_is_forgotten():
    """Public methods that tell a job or the queue what to do carry the mark; these others do not."""
    free = {
        TrainingJob: {"start", "leave", "join", "snapshot", "run", "updates", "unmeasured"},
        JobManager: {"take_turn", "require_turn", "start_next", "shutdown", "queue", "place", "active",
                     "job", "paused", "snapshot"},
    }  # fmt: skip
    for kind, names in free.items():
        public = {n: m for n, m in vars(kind).items() if not n.startswith("_") and callable(m)}
        unmarked = {n for n, m in public.items() if not hasattr(m, "__wrapped__")}
        assert unmarked <= names, unmarked - names

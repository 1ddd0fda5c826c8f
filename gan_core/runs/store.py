"""The runs folder: create, list, find, delete and restore runs. The truth is on disk.

Format 1 of a run, public: other programs may read it (docs/run_folder.md), and see half of nothing,
also while it is written: every file is replaced in one rename or only added to. Steps in names have
at least six digits; times are Unix times in seconds. Names that begin with a dot are unfinished:
ignore them.

    <runs folder>/00012-wgan_gp-mnist/      number, recipe, data set
      config.json     {"format": 1, "config": {settings}, "versions": {...},
                       "parent": null | {"run", "step"}, "data": null | {see data/record.py},
                       "created_at", "note"}; never changes, but for
                       a `precision` that was left to the first start
      status.json     {"state", "step", "images_seen", "wall_time", "steps_per_second", "num_steps",
                       "num_minutes", "phase", "error", "updated_at", "owner"}
                      state: queued ready running paused finished stopped failed. A run that says
                      ready, running or paused while nobody holds `lock` was interrupted.
      notes.json      {"name", "note", "tags", "pinned", "archived", "pinned_steps", "favourites",
                       "directions", "keep_last", "keep_every", "budget_bytes"}; absent until
                       somebody writes one; the last three say which checkpoints stay
      events.jsonl    one object a line: {"time", "who", "step", "kind", ...}; skip torn lines
      evals.jsonl, probes.jsonl, measured.png           quality, quick looks, best and worst fakes
      metrics.json, metrics.bin, metrics.l1.bin ...     see metrics.py
      inputs/content.png, inputs/style.png              of a stylisation: what it was given
      inputs/points.npz                                 of a run kept from Learn: its points
      samples/000500.png, reals.png                     grids of generated and of real images
      checkpoints/000500/state.npz, manifest.json       to go on from: see checkpoints.py
      weights/000500.npz                                the EMA generator only: see weights.py
      log.txt         text for people
      lock            locked (flock) by the process that writes the run, for as long as it does
      edit.lock       locked for a moment while status or notes change
    <runs folder>/queue.json, .queue.lock   ids of waiting runs; locked for a moment while it changes
    <runs folder>/.bin/                     deleted runs, until the bin is emptied
    <runs folder>/.lock                     locked for a moment while a run is added or removed

Times say when something happened, never in which order: runs are ordered by their number, events by
their place in the file, everything else by step.
"""

import contextlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gan_core.errors import RunError
from gan_core.runs import building, queue, run_ids
from gan_core.runs.quality import Quality, QualityCache
from gan_core.runs.records import Notes, State, Status
from gan_core.runs.run import Run
from gan_core.runs.summaries import RunSummary, SummaryCache
from gan_core.storage import access, files, locks

__all__ = ["Notes", "Run", "RunStore", "RunSummary", "State", "Status", "default_runs_dir"]

_DAY = 86_400  # seconds


def default_runs_dir() -> Path:
    """GAN_RUNS_DIR, else one folder in the user's data folder, wherever the program is started."""
    if chosen := os.environ.get("GAN_RUNS_DIR"):
        return Path(chosen).expanduser()
    import platformdirs  # only where no folder was chosen

    return platformdirs.user_data_path("ganscope") / "runs"


class RunStore:
    """All runs in one folder; any number of processes may use the same one at once."""

    def __init__(self, root: Path | str):
        self.root = Path(root).expanduser().absolute()
        self._summaries = SummaryCache(self.root)
        self._binned = SummaryCache(self.root / ".bin")
        self._qualities = QualityCache()
        with _in_words(self.root):
            self.root.mkdir(parents=True, exist_ok=True)

    # Creating

    @access.for_trainers
    def create(
        self,
        config: Mapping[str, Any],
        *,
        versions: Mapping[str, Any] | None = None,
        parent: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        note: str = "",
        fill: Callable[[Path], None] = lambda folder: None,
    ) -> Run:
        """A new QUEUED run under the next free number; it appears whole or not at all.

        Args:
            data: what it keeps of its data set, see data/record.py.
            fill: puts what else it begins with into its folder.
        """
        header = building.header_of(config, versions, parent, data, note)
        with self._changing(), _in_words(self.root):
            path = self.root / f"{self._next_number():05d}-{run_ids.slug_of(config)}"
            self._build(path, header, fill)
        return Run(path)

    def _build(self, path: Path, header: dict[str, Any], fill: Callable[[Path], None]) -> None:
        files.crash_point("create:start")
        temp = self.root / f"{files.TEMP_PREFIX}{secrets.token_hex(6)}"
        try:
            temp.mkdir()
            files.write_json(temp / "config.json", header, kind="config")
            fill(temp)
            Run(temp).write_status(num_steps=header["config"].get("num_steps"))
            files.crash_point("create:written")
            os.rename(temp, path)
            files.sync_folder(self.root)
        except BaseException:
            with contextlib.suppress(OSError):
                files.remove_tree(temp)
            raise
        files.crash_point("create:renamed")

    @access.for_trainers
    def create_branch(
        self,
        config: Mapping[str, Any],
        *,
        versions: Mapping[str, Any],
        parent: Mapping[str, Any],
        data: Mapping[str, Any] | None,
        fill: Callable[[Run], None],
    ) -> Run:
        """A new run that `fill(run)` completes out of sight; it appears whole or not at all.

        Others may add and remove runs meanwhile: a large checkpoint takes its time.
        """
        with self._changing():  # clears what a killed one left
            pass
        with building.room(self.root) as run:
            header = building.header_of(config, versions, parent, data, "")
            files.write_json(run.path / "config.json", header, kind="config")
            fill(run)
            files.crash_point("branch:written")
            run = self.adopt(run.path, config)
            files.crash_point("branch:renamed")
        return run

    @access.for_trainers
    def adopt(self, folder: Path, config: Mapping[str, Any]) -> Run:
        """Make a whole run folder, built elsewhere on the same disk, a run under the next number."""
        with self._changing(), _in_words(self.root):
            path = self.root / f"{self._next_number():05d}-{run_ids.slug_of(config)}"
            os.rename(folder, path)
            files.sync_folder(self.root)
        return Run(path)

    def _next_number(self) -> int:
        """One more than any run here or in the bin ever had."""
        names = [*run_ids.list_ids(self.root), *run_ids.list_ids(self.root / ".bin")]
        return 1 + max((run_ids.number_of(name) for name in names), default=0)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Alone among all processes that add or remove runs; clears what a killed one left."""
        refusal = f"Another process has been changing {self.root} for a while. Try again."
        with locks.hold(self.root / ".lock", refusal, timeout=30):
            files.remove_temps(self.root)
            building.clear(self.root)
            yield

    # Finding

    def ids(self) -> list[str]:
        """All run ids, the newest (highest number) first."""
        return run_ids.newest_first(run_ids.list_ids(self.root))

    def get(self, run_id: str) -> Run:
        """The run of that id; RunError in words if there is none or it cannot be read."""
        run = self.run(run_id)
        _ = run.header
        return run

    def nearest(self, run_id: str) -> str | None:
        """The id of the run that was most likely meant; None in an empty folder."""
        return run_ids.nearest(self.root, run_id)

    def run(self, run_id: str) -> Run:
        """The run of that id, also one that cannot be read; RunError if there is none."""
        return Run(run_ids.find(self.root, run_id))

    # Listing

    def summaries(self) -> list[RunSummary]:
        """One summary a run, newest first; a run that cannot be read says so in `error`."""
        return self._summaries.summaries(self.ids())

    def measure(self, run_id: str) -> int:
        """Bytes on disk of one run (walks its folder); later summaries show it."""
        run = self.get(run_id)
        size = run.size()
        self._summaries.set_size(run_id, size, run.status().updated_at)
        return size

    def size_of(self, summary: RunSummary) -> int | None:
        """Bytes on disk of a listed run, walked again only after its status changed."""
        known = self._summaries.size_at(summary.id, summary.updated_at)
        if known is not None:
            return known
        try:
            return self.measure(summary.id)
        except RunError:
            return None

    def free_bytes(self) -> int:
        """Bytes that are free on the disk of the runs folder."""
        with _in_words(self.root):
            return shutil.disk_usage(self.root).free

    def best(self, run_id: str) -> Quality | None:
        """The best measured quality of a run; its file is read again only when it changed."""
        return self._qualities.best(self.root / run_id)

    # Deleting

    def deleted(self) -> list[str]:
        """Ids in the bin, the highest number first."""
        return run_ids.newest_first(run_ids.list_ids(self.root / ".bin"))

    def deleted_summaries(self) -> list[RunSummary]:
        """One summary a run in the bin, the highest number first."""
        return self._binned.summaries(self.deleted())

    @access.for_trainers
    def delete(self, run_id: str, who: str) -> None:
        """Move a run to the bin; refused while it is written."""
        with self._changing(), _in_words(self.root):
            run = Run(run_ids.find(self.root, run_id))
            target = self.root / ".bin" / run_id
            target.parent.mkdir(exist_ok=True)
            with run.writer_lock():
                files.crash_point("delete:start")
                run.log_event("deleted", step=run.status().step, who=who)
                files.crash_point("delete:noted")
                os.rename(run.path, target)
                files.sync_folder(self.root)
            files.crash_point("delete:moved")
            queue.leave(self.root, run_id)

    @access.for_trainers
    def restore(self, run_id: str, who: str = "") -> Run:
        """Take a run out of the bin."""
        with self._changing(), _in_words(self.root):
            source, target = run_ids.find(self.root / ".bin", run_id), self.root / run_id
            if target.exists():
                raise RunError(f"There already is a run {run_id}; the one in the bin stays there.")
            queue.leave(self.root, run_id)  # one that was deleted by an older program
            files.crash_point("restore:start")
            os.rename(source, target)
            files.sync_folder(self.root)
            files.crash_point("restore:moved")
        run = Run(target)
        if run.status().state == State.QUEUED:  # it was deleted while it waited
            run.write_status(state=State.STOPPED)
        run.log_event("restored", step=run.status().step, who=who)
        files.crash_point("restore:noted")
        return run

    @access.for_trainers
    def purge(self, run_id: str) -> None:
        """Remove a run in the bin for good; RunError if it is not there."""
        with self._changing(), _in_words(self.root):
            self._purge(run_ids.find(self.root / ".bin", run_id))

    @access.for_trainers
    def empty_bin(self, older_than_days: float = 30) -> list[str]:
        """Remove for good what was deleted that many days ago; returns the ids."""
        with self._changing(), _in_words(self.root):
            old = [name for name in self.deleted() if self._binned_days(name) >= older_than_days]
            for name in old:
                self._purge(self.root / ".bin" / name)
        return old

    def _binned_days(self, run_id: str) -> float:
        """Days since a run was deleted; 0 if nothing says when (or the clock was set back)."""
        events = Run(self.root / ".bin" / run_id).events()
        times = [event["time"] for event in events if event.get("kind") == "deleted"]
        return max(0.0, time.time() - times[-1]) / _DAY if times else 0.0

    def _purge(self, path: Path) -> None:
        files.crash_point("purge:start")
        temp = self.root / f"{files.TEMP_PREFIX}{secrets.token_hex(6)}"
        os.rename(path, temp)
        files.crash_point("purge:moved")
        files.remove_tree(temp)
        files.crash_point("purge:removed")


@contextlib.contextmanager
def _in_words(root: Path) -> Iterator[None]:
    """OSError on the runs folder in words."""
    try:
        yield
    except FileExistsError as error:
        raise RunError(f"The runs folder {root} is a file. Choose another folder.") from error
    except OSError as error:
        raise files.explain(error, root) from error

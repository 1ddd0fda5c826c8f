"""The runs folder: create, list, find, delete and restore runs. The truth is on disk.

Format 1 of a run, public: other programs may read it (and see half of nothing, also while it is
written; every file is replaced in one rename or only added to). Steps in names have at least six
digits; times are Unix times in seconds. Names that begin with a dot are unfinished: ignore them.

    <runs folder>/00012-wgan_gp-mnist/      number, recipe, data set
      config.json     {"format": 1, "config": {settings}, "versions": {...},
                       "parent": null | {"run", "step"}, "created_at", "note"}; never changes
      status.json     {"state", "step", "images_seen", "wall_time", "steps_per_second", "num_steps",
                       "num_minutes", "phase", "error", "updated_at", "owner"}
                      state: queued ready running paused finished stopped failed. A run that says
                      ready, running or paused while nobody holds `lock` was interrupted.
      notes.json      {"name", "note", "tags", "pinned", "archived", "pinned_steps", "favourites",
                       "directions"}; absent until somebody writes one
      events.jsonl    one object a line: {"time", "who", "step", "kind", ...}; skip torn lines
      metrics.json, metrics.bin, metrics.l1.bin ...     see metrics.py
      samples/000500.png, reals.png                     grids of generated and of real images
      checkpoints/000500/state.npz, manifest.json       to go on from: see checkpoints.py
      weights/000500.npz                                the EMA generator only: see weights.py
      log.txt         text for people
      lock            locked (flock) by the process that writes the run, for as long as it does
      edit.lock       locked for a moment while status or notes change
    <runs folder>/.bin/                     deleted runs, until the bin is emptied

Times say when something happened, never in which order: runs are ordered by their number, events by
their place in the file, everything else by step.
"""

import contextlib
import difflib
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_core import files, locks
from gan_core.errors import RunError
from gan_core.records import FORMAT, Notes, State, Status, read_header, read_notes, read_status
from gan_core.run import Run

__all__ = ["Notes", "Run", "RunStore", "RunSummary", "State", "Status", "default_runs_dir"]

_RUN_ID = re.compile(r"[0-9]{5,9}-[A-Za-z0-9_]{1,40}-[A-Za-z0-9_.\-]{1,60}")
_DAY = 86_400  # seconds


def default_runs_dir() -> Path:
    """GAN_RUNS_DIR, else one folder in the user's data folder, wherever the program is started."""
    if chosen := os.environ.get("GAN_RUNS_DIR"):
        return Path(chosen).expanduser()
    import platformdirs  # only where no folder was chosen

    return platformdirs.user_data_path("ganscope") / "runs"


@dataclass(frozen=True)
class RunSummary:
    """One line of a list of runs; times in seconds, created_at and updated_at as Unix time."""

    id: str
    recipe: str
    dataset: str
    state: State
    step: int
    num_steps: int | None
    images_seen: float
    wall_time: float
    created_at: float
    updated_at: float
    error: str
    name: str
    tags: tuple[str, ...]
    archived: bool
    pinned: bool
    parent: dict[str, Any] | None
    bytes: int | None = None  # on disk; None until RunStore.measure was asked


class RunStore:
    """All runs in one folder; any number of processes may use the same one at once."""

    def __init__(self, root: Path | str):
        self.root = Path(root).expanduser().absolute()
        self._cache: dict[str, tuple[Any, Any]] = {}
        self._sizes: dict[str, int] = {}
        with _in_words(self.root):
            self.root.mkdir(parents=True, exist_ok=True)

    # Creating

    def create(
        self,
        config: Mapping[str, Any],
        *,
        versions: Mapping[str, Any] | None = None,
        parent: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> Run:
        """A new QUEUED run under the next free number; it appears whole or not at all."""
        header = {
            "format": FORMAT,
            "config": dict(config),
            "versions": dict(versions or {}),
            "parent": dict(parent) if parent else None,
            "created_at": time.time(),
            "note": note,
        }
        with self._changing(), _in_words(self.root):
            path = self.root / f"{self._next_number():05d}-{_slug(config)}"
            self._build(path, header)
        return Run(path)

    def _build(self, path: Path, header: dict[str, Any]) -> None:
        files.crash_point("create:start")
        temp = self.root / f"{files.TEMP_PREFIX}{secrets.token_hex(6)}"
        try:
            temp.mkdir()
            files.write_json(temp / "config.json", header, kind="config")
            Run(temp).write_status(num_steps=header["config"].get("num_steps"))
            files.crash_point("create:written")
            os.rename(temp, path)
            files.sync_folder(self.root)
        except BaseException:
            with contextlib.suppress(OSError):
                files.remove_tree(temp)
            raise
        files.crash_point("create:renamed")

    def _next_number(self) -> int:
        """One more than any run here or in the bin ever had."""
        names = [*_names(self.root), *_names(self.root / ".bin")]
        return 1 + max((int(name.split("-")[0]) for name in names), default=0)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Alone among all processes that add or remove runs; clears what a killed one left."""
        refusal = f"Another process has been changing {self.root} for a while. Try again."
        with locks.hold(self.root / ".lock", refusal, timeout=30):
            files.remove_temps(self.root)
            yield

    # Finding

    def ids(self) -> list[str]:
        """All run ids, the newest (highest number) first."""
        return sorted(_names(self.root), key=_order, reverse=True)

    def get(self, run_id: str) -> Run:
        """The run of that id; RunError in words if there is none or it cannot be read."""
        run = Run(self._path(self.root, run_id))
        _ = run.header
        return run

    def _path(self, folder: Path, run_id: str) -> Path:
        """The folder of a run; refuses anything that is not a run directly inside `folder`."""
        if not _RUN_ID.fullmatch(run_id):
            raise RunError(
                f"A run id looks like 00012-dcgan-mnist. Received: {_shorten(run_id)}"
                f"{self._nearest(folder, run_id)}"
            )
        path = folder / run_id
        if not path.is_dir():
            raise RunError(f"There is no run {run_id}.{self._nearest(folder, run_id)}")
        if path.resolve().parent != folder.resolve():
            raise RunError(f"The run {run_id} is a link that leads out of the runs folder.")
        return path

    def _nearest(self, folder: Path, run_id: str) -> str:
        near = difflib.get_close_matches(run_id[:120], _names(folder), n=1, cutoff=0.0)
        return f" Did you mean {near[0]}?" if near else ""

    # Listing

    def summaries(self) -> list[RunSummary]:
        """One summary a run, newest first; a run that cannot be read says so in `error`."""
        ids = self.ids()
        self._cache = {run_id: self._cached(run_id) for run_id in ids}
        return [self._summary(run_id, self._cache[run_id][1]) for run_id in ids]

    def _cached(self, run_id: str) -> tuple[Any, Any]:
        path = self.root / run_id
        stamp = tuple(_stamp(path / name) for name in ("config.json", "notes.json"))
        old = self._cache.get(run_id)
        if old and old[0] == stamp:
            return old
        return stamp, _read_once(path)

    def _summary(self, run_id: str, known: Any) -> RunSummary:
        header, notes, problem = known
        config = header.get("config", {})
        status = read_status(self.root / run_id)
        _, recipe, dataset = run_id.split("-", 2)
        return RunSummary(
            id=run_id,
            recipe=str(config.get("recipe", recipe)),
            dataset=str(config.get("dataset", dataset)),
            state=State.FAILED if problem else status.state,
            step=status.step,
            num_steps=status.num_steps,
            images_seen=status.images_seen,
            wall_time=status.wall_time,
            created_at=header.get("created_at", 0.0),
            updated_at=status.updated_at,
            error=problem or status.error,
            name=notes.name,
            tags=notes.tags,
            archived=notes.archived,
            pinned=notes.pinned,
            parent=header.get("parent"),
            bytes=self._sizes.get(run_id),
        )

    def measure(self, run_id: str) -> int:
        """Bytes on disk of one run (walks its folder); later summaries show it."""
        self._sizes[run_id] = size = self.get(run_id).size()
        return size

    # Deleting

    def deleted(self) -> list[str]:
        """Ids in the bin, the highest number first."""
        return sorted(_names(self.root / ".bin"), key=_order, reverse=True)

    def delete(self, run_id: str, who: str) -> None:
        """Move a run to the bin; refused while it is written."""
        run = Run(self._path(self.root, run_id))
        target = self.root / ".bin" / run_id
        with self._changing(), _in_words(self.root):
            target.parent.mkdir(exist_ok=True)
            with run.writer_lock():
                files.crash_point("delete:start")
                run.log_event("deleted", step=run.status().step, who=who)
                files.crash_point("delete:noted")
                os.rename(run.path, target)
                files.sync_folder(self.root)
            files.crash_point("delete:moved")

    def restore(self, run_id: str, who: str = "") -> Run:
        """Take a run out of the bin."""
        source, target = self._path(self.root / ".bin", run_id), self.root / run_id
        with self._changing(), _in_words(self.root):
            if target.exists():
                raise RunError(f"There already is a run {run_id}; the one in the bin stays there.")
            files.crash_point("restore:start")
            os.rename(source, target)
            files.sync_folder(self.root)
            files.crash_point("restore:moved")
        run = Run(target)
        run.log_event("restored", step=run.status().step, who=who)
        files.crash_point("restore:noted")
        return run

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


def _names(folder: Path) -> list[str]:
    """Names of the runs in `folder`; links and anything that is not a run are left out."""
    try:
        with os.scandir(folder) as entries:
            return [
                entry.name
                for entry in entries
                if _RUN_ID.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
            ]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"{folder} cannot be read: {error.strerror or error}") from error


def _order(run_id: str) -> tuple[int, str]:
    return int(run_id.split("-")[0]), run_id


def _slug(config: Mapping[str, Any]) -> str:
    """recipe-dataset, with every character replaced that a run id may not have."""
    recipe = re.sub(r"[^A-Za-z0-9_]+", "_", str(config.get("recipe") or "run"))[:40]
    dataset = re.sub(r"[^A-Za-z0-9_.\-]+", "_", str(config.get("dataset") or "data"))[:60]
    return f"{recipe}-{dataset.strip('.') or 'data'}"


def _shorten(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}...")


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Changes whenever the file is replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read_once(path: Path) -> tuple[dict[str, Any], Notes, str]:
    """Header, notes and what is wrong with them."""
    try:
        header = read_header(path)
    except RunError as error:
        return {}, Notes(), str(error)
    return header, read_notes(path, header), ""

"""Run ids such as 00012-wgan_gp-mnist: made, checked, listed, and found inside one folder only."""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_core.errors import RunError

_RUN_ID = re.compile(r"[0-9]{5,9}-[A-Za-z0-9_]{1,40}-[A-Za-z0-9_.\-]{1,60}")


def is_run_id(value: Any) -> bool:
    """Whether it looks like a run id, wherever the run may be."""
    return isinstance(value, str) and bool(_RUN_ID.fullmatch(value))


def number_of(run_id: str) -> int:
    """The number that a run id begins with; a higher one is a newer run."""
    return int(run_id.split("-")[0])


def newest_first(run_ids: list[str]) -> list[str]:
    """Sorted by number, whatever the clock said when they were made."""
    return sorted(run_ids, key=lambda run_id: (number_of(run_id), run_id), reverse=True)


def slug_of(config: Mapping[str, Any]) -> str:
    """recipe-dataset, with every character replaced that a run id may not have."""
    recipe = re.sub(r"[^A-Za-z0-9_]+", "_", str(config.get("recipe") or "run"))[:40]
    dataset = re.sub(r"[^A-Za-z0-9_.\-]+", "_", str(config.get("dataset") or "data"))[:60]
    return f"{recipe}-{dataset.strip('.') or 'data'}"


def list_ids(folder: Path) -> list[str]:
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


def find(folder: Path, run_id: str) -> Path:
    """The folder of a run; refuses anything that is not a run directly inside `folder`."""
    if not isinstance(run_id, str) or not _RUN_ID.fullmatch(run_id):
        shown = _shorten(str(run_id))
        near = _hint(folder, str(run_id))
        raise RunError(f"A run id looks like 00012-dcgan-mnist. Received: {shown}.{near}")
    path = folder / run_id
    if not path.is_dir():
        raise RunError(f"There is no run {run_id}.{_hint(folder, run_id)}")
    if path.is_symlink() and path.resolve().parent != folder.resolve():
        raise RunError(f"The run {run_id} is a link that leads out of the runs folder.")
    return path


def nearest(folder: Path, run_id: str) -> str | None:
    """The run that was most likely meant: of that number, else of a like id, else the newest."""
    known = newest_first(list_ids(folder))
    numbered = [known_id for known_id in known if run_id and known_id.startswith(f"{run_id}-")]
    near = numbered or difflib.get_close_matches(run_id[:120], known, n=1) or known
    return near[0] if near else None


def _hint(folder: Path, run_id: str) -> str:
    near = nearest(folder, run_id)
    return f" Did you mean {near}?" if near else ""


def _shorten(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}...")

"""What a packed run may hold. Everything in it is hostile until it was looked at here.

The zip's own table (names, links, sizes) and its settings are checked before anything is written;
what the files hold, afterwards and out of sight (archive_contents.py).
"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

from gan_core.config import TrainConfig
from gan_core.data import record
from gan_core.errors import ConfigError, DiskFullError, RunError
from gan_core.runs import records, run_ids
from gan_core.runs import values as run_values
from gan_core.storage import files, json_text, zips

FORMAT = 1
LABEL = "ganscope.json"
SINGLE = (
    "config.json", "status.json", "notes.json", "events.jsonl", "evals.jsonl", "log.txt",
    "probes.jsonl", "measured.png", "reals.png", "samples/grid.json",
    "inputs/content.png", "inputs/style.png", "inputs/points.npz",
)  # fmt: skip
WHY_ODD = {
    "link": "a link; a packed run holds files only",
    "special": "no plain file",
    "encrypted": "encrypted; a packed run is not",
    "method": "packed by an unusual method",
}
MAX_FILES = 20_000
MAX_TOTAL = 20_000_000_000  # bytes unpacked
MAX_TEXT = 64_000_000  # bytes of a text or picture, read whole; one that says more is no run's
MAX_DIRECTORY = 8_000_000  # bytes of the zip's table
SPARE = 256_000_000  # bytes of disk that stay free

_KNOWN = re.compile(
    "|".join(
        (
            *map(re.escape, (LABEL, *SINGLE, "metrics.json", "metrics.bin")),
            r"samples/(?P<sample>[0-9]{6,12})\.png",
            r"weights/(?P<weights>[0-9]{6,12})\.npz",
            r"checkpoints/(?P<checkpoint>[0-9]{6,12})/(state\.npz|manifest\.json)",
        )
    )
)
# In a folder zipped by hand: harmless, and left out.
_SKIPPED = re.compile(
    r"lock|edit\.lock|metrics\.l[1-9]\.bin|samples/|inputs/|weights/|checkpoints/(?:[0-9]{6,12}/)?"
)
# What systems add to folders that people zip (Finder, Explorer), and what was being written.
_LITTER = re.compile(
    r"__MACOSX/.*|(.*/)?(\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|\.(tmp|old)-[^/]*(/.*)?)",
    re.DOTALL,
)
_TRICK = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.?(/|$)|\0|//")
_WHOLE = (".json", ".jsonl", ".txt", ".png")  # read into memory


def small_directory(file: Path | str | BinaryIO) -> BinaryIO | Path:
    """The same file, if its table of entries is small enough to be read into memory."""
    if isinstance(file, Path | str):
        with open(file, "rb") as opened:
            _check_directory(opened)
        return Path(file)
    _check_directory(file)
    return file


def _check_directory(file: BinaryIO) -> None:
    length = zips.table_bytes(file)
    if length is None:
        raise RunError("The file is no zip. A packed run is a zip made by `pack`.")
    if length > MAX_DIRECTORY:
        raise RunError(f"The zip lists too many files: its table has {length:,} bytes.")


def entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files to unpack by their names in the run; RunError at the first that no run has.

    One folder around all of them, and what systems add to it, comes from zipping a run's folder by
    hand.
    """
    found = archive.infolist()
    if len(found) > MAX_FILES:
        raise RunError(f"The zip holds {len(found):,} files; a run has at most {MAX_FILES:,}.")
    known: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    around = _folder_around(found)
    for entry in found:
        _check_path(entry)
        if _LITTER.fullmatch(entry.filename) or entry.filename == around:
            continue
        name = entry.filename.removeprefix(around)
        _check_name(name, seen)
        _check_kind(entry)
        _check_size(entry)
        known[name] = entry
    _check_overlap(found)
    if "config.json" not in known:
        raise RunError("The zip holds no run: `config.json` is missing.")
    return {name: entry for name, entry in known.items() if not _SKIPPED.fullmatch(name)}


def _folder_around(found: list[zipfile.ZipInfo]) -> str:
    """The one folder, with its slash, in which all files are that matter; "" if there is none."""
    names = [e.filename for e in found if not _LITTER.fullmatch(e.filename)]
    folders = {name.partition("/")[0] + "/" for name in names}
    around = folders.pop() if len(folders) == 1 else ""
    return around if f"{around}config.json" in names else ""


def _check_path(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if _TRICK.search(name) or name != entry.filename:
        raise RunError(f"The zip holds a path that leads elsewhere: {_short(name)}.")


def _check_name(name: str, seen: set[str]) -> None:
    if name.casefold() in seen:
        raise RunError(f"The zip holds {_short(name)} twice.")
    seen.add(name.casefold())
    match = _KNOWN.fullmatch(name)
    if not match and not _SKIPPED.fullmatch(name):
        raise RunError(f"A run has no file {_short(name)}; nothing else may be in the zip.")
    step = next((value for value in match.groupdict().values() if value), "") if match else ""
    if step and step != files.step_name(int(step)):
        raise RunError(f"{_short(name)} names its step in a way no run does.")


def _check_kind(entry: zipfile.ZipInfo) -> None:
    if odd := zips.oddity(entry):
        raise RunError(f"{_short(entry.filename)} is {WHY_ODD[odd]}.")


def _check_size(entry: zipfile.ZipInfo) -> None:
    name, size = _short(entry.filename), entry.file_size
    if entry.filename.endswith(_WHOLE) and size > MAX_TEXT:
        raise RunError(f"{name} would have {size:,} bytes; at most {MAX_TEXT:,} are read.")
    if grows := zips.bomb(entry):
        raise RunError(f"{name} would grow {grows} times: a zip bomb.")


def _check_overlap(found: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes of the zip unpack to more than it holds."""
    if twice := zips.sharing(found):
        raise RunError(f"{_short(twice.filename)} overlaps another file of the zip.")
    total = sum(entry.file_size for entry in found)
    if total > MAX_TOTAL:
        raise RunError(f"Unpacked it would have {total:,} bytes; at most {MAX_TOTAL:,} are taken.")


def room_for(found: dict[str, zipfile.ZipInfo], root: Path) -> None:
    """DiskFullError unless everything fits beside what is there."""
    needed, free = sum(e.file_size for e in found.values()), shutil.disk_usage(root).free
    if needed + SPARE > free:
        raise DiskFullError(
            f"The run needs {needed / 1e6:,.0f} MB and {SPARE / 1e6:.0f} MB must stay free, but "
            f"{root} has {free / 1e6:,.0f} MB. Nothing was unpacked."
        )


# ---- config.json and the label, read from the zip ----


def label(archive: zipfile.ZipFile, known: dict[str, zipfile.ZipInfo]) -> dict[str, Any]:
    """Where the zip came from; {} in a folder zipped by hand."""
    if LABEL not in known:
        return {}
    found = _json(archive, known, LABEL)
    files.check_format(found.get("format"), FORMAT, "The zip")
    run, created = found.get("run"), found.get("parent_created_at")
    return {
        "run": run if run_ids.is_run_id(run) else "",
        "parent_created_at": created if run_values.is_number(created) else None,
    }


def header(archive: zipfile.ZipFile, known: dict[str, zipfile.ZipInfo]) -> dict[str, Any]:
    """config.json with checked settings and nothing that is not known."""
    found = _json(archive, known, "config.json")
    files.check_format(found.get("format"), records.FORMAT, "The packed run")
    try:
        config = TrainConfig.from_dict(found.get("config"))
    except ConfigError as error:
        raise RunError(f"The settings of the packed run cannot be used: {error}") from error
    if bad := run_values.first_bad(found, run_values.HEADER):
        raise RunError(f"`config.json` is damaged: its `{bad}` is not good.")
    values = run_values.read(found, run_values.HEADER) or {}
    return {
        "format": records.FORMAT,
        "config": config.model_dump(),
        "versions": _texts(values["versions"]),
        "parent": _parent(values["parent"], config) if values["parent"] else None,
        "data": record.checked(found.get("data")),
        "created_at": values["created_at"],
        "note": str(values["note"] or "")[:2000],
    }


def _parent(link: dict[str, Any], config: TrainConfig) -> dict[str, Any]:
    """The link to the parent; only settings that could be the run's own count as its changes."""
    changes = link.get("changes", {})
    kept = {name: value for name, value in changes.items() if _is_setting(config, name, value)}
    return {"run": link["run"], "step": link["step"], "changes": kept}


def _is_setting(config: TrainConfig, name: str, value: Any) -> bool:
    try:
        config.replace(**{name: value})
    except ConfigError:
        return False
    return not isinstance(value, str) or value.isprintable()


def _json(archive: zipfile.ZipFile, known: dict[str, zipfile.ZipInfo], name: str) -> dict[str, Any]:
    data = archive.read(known[name])
    try:
        found = json_text.parse_json(data)
        halves = json_text.has_halves(data)
    except (ValueError, RecursionError) as error:
        raise RunError(f"`{name}` is damaged: it holds no valid JSON.") from error
    if halves:
        raise RunError(f"`{name}` is damaged: it holds half a character.")
    if not isinstance(found, dict):
        raise RunError(f"`{name}` is damaged: it must hold an object.")
    return found


def _texts(values: dict[Any, Any]) -> dict[str, str]:
    return {str(k)[:60]: str(v)[:200] for k, v in list(values.items())[:50]}


def _short(name: str) -> str:
    return repr(name if len(name) <= 60 else f"{name[:60]}...")

"""The manifest of a checkpoint: what belongs to it, how large it is, and its checksums."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_core.errors import CheckpointError, RunError
from gan_core.runs import values
from gan_core.storage.files import check_format, read_json

FORMAT = 1
ASIDE = ".old-"  # the prefix of a checkpoint that waits while its successor takes its name


def read_manifest(folder: Path) -> dict[str, Any]:
    """manifest.json of a checkpoint folder; CheckpointError if missing, damaged or newer."""
    name = folder.name.removeprefix(ASIDE)
    if not folder.is_dir():
        raise CheckpointError(f"There is no checkpoint at step {int(name)}.")
    try:
        manifest = read_json(folder / "manifest.json")
        if not isinstance(manifest, dict) or not _names_state(manifest.get("files")):
            raise RunError("its manifest.json is no manifest.")
        if bad := values.first_bad(manifest, values.MANIFEST):
            raise RunError(f"`{bad}` in its manifest.json is not good.")
    except RunError as error:
        raise CheckpointError(f"The checkpoint {name} is damaged: {error}") from error
    try:
        check_format(manifest.get("format"), FORMAT, f"The checkpoint {name}")
    except RunError as error:
        raise CheckpointError(str(error)) from error
    made = manifest.get("created_at")
    return manifest | {"created_at": made if values.is_time(made) else 0.0}


def _names_state(files: Any) -> bool:
    """Whether `files` of a manifest says size and checksum of state.npz and names nothing else."""
    if not isinstance(files, dict) or set(files) != {"state.npz"}:
        return False
    state = files["state.npz"]
    known = isinstance(state, dict) and isinstance(state.get("sha256"), str)
    return known and values.is_amount(state.get("bytes"))


def verify(path: Path, expected: Mapping[str, Any]) -> None:
    """CheckpointError unless the file has the size and the checksum that the manifest says."""
    where = f"The checkpoint {path.parent.name} is damaged: {path.name}"
    try:
        size = path.stat().st_size
        if size != expected["bytes"]:
            raise CheckpointError(f"{where} has {size} bytes instead of {expected['bytes']}.")
        if sha256(path) != expected["sha256"]:
            raise CheckpointError(f"{where} does not match its checksum.")
    except FileNotFoundError as error:
        raise CheckpointError(f"{where} is missing.") from error
    except OSError as error:
        raise CheckpointError(f"{where} cannot be read: {error.strerror or error}") from error


def sha256(path: Path) -> str:
    """Checksum of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Reading a `.keras` file of somebody else: zip, JSON, layers and sizes first, numbers last.

Keras's own loader is not used: it allocates what a file declares (11 KB took 3.8 GB) and builds
what it names. The numbers are read by a child process with limits (`child.py`).
"""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np

from gan_core.archive.checks import small_directory
from gan_core.errors import RunError
from gan_core.explore.foreign import config, limited
from gan_core.explore.foreign.damage import DAMAGE
from gan_core.explore.foreign.plan import Sized, Unfit, sized
from gan_core.explore.foreign.values import shown

MAX_FILE = 160_000_000  # bytes
MAX_CONFIG = 4_000_000  # bytes of JSON
KNOWN = ("config.json", "metadata.json", "model.weights.h5")
_SPARE = 1_000_000  # bytes of a weights file beside its numbers


def read(data: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Plan and arrays of the bytes of a `.keras` file.

    Raises:
        Unfit: it is damaged, too large, or holds more than stock layers.
    """
    if len(data) > MAX_FILE:
        raise Unfit(f"A file of at most {MAX_FILE:,} bytes is read. Received: {len(data):,}.")
    try:
        if not zipfile.is_zipfile(io.BytesIO(data)):
            raise Unfit("This is no `.keras` file, or it is damaged: it is not a whole zip.")
        small_directory(io.BytesIO(data))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
            plan = config.read(_json(archive))
            sizes = sized(plan)
            _check_weights(archive, sizes)
    except Unfit:
        raise
    except (RunError, *DAMAGE) as error:
        raise Unfit(f"This is no `.keras` file, or it is damaged: {shown(error, 200)}") from error
    return plan, limited.weights(data, plan, sizes)


def _check(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [e.orig_filename for e in entries]
    for entry in entries:
        if entry.orig_filename not in KNOWN:
            raise Unfit(
                f"A `.keras` file holds {', '.join(KNOWN)} and nothing else. "
                f"Received: `{shown(entry.orig_filename)}`."
            )
        if entry.flag_bits & 1 or entry.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise Unfit(f"`{entry.orig_filename}` is encrypted or packed by an unusual method.")
    if len(set(names)) != len(names) or not {"config.json", "model.weights.h5"} <= set(names):
        raise Unfit("A `.keras` file holds `config.json` and `model.weights.h5`, once each.")


def _json(archive: zipfile.ZipFile):
    size = archive.getinfo("config.json").file_size
    if size > MAX_CONFIG:
        raise Unfit(f"`config.json` has {size:,} bytes; at most {MAX_CONFIG:,} are read.")
    try:
        return json.loads(archive.read("config.json"))
    except RecursionError as error:
        raise Unfit("`config.json` is nested too deeply.") from error


def _check_weights(archive: zipfile.ZipFile, sizes: Sized) -> None:
    """The weights file may not unpack to more than the network can need."""
    size, most = archive.getinfo("model.weights.h5").file_size, 9 * sizes.numbers + _SPARE
    if size > most:
        raise Unfit(
            f"`model.weights.h5` would have {size:,} bytes unpacked, more than a network of "
            f"{sizes.numbers:,} weights can need ({most:,})."
        )

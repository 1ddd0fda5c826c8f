"""Files that belong together: `model.json` and its weights, chosen one by one or in a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from gan_core.archive.checks import small_directory
from gan_core.errors import RunError
from gan_core.explore.foreign.damage import DAMAGE
from gan_core.explore.foreign.plan import Unfit
from gan_core.explore.foreign.tfjs import MAX_JSON
from gan_core.explore.foreign.values import shown

MAX_MEMBERS = 200
MAX_TEXTS = 20  # of a folder, that are looked at for `model.json`
MARK = b'"modelTopology"'
_LITTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Files:
    """Named files, each read when it is asked for.

    Args:
        readers: name -> a function of the most bytes that are wanted.
    """

    def __init__(self, readers: Mapping[str, Callable[[int], bytes]]):
        self._readers = {PurePosixPath(name).name: read for name, read in readers.items()}
        if len(self._readers) != len(readers):
            raise Unfit("Two of the files have the same name. Choose those of one model only.")

    @property
    def names(self) -> list[str]:
        return list(self._readers)

    def get(self, name: str, most: int) -> bytes:
        """At most so many bytes of a file."""
        return self._readers[name](most)

    def description(self) -> bytes:
        """The text of `model.json`, whatever its name."""
        texts = [n for n in self.names if n.endswith(".json")] or self.names
        found = [text for text in map(self._text, texts[:MAX_TEXTS]) if MARK in text]
        if len(found) != 1:
            names = shown(", ".join(self.names), 100)
            raise Unfit(
                "One `.keras` or `.h5` file, or one `model.json` of TensorFlow.js with its weights "
                f"files (`.bin`), or a zip of these is opened. Received: {names or 'nothing'}."
            )
        return found[0]

    def _text(self, name: str) -> bytes:
        return self.get(name, MAX_JSON + 1)

    def shard(self, name: str, most: int) -> bytes:
        """A weights file that `model.json` names; the only `.bin` there is has any name."""
        if name in self._readers:
            return self.get(name, most)
        others = [n for n in self.names if n.endswith(".bin")]
        if len(others) == 1:  # a browser may have called it "weights (1).bin"
            return self.get(others[0], most)
        raise Unfit(
            f"`model.json` needs its weights file `{shown(name)}`. Choose both together, or a zip "
            f"of them. Received: {shown(', '.join(self.names), 100)}."
        )


def is_bundle(data: bytes) -> bool:
    """Whether a zip holds other files than a `.keras` file does."""
    try:
        with zipfile.ZipFile(small_directory(io.BytesIO(data))) as archive:
            names = _useful(archive)
    except (RunError, *DAMAGE):
        return False  # the reader of `.keras` files says what is wrong
    kinds = {PurePosixPath(name).suffix for name in names}
    return "model.weights.h5" not in names and bool(kinds & {".json", ".keras", ".h5", ".pb"})


def members(data: bytes) -> dict[str, Callable[[int], bytes]]:
    """The files of a zip, each read when it is asked for, up to the bytes that are wanted."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = _useful(archive)
    if len(names) > MAX_MEMBERS:
        raise Unfit(f"A zip of at most {MAX_MEMBERS} files is read. Received: {len(names):,}.")
    if "saved_model.pb" in {PurePosixPath(name).name for name in names}:
        raise Unfit(
            "This zip holds a SavedModel, which can run code and is not read. Save it again: "
            '`keras.models.load_model(folder).save("generator.keras")`.'
        )
    return {name: _reader(archive, name) for name in names}


def _useful(archive: zipfile.ZipFile) -> list[str]:
    """Names of files, without folders and what systems leave in them."""
    names = [e.filename for e in archive.infolist() if not e.is_dir()]
    return [n for n in names if not set(PurePosixPath(n).parts) & set(_LITTER)]


def _reader(archive: zipfile.ZipFile, name: str) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        entry = archive.getinfo(name)
        if entry.flag_bits & 1 or entry.compress_type not in _METHODS:
            raise Unfit(f"`{shown(name)}` is encrypted or packed by an unusual method.")
        try:
            with archive.open(entry) as file:
                return file.read(most)
        except DAMAGE as error:
            raise Unfit(f"`{shown(name)}` in the zip is damaged: {shown(error, 200)}.") from error

    return read

"""Sets of one's own, once they are kept: renamed, put into the bin, and taken out of it again."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from gan_core.data import card, setfile
from gan_core.errors import DataError
from gan_core.importing import class_names, naming, sweeping
from gan_core.storage import access, files

BIN = ".bin"
DAYS = 30  # that something stays in the bin
_DAY = 86_400.0


@dataclass(frozen=True)
class Binned:
    """A set in the bin: its name, Unix time of removal in seconds, bytes on disk."""

    name: str
    removed_at: float
    num_bytes: int


class Shelf:
    """The sets of one's own in a data folder."""

    def __init__(self, data_dir: Path | str):
        self.folder = Path(data_dir).expanduser().absolute()
        self._bin = self.folder / BIN

    @access.for_trainers
    def remove(self, name: str) -> None:
        """Put a set into the bin, where it stays for DAYS days; runs that used it keep working.

        Raises:
            DataError: there is no set of this name that was added here.
        """
        path, now = self._own(name), time.time()
        self.tidy()
        with files.in_words(path):
            place = self._bin / f"{name}@{now:.6f}"
            place.mkdir(parents=True)
            self._move(path, place / path.name)

    @access.for_trainers
    def restore(self, name: str) -> None:
        """Take the set that was removed last under this name out of the bin.

        Raises:
            DataError: there is none, or its name is taken by now.
        """
        found = self._in_bin(name)
        if not found:
            names = ", ".join(sorted({each.name for each in self.binned()})) or "nothing"
            raise DataError(f"There is no `{name[:64]}` in the bin. In it: {names}.")
        target = naming.place(name, self.folder)
        with files.in_words(target):
            self._move(found[-1] / target.name, target)
            shutil.rmtree(found[-1], ignore_errors=True)

    @access.for_trainers
    def rename(self, old: str, new: str) -> None:
        """Give a set another name. Runs that used it are found under its old one no more.

        Raises:
            DataError: there is no set of the old name, or none can have the new one.
        """
        path, target = self._own(old), naming.place(new, self.folder)
        with files.in_words(target):
            self._move(path, target, title=new if self._title(path) == old else "")

    @access.for_trainers
    def rename_class(self, name: str, old: str, new: str) -> None:
        """Give a class of a set another name; runs keep their own copy of the names.

        Raises:
            DataError: there is no such set or class, or no class may be called so.
        """
        class_names.rename(self._own(name), old, new)

    def binned(self) -> list[Binned]:
        """What is in the bin, the last first."""
        self.tidy()
        found = []
        for place in self._places():
            name, _, since = place.name.rpartition("@")
            with contextlib.suppress(OSError, ValueError):
                size = (place / f"{name}.npz").stat().st_size
                found.append(Binned(name, float(since), size))
        return sorted(found, key=lambda each: -each.removed_at)

    @access.for_trainers
    def delete(self, name: str) -> None:
        """Remove what is in the bin under a name for good; harmless where nothing is."""
        for place in self._in_bin(name):
            shutil.rmtree(place, ignore_errors=True)

    def tidy(self) -> None:
        """Empty the bin of what is older than DAYS days."""
        for place in self._places():
            with contextlib.suppress(ValueError):
                if time.time() - float(place.name.rpartition("@")[2]) > DAYS * _DAY:
                    shutil.rmtree(place, ignore_errors=True)

    def _own(self, name: str) -> Path:
        if name in naming.BUILT_IN or name in naming.KNOWN:
            raise DataError(f"`{name}` comes with the app and stays.")
        path = self.folder / f"{name}.npz"
        with contextlib.suppress(OSError, ValueError):
            if Path(name).name == name and not name.startswith(".") and path.is_file():
                return path
        raise DataError(f"There is no set `{name[:64]}` in {self.folder}.")

    def _title(self, path: Path) -> str:
        found = self._card(path)
        return found[0].title if found else ""

    def _card(self, path: Path) -> tuple[card.Card, str] | None:
        with contextlib.suppress(DataError):
            digest = setfile.inspect(path, look=False).digest
            found = card.read(path, digest)
            return (found, digest) if found else None
        return None

    def _move(self, path: Path, target: Path, title: str = "") -> None:
        """The file with its card; whenever it is killed, no set is without its card."""
        with sweeping.no_card_alone(target):
            if found := self._card(path):
                own, digest = found
                card.write(target, replace(own, title=title or own.title), digest)
            os.rename(path, target)
        card.path_of(path).unlink(missing_ok=True)

    def _places(self) -> list[Path]:
        try:
            return [place for place in self._bin.iterdir() if "@" in place.name]
        except OSError:
            return []

    def _in_bin(self, name: str) -> list[Path]:
        """Folders of the bin that hold a set of this name, the last one last."""
        found = [p for p in self._places() if p.name.rpartition("@")[0] == name]
        return sorted(p for p in found if (p / f"{name}.npz").is_file())

"""A data set in one .npz file: what it holds, and reading it. Images: imageset.py; two sets: twoset.py."""

from __future__ import annotations

import contextlib
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gan_core.data import content, imageset, npz, twoset
from gan_core.data.layout import Layout
from gan_core.data.memory import available_memory
from gan_core.errors import DataError

if TYPE_CHECKING:
    from gan_core.types import Labels, Split


def inspect(path: Path, *, look: bool = True) -> Layout:
    """What the file at `path` holds, from its headers and labels; DataError if it cannot be used.

    The answer is kept until the file changes.

    Args:
        look: whether also to look at its first images, for `warning` and `picture`.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise DataError(f"It cannot be read ({error.strerror}).") from error
    layout = _inspect(path, stat.st_mtime_ns, stat.st_size, look)
    if isinstance(layout, str):
        raise DataError(layout)
    _check_memory(layout)
    return layout


def read(path: Path) -> tuple[Layout, dict[str, Split]]:
    """What the file holds, and both splits of it as in base.Dataset."""
    with npz.open_npz(path) as archive:
        form = _form(archive)
        layout, labels = form.examine(archive)
        _check_memory(layout)
        layout = replace(layout, digest=form.digest_of(archive, layout, labels))
        return layout, form.arrays(archive, layout, labels)


class Form(Protocol):
    """A module that knows the rules for one form of file."""

    @property
    def LOOKED_AT(self) -> tuple[str, ...]: ...

    def examine(self, archive: zipfile.ZipFile) -> tuple[Layout, dict[str, Labels]]: ...

    def digest_of(
        self, archive: zipfile.ZipFile, layout: Layout, labels: dict[str, Labels]
    ) -> str: ...

    def arrays(
        self, archive: zipfile.ZipFile, layout: Layout, labels: dict[str, Labels]
    ) -> dict[str, Split]: ...


def _form(archive: zipfile.ZipFile) -> Form:
    """The module that knows the rules for what it holds."""
    names = {info.filename.removesuffix(".npy") for info in archive.infolist()}
    two = "x_train" not in names and names & set(twoset.SIDES)
    return twoset if two else imageset


@lru_cache(maxsize=256)
def _inspect(path: Path, _mtime_ns: int, _size: int, look: bool) -> Layout | str:
    try:
        with npz.open_npz(path) as archive:
            form = _form(archive)
            layout, labels = form.examine(archive)
            layout = replace(layout, digest=form.digest_of(archive, layout, labels))
            if not look:
                return layout
            with contextlib.suppress(DataError):  # loading will say that it is damaged
                said, picture = content.look(archive, form.LOOKED_AT, layout.kind)
                layout = replace(
                    layout, warning=f"{layout.warning} {said}".strip(), picture=picture
                )
            return layout
    except DataError as error:
        return str(error)


def _check_memory(layout: Layout) -> None:
    available = available_memory()
    if layout.memory_bytes > available:
        raise DataError(
            f"Reading it takes {layout.memory_bytes / 2**30:.1f} GiB of memory. "
            f"Available: {available / 2**30:.1f} GiB."
        )

"""The folder or archive at a path, as a tree of pictures."""

from __future__ import annotations

from pathlib import Path

from gan_core.errors import DataError
from gan_core.importing.archives import open_archive
from gan_core.importing.trees import Folder, Tree


def open_tree(path: Path) -> Tree | None:
    """The folder or archive at a path; None where it is something else.

    Raises:
        DataError: it cannot be read, or holds more than is looked at.
    """
    if path.is_dir():
        return Folder(path)
    return open_archive(path)


def must_open(path: Path) -> Tree:
    """The same; DataError where it is neither a folder nor an archive."""
    tree = open_tree(path)
    if tree is None:
        raise DataError(f"{path.name} is neither a folder nor an archive.")
    return tree

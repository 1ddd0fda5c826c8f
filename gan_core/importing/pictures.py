"""Picture files of a folder or an archive as a source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from gan_core.errors import DataError
from gan_core.importing.base import Decoded, Item, Unusable
from gan_core.importing.trees import Tree
from gan_core.storage import decode


class Pictures:
    """A source whose items are files of a tree; see base.Source.

    Args:
        entries: for each item, the index of its file in the tree.
        notes: sentences on the whole: empty classes, names that differ in case only.
    """

    def __init__(
        self,
        tree: Tree,
        items: Sequence[Item],
        entries: Sequence[int],
        *,
        kind: str = "images",
        unmatched: Sequence[str] = (),
        notes: Sequence[str] = (),
    ):
        self.form, self.kind, self.items = tree.form, kind, items
        self.passed_over, self.unmatched, self.notes = tree.passed_over, unmatched, notes
        self.labelled = any(item.class_name for item in items)
        self.ground = decode.WHITE
        self._tree, self._entries = tree, entries

    def pixels(self, index: int, side: int) -> Decoded:
        """One picture, turned, in RGB; see base.Source."""
        data = self._tree.read(self._entries[index])
        return decoded(data, self.items[index].name, side, self.ground)

    def close(self) -> None:
        self._tree.close()


def decoded(data: bytes, name: str, side: int, ground: str = decode.WHITE) -> Decoded:
    """The bytes of a picture file as pixels [H, W, 3], not much larger than `side` asks for.

    Raises:
        Unusable: it is no picture, damaged, cut off or too large.
    """
    try:
        found = decode.whole(data, side, name=name, ground=ground)
    except DataError as error:
        raise Unusable(*_told(error, name)) from error
    return Decoded(np.ascontiguousarray(found.pixels), found.size, found.did)


def _told(error: DataError, name: str) -> tuple[str, str]:
    """(text, reason) of what the guarded reader refused."""
    cause, said = error.__cause__, str(error.__cause__ or "")
    if isinstance(cause, MemoryError):
        return str(error), "memory"
    if isinstance(cause, Image.DecompressionBombError):
        most = f"{decode.MOST_PIXELS:,}"
        return f"`{name}` has far more pixels than the {most} that are decoded.", "too large"
    if isinstance(cause, OSError) and "truncated" in said:
        return f"`{name}` is cut off: its end is missing.", "cut off"
    if cause is None and "decoded" in str(error):
        return str(error), "too large"
    return str(error), "damaged"

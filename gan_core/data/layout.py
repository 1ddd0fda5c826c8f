"""What a file says of its data set before it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """What a file holds; the words are those of base.DatasetSpec.

    Attributes:
        labels: each class's own number, ascending; `class_names` are in the same order.
        memory_bytes: the most that reading it takes at any moment.
        digest: of images and labels, see checksum.py.
        warning: what is wrong with the images that can be read all the same; "" if nothing is.
        picture: PNG of a few of its first images; b"" where that would cost too much.
    """

    image_shape: tuple[int, ...]
    num_train: int
    num_held_out: int
    labels: tuple[int, ...]
    class_names: tuple[str, ...]
    memory_bytes: int
    digest: str = ""
    warning: str = ""
    picture: bytes = b""
    kind: str = "images"
    target_shape: tuple[int, ...] = ()
    num_train_b: int = 0
    num_held_out_b: int = 0

    @property
    def num_classes(self) -> int:
        return len(self.labels)

"""What is known of one data set, as its metadata: by its file, by the table, or what is wrong with it."""

from pathlib import Path

from gan_core.data import card
from gan_core.data.base import DatasetSpec
from gan_core.data.builtin import KNOWN, Known
from gan_core.data.layout import Layout

_SAME = (  # in a file's layout and in the metadata
    "kind", "image_shape", "target_shape", "num_classes", "labels", "num_train", "num_held_out",
    "num_train_b", "num_held_out_b", "warning", "digest",
)  # fmt: skip


def of_table(known: Known, *, download_bytes: int = 0, problem: str = "") -> DatasetSpec:
    """What is known of a set whose file is missing or unusable."""
    return DatasetSpec(
        name=known.name,
        title=known.title,
        kind=known.kind,
        image_shape=known.image_shape,
        target_shape=known.target_shape,
        num_classes=len(known.class_names),
        class_names=known.class_names,
        num_train=known.num_train,
        num_held_out=known.num_held_out,
        num_train_b=known.num_train_b,
        num_held_out_b=known.num_held_out_b,
        summary=known.summary,
        source=_source(known.name),
        licence=known.licence,
        origin=known.origin,
        download_bytes=download_bytes,
        available=False,
        problem=problem,
        labels=tuple(range(len(known.class_names))),
    )


def of_layout(name: str, path: Path, layout: Layout) -> DatasetSpec:
    """What is known of a set whose file can be used."""
    known = KNOWN.get(name)
    names = layout.class_names
    plain = names == tuple(str(label) for label in range(len(names)))
    if known and plain and len(names) == len(known.class_names):
        names = known.class_names
    same = {key: getattr(layout, key) for key in _SAME}
    told = known or card.read(path, layout.digest)
    return DatasetSpec(
        name=name,
        title=told.title if told else name,
        class_names=names,
        source=_source(name),
        licence=told.licence if told else "not stated",
        origin=(told.origin if told else "") or str(path),
        summary=known.summary if known else "",
        **same,
    )


def of_problem(name: str, path: Path, problem: str) -> DatasetSpec:
    """What is known of a file that cannot be used."""
    return DatasetSpec(
        name=_printable(name),
        title=_printable(name),
        kind="images",
        image_shape=(),
        num_classes=0,
        class_names=(),
        num_train=0,
        num_held_out=0,
        source="file",
        licence="not stated",
        origin=str(path),
        available=False,
        problem=_printable(problem),
    )


def _printable(text: str) -> str:
    """A file's name without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _source(name: str) -> str:
    if name not in KNOWN:
        return "file"
    return "download" if KNOWN[name].files else "bundled"

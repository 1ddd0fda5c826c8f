"""Files that hold data and are not read: what each is, by name or first bytes, and what converts it."""

from __future__ import annotations

import re

Told = tuple[str, str]  # what it is, and what makes of it something that is read

_TORCH = ("a file of PyTorch", "save its arrays with `numpy.savez`")
_KINDS: tuple[tuple[tuple[str, ...], Told], ...] = (
    ((".pt", ".pth", ".ckpt"), _TORCH),
    (
        (".parquet",),
        ("a Parquet file", "read it with `pandas.read_parquet` and save its pictures in a folder"),
    ),
    (
        (".arrow", ".feather"),
        ("an Arrow file", "read it with `pyarrow` and save its pictures in a folder"),
    ),
    (
        (".tfrecord", ".tfrecords"),
        (
            "a TFRecord file",
            "read it with `tf.data.TFRecordDataset` and save its pictures in a folder",
        ),
    ),
    ((".safetensors",), ("a file of a network's weights", "choose pictures or arrays")),
    (
        (".mdb", ".lmdb", ".sqlite", ".db"),
        ("a database", "save its pictures in a folder, or its arrays with `numpy.savez`"),
    ),
    (
        (".json", ".jsonl", ".ndjson"),
        (
            "JSON",
            "save numbers with `numpy.savez`; of pictures the class is the folder that they lie in",
        ),
    ),
    ((".xls", ".xlsx", ".ods"), ("a spreadsheet", "save it as CSV, an image a line")),
)
_PART = re.compile(r"-\d+-of-\d+$")  # of a set in several files
_STARTS = ((b"PAR1", ".parquet"), (b"ARROW1", ".arrow"), (b"FEA1", ".feather"))


def of_name(name: str) -> Told | None:
    """What a file says to be by its ending; None where it may be read."""
    whole = _PART.sub("", name.lower())
    return next((told for endings, told in _KINDS if whole.endswith(endings)), None)


def of_file(name: str, head: bytes) -> Told | None:
    """The same, also by the first bytes of one that is called otherwise.

    Args:
        head: 100 bytes or more; of a zip the name of its first file stands there.
    """
    start = next((ending for magic, ending in _STARTS if head.startswith(magic)), name)
    return _TORCH if is_torch(head) else of_name(start)


def is_torch(head: bytes) -> bool:
    """Whether a zip is as `torch.save` writes it, also one that is cut off."""
    length = int.from_bytes(head[26:28], "little") if head[:4] == b"PK\3\4" else 0
    return head[30 : 30 + length].endswith(b"/data.pkl")

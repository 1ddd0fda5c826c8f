"""Bytes on disk: atomic files, locks, arrays, output paths, pictures and video. Knows nothing of runs."""

from gan_core import shown

__getattr__, __all__ = shown(
    __name__,
    {
        "read_json": "files",
        "read_jsonl": "files",
        "write_atomic": "files",
        "write_json": "files",
    },
)

"""Bytes on disk: atomic files, locks, arrays, output paths, pictures and video. Knows nothing of runs."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.storage.files import read_json as read_json
    from gan_core.storage.files import read_jsonl as read_jsonl
    from gan_core.storage.files import write_atomic as write_atomic
    from gan_core.storage.files import write_json as write_json
else:
    __getattr__, __all__ = shown(
        __name__,
        {
            "read_json": "files",
            "read_jsonl": "files",
            "write_atomic": "files",
            "write_json": "files",
        },
    )

"""TensorFlow's large shared libraries, loaded without Python's lock.

Loading them is a sixth of TensorFlow's import, and an import holds the lock: no page is drawn meanwhile.
Loaded here first, other threads go on, and the import then finds them loaded.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
import threading
from pathlib import Path

NAMES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")  # what its Python modules link to

_lock = threading.Lock()
_kept: list[int] = []  # handles, never closed


def load() -> bool:
    """Load them once; whether they are loaded. False off Linux and where TensorFlow has none of that name."""
    with _lock:
        if not _kept and sys.platform == "linux":
            _kept.extend(filter(None, map(_open, _paths())))
        return bool(_kept)


def _paths() -> list[Path]:
    spec = importlib.util.find_spec("tensorflow")  # looks it up, does not import it
    if spec is None or spec.origin is None or "tensorflow" in sys.modules:
        return []
    return [path for name in NAMES if (path := Path(spec.origin).parent / name).is_file()]


def _open(path: Path) -> int | None:
    """A handle of the library, or None. Functions of a CDLL, `dlopen` among them, run without the lock."""
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    return dlopen(os.fsencode(path), os.RTLD_NOW | os.RTLD_LOCAL)

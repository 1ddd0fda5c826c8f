"""Results of the Style page that somebody kept: a picture and what it was made from, in `.style/`."""

from __future__ import annotations

import re
import secrets
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.errors import ConfigError, RunError
from gan_core.storage import access, files, images

FOLDER = ".style"  # in the folder of runs
FORMAT = 1
MOST = 200
_ID = re.compile(r"[0-9]{10}-[0-9a-f]{8}")  # seconds since 1970, and chance


class Results:
    """The kept results of one folder of runs.

    Args:
        runs_dir: the folder of runs; `.style/` is made in it with the first result.
    """

    def __init__(self, runs_dir: Path):
        self.root = runs_dir / FOLDER
        self._lock = threading.Lock()

    def ids(self) -> list[str]:
        """Of all, the newest first."""
        if not self.root.is_dir():
            return []
        names = (path.stem for path in self.root.glob("*.json"))
        return sorted((name for name in names if _ID.fullmatch(name)), reverse=True)

    @access.for_trainers
    def add(self, picture: np.ndarray, words: dict[str, Any]) -> str:
        """Store a picture uint8 [H, W, 3] and what it was made from (JSON-like); its id.

        Raises:
            ConfigError: there are MOST already.
            RunError: it cannot be written.
        """
        with self._lock, files.in_words(self.root):
            if len(self.ids()) >= MOST:
                raise ConfigError(f"{MOST} results are kept already. Remove some first.")
            self.root.mkdir(parents=True, exist_ok=True)
            name = f"{int(time.time()):010d}-{secrets.token_hex(4)}"
            files.write_atomic(self.root / f"{name}.png", images.png(picture))
            height, width = picture.shape[:2]
            kept = {"format": FORMAT, "time": time.time(), "width": width, "height": height}
            files.write_json(self.root / f"{name}.json", kept | words)
        return name

    def listed(self) -> list[dict[str, Any]]:
        """What is known of each, with its `id`, the newest first; one that is damaged is left out."""
        found = []
        for name in self.ids():
            try:
                words = files.read_json(self.root / f"{name}.json")
                files.check_format(words.get("format"), FORMAT, f"{FOLDER}/{name}.json")
            except (RunError, AttributeError):
                continue
            found.append({"id": name} | words)
        return found

    def picture(self, name: str) -> np.ndarray:
        """uint8 [H, W, 3] of one; RunError where there is none."""
        path = self._path(name, ".png")
        try:
            return images.from_png(path.read_bytes())
        except (OSError, ValueError, SyntaxError) as error:
            raise RunError(f"The result `{name}` cannot be read.") from error

    @access.for_trainers
    def remove(self, name: str) -> None:
        """Delete one for good; nothing happens where it has gone already."""
        paths = [self._path(name, suffix) for suffix in (".json", ".png")]
        with files.in_words(self.root):
            for path in paths:
                path.unlink(missing_ok=True)

    def _path(self, name: str, suffix: str) -> Path:
        if not _ID.fullmatch(name):
            raise RunError(f"There is no result `{name[:40]}`.")
        return self.root / (name + suffix)

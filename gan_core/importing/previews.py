"""Pictures of what is not kept yet, decoded when they are looked at: small ones, and made square."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from gan_core.importing.base import NO_ANSWERS, Answers, Decoded
from gan_core.importing.reader import Reader

KEPT_BYTES = 96 << 20  # of decoded pictures
IDLE = 60.0  # seconds after which a decoder that nobody asks is ended


class Previews:
    """Decoded pictures of things that wait; one decoder at a time, that of the thing last looked at."""

    def __init__(self):
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._key: tuple = ()
        self._used = 0.0
        self._kept: OrderedDict[tuple, Decoded] = OrderedDict()
        self._bytes = 0

    def decoded(
        self, path: Path | str, index: int, side: int, answers: Answers = NO_ANSWERS
    ) -> Decoded:
        """A picture that is wanted with `side` pixels, as it would be read to be kept.

        Raises:
            DataError: it cannot be decoded, or nothing is there any more.
        """
        key = (str(path), tuple(sorted(answers.items())))
        with self._lock:
            known = self._kept.get((*key, index, side))
            if known is None:
                known = self._open(path, answers, key).decoded(index, side)
                self._keep((*key, index, side), known)
            self._kept.move_to_end((*key, index, side))
            self._used = time.monotonic()
        return known

    def small(self, path, index: int, side: int, answers: Answers = NO_ANSWERS) -> np.ndarray:
        """The whole picture with `side` pixels along its longer side, or as large as it is."""
        return fitted(self.decoded(path, index, side, answers).pixels, side)

    def forget(self, path: Path | str) -> None:
        """Nothing of this path is needed any more."""
        with self._lock:
            if self._key and self._key[0] == str(path):
                self._close()
            for key in [key for key in self._kept if key[0] == str(path)]:
                self._bytes -= self._kept.pop(key).pixels.nbytes

    def close(self) -> None:
        """End the decoder; it starts again when somebody looks."""
        with self._lock:
            self._close()

    def _open(self, path, answers: Mapping[str, str], key: tuple) -> Reader:
        if self._reader is None or self._key != key:
            self._close()
            self._reader = Reader(path, answers).__enter__()
            self._key = key
            threading.Thread(target=self._end_idle, args=(self._reader,), daemon=True).start()
        return self._reader

    def _end_idle(self, reader: Reader) -> None:
        while True:
            time.sleep(IDLE / 4)
            with self._lock:
                if self._reader is not reader:
                    return
                if time.monotonic() - self._used > IDLE:
                    self._close()
                    return

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader, self._key = None, ()

    def _keep(self, key: tuple, found: Decoded) -> None:
        self._kept[key] = found
        self._bytes += found.pixels.nbytes
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].pixels.nbytes


def fitted(pixels: np.ndarray, side: int) -> np.ndarray:
    """uint8 [H, W, C] made smaller, so that its longer side has at most `side` pixels."""
    height, width, channels = pixels.shape
    factor = side / max(height, width)
    if factor >= 1:
        return pixels
    size = max(1, round(factor * width)), max(1, round(factor * height))
    picture = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
    small = np.asarray(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3))
    return small.reshape(size[1], size[0], channels)


@contextlib.contextmanager
def open_previews() -> Iterator[Previews]:
    """Previews whose decoder ends with the block."""
    made = Previews()
    try:
        yield made
    finally:
        made.close()

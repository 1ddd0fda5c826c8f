"""The file of VGG19's weights for pages: whether it is here, and one download of it at a time."""

from __future__ import annotations

import threading

from gan_core.errors import GanError
from gan_core.storage import access


class Cancelled(Exception):
    """Somebody does not want the rest."""


class Vgg19:
    """What is known of the file, safe from any thread.

    Attributes:
        megabytes: of the whole file.
        megabytes_here: of the download that goes on.
        problem: what the last download ended with, in words; "" where it ended well or was cancelled.
    """

    def __init__(self):
        from gan_core.networks import vgg19_file

        self._file = vgg19_file
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.megabytes, self.megabytes_here, self.problem = vgg19_file.MEGABYTES, 0.0, ""

    @property
    def is_here(self) -> bool:
        """Whether the whole file is there."""
        return self._file.is_here()

    @property
    def ways_out(self) -> str:
        """What to do where it is not, in a sentence."""
        return self._file.ways_out()

    @property
    def is_coming(self) -> bool:
        """Whether it is being downloaded."""
        return self._thread is not None and self._thread.is_alive()

    @access.for_trainers
    def download(self, **options) -> None:
        """Begin to fetch it, only after somebody has said so; nothing where it is being fetched.

        Args:
            options: see networks.vgg19_file.download.
        """
        with self._lock:
            if self.is_coming:
                return
            self.megabytes_here, self.problem, self._stop = 0.0, "", threading.Event()
            self._thread = threading.Thread(
                target=self._fetch, args=(self._stop, options), name="vgg19", daemon=True
            )
            self._thread.start()

    @access.for_trainers
    def cancel(self) -> None:
        """End the download; its thread ends with the next piece, and nothing of it stays."""
        with self._lock:
            self._stop.set()
            self._thread = None

    def _fetch(self, stop: threading.Event, options) -> None:
        def came(count: int) -> None:
            if stop.is_set():
                raise Cancelled
            self.megabytes_here = count / 1e6

        try:
            self._file.download(progress=came, **options)
        except Cancelled:
            return
        except GanError as error:
            if not stop.is_set():
                self.problem = str(error)

"""Many pictures translated beside a page: how far it is, an end before its time, and what there is so far."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import threading
import weakref
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

import numpy as np

from gan_core.errors import ConfigError, GanError
from gan_core.export import translations
from gan_core.storage import access, images, picture_files, video
from gan_core.tasks.pair_grids import with_channels

KINDS = ("png", "side_by_side", "gif")
GAP = 2  # white pixels between input and output
STEPS = 6  # pictures between input and output of a film
HOLD = 6  # frames for which each of them stays
FRAME = 120  # ms


class Many:
    """One job: files in, a zip out, of all pictures or of those that are done.

    Results are kept as PNG files in a folder of its own, which goes with the job.

    Args:
        open_translator: gives a tasks.translator.Translator; called on the job's own thread.
        given: (name, bytes) of each file: pictures, or one zip of them.
        facts: for translated.json beside the step.

    Attributes:
        state: "working", "done", "cancelled" or "failed".
        problem: why it failed, in words.
        total: pictures; those given until it has looked into a zip.
        skipped: name -> why it was left out.
    """

    def __init__(
        self,
        open_translator: Callable,
        given: Sequence[tuple[str, bytes]],
        *,
        towards: str,
        facts: dict,
    ):
        self._open, self._given, self._towards = open_translator, list(given), towards
        self._facts = facts | {"towards": towards}
        self._folder = Path(tempfile.mkdtemp(prefix="ganscope-many-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._names: list[str] = []
        self._thread = threading.Thread(target=self._run, name="many", daemon=True)
        self.state, self.problem, self.total = "working", "", len(self._given)
        self.skipped: dict[str, str] = {}

    @access.for_trainers
    def start(self) -> Many:
        """Begin; returns at once."""
        self._thread.start()
        return self

    def wait(self, timeout: float | None = None) -> None:
        """Until it has ended."""
        self._thread.join(timeout)

    def cancel(self) -> None:
        """End it after the pictures that go through the network now; what is done stays."""
        self._stop.set()

    @property
    def count(self) -> int:
        """Pictures that are done."""
        return len(self._names)

    @property
    def seen(self) -> int:
        """The same and those that were left out."""
        return self.count + len(self.skipped)

    def _run(self) -> None:
        try:
            self._translate()
        except GanError as error:
            self._end("failed", str(error))
        except (MemoryError, OSError) as error:
            self._end("failed", f"It could not go on: {error or 'out of memory'}.")

    def _translate(self) -> None:
        found = picture_files.pictures_in(self._written())
        self._given.clear()  # they are in the folder now
        self.total = len(found.items)
        translator = self._open()
        self._facts["step"] = translator.step
        for result in translations.translated(translator, found, towards=self._towards):
            if self._stop.is_set():
                return self._end("cancelled")
            self._keep(result)
        if not self.count:
            return self._end("failed", next(iter(self.skipped.values()), "There are no pictures."))
        return self._end("done")

    def _end(self, state: str, problem: str = "") -> None:
        self.problem, self.state = problem, state

    def _written(self) -> Path:
        """What was given, as a file or folder of this machine; names are only names."""
        folder = self._folder
        if len(self._given) == 1 and self._given[0][0].lower().endswith(".zip"):
            path = folder / "in.zip"
            path.write_bytes(self._given[0][1])
            return path
        into = folder / "in"
        into.mkdir()
        for number, (name, data) in enumerate(self._given):
            stem = PurePosixPath(picture_files.safe_name(name)).name
            (into / f"{number:04d}_{stem[-80:]}").write_bytes(data)
        return into

    def _keep(self, result: translations.Translated | translations.LeftOut) -> None:
        if isinstance(result, translations.LeftOut):
            with self._lock:
                self.skipped[result.name] = result.problem
            return
        number = self.count
        for kind, pixels in (("source", result.source), ("output", result.output)):
            self._path(number, kind).write_bytes(images.png(pixels))
        with self._lock:
            self._names.append(result.name)

    def _path(self, number: int, kind: str) -> Path:
        return self._folder / f"{number}_{kind}.png"

    def packed(self, kind: str = "png") -> bytes:
        """A zip of what is done by now, of one of KINDS, with translated.json.

        Raises:
            ConfigError: another kind.
        """
        if kind not in KINDS:
            raise ConfigError(f"Pictures come as {', '.join(KINDS)}. Received: `{kind[:40]}`.")
        with self._lock:
            names, skipped = list(self._names), dict(self.skipped)
        out, suffix = io.BytesIO(), ".gif" if kind == "gif" else ".png"
        with zipfile.ZipFile(out, "w") as archive:
            for number, name in enumerate(translations.names(names, suffix)):
                archive.writestr(name, self._as(kind, number))
            told = {"count": len(names), "of": self.total, "skipped": skipped}
            archive.writestr(translations.FACTS, json.dumps(self._facts | told, indent=2))
        return out.getvalue()

    def _as(self, kind: str, number: int) -> bytes:
        if kind == "png":
            return self._path(number, "output").read_bytes()
        source, output = (self._pixels(number, which) for which in ("source", "output"))
        channels = max(source.shape[2], output.shape[2])
        pair = [with_channels(pixels, channels) for pixels in (source, output)]
        return film(*pair) if kind == "gif" else images.png(side_by_side(*pair))

    def _pixels(self, number: int, which: str) -> np.ndarray:
        return picture_files.decoded(self._path(number, which).read_bytes(), which)


def side_by_side(source: np.ndarray, output: np.ndarray) -> np.ndarray:
    """Input left, output right of a white line; uint8 [H, W, C] of one size."""
    line = np.full((source.shape[0], GAP, source.shape[2]), 255, np.uint8)
    return np.concatenate([source, line, output], axis=1)


def film(source: np.ndarray, output: np.ndarray) -> bytes:
    """An endless GIF in which the input becomes the output, both held for a while."""
    shares = [*[0.0] * HOLD, *np.linspace(0, 1, STEPS + 2)[1:-1], *[1.0] * HOLD]
    one, other = source.astype(np.float32), output.astype(np.float32)
    frames = [np.rint(one + s * (other - one)).astype(np.uint8) for s in shares]
    return video.gif([f[..., 0] if f.shape[-1] == 1 else f for f in frames], FRAME)

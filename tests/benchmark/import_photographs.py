"""How long many photographs take to become a data set, and how much memory: less than 1 GB is wanted.

    python tests/benchmark/import_photographs.py [--count 20000] [--size 64]

Photographs are made by the script (640 x 480 as JPEG, each hundredth of 12 megapixels, each different),
checked and kept in processes as the page and the command do it. Memory is what this process and all of its
children hold together, what they share counted once (Linux: PSS), looked at ten times a second; making the
photographs does not count.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import psutil  # noqa: E402
from PIL import Image  # noqa: E402

from gan_core import importing  # noqa: E402

USUAL, LARGE = (640, 480), (4000, 3000)
EACH_LARGE = 100
EVERY = 0.1  # seconds between two looks at the memory


def make(folder: Path, count: int) -> None:
    """So many photographs: coloured blots under noise, no two alike."""
    grain = np.random.default_rng(0).normal(0, 12, (LARGE[1], LARGE[0], 1)).astype(np.int8)
    for i in range(count):
        width, height = LARGE if i % EACH_LARGE == EACH_LARGE - 1 else USUAL
        blots = np.random.default_rng(i + 1).integers(0, 256, (6, 8, 3), np.uint8)
        smooth = Image.fromarray(blots).resize((width, height), Image.Resampling.BICUBIC)
        noisy = np.asarray(smooth).astype(np.int16) + grain[:height, :width]
        photo = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
        photo.save(folder / f"{i:06d}.jpg", quality=90)


class Peak:
    """The most memory that this process and its children had together, in bytes."""

    def __init__(self):
        self.most = 0
        self._over = threading.Event()

    @contextlib.contextmanager
    def watched(self) -> Iterator[Peak]:
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._over.wait(EVERY):
            self.most = max(self.most, sum(map(held, [own, *own.children(recursive=True)])))


def held(process: psutil.Process) -> int:
    """Bytes that a process holds, its part of what it shares; 0 where it has just ended."""
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(found, "pss", found.rss)


def measure(folder: Path, data_dir: Path, size: int) -> None:
    peak = Peak()
    with peak.watched():
        began = time.perf_counter()
        found = importing.check_up(folder)
        checked = time.perf_counter()
        plan = dataclasses.replace(found.suggested, name="photographs", size=size)
        spec = importing.keep(folder, found, plan, data_dir)
        kept = time.perf_counter()
    made = (data_dir / "photographs.npz").stat().st_size
    print(f"{found.num_usable:,} of {found.num_files:,} photographs can be used")
    print(f"check-up {checked - began:.1f} s, keeping {kept - checked:.1f} s")
    print(f"{spec.num_train:,} to learn from, {spec.num_held_out:,} held out, {made / 1e6:,.0f} MB")
    print(f"all processes together took {peak.most / 1e6:,.0f} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--size", type=int, default=64)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        photographs, data_dir = Path(place) / "photographs", Path(place) / "data"
        photographs.mkdir()
        make(photographs, args.count)
        measure(photographs, data_dir, args.size)


if __name__ == "__main__":
    main()

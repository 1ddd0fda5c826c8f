"""The parent's side of `child.py`: starts it with limits, watches it, takes plain numbers back."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil

from gan_core.explore.foreign.plan import Sized, Unfit

CHILD = Path(__file__).with_name("child.py")
MEMORY = 1 << 30  # bytes of address space beside what the file and its numbers need
SECONDS = 30
LOOK = 0.05  # seconds between two looks at the child


def weights(
    data: bytes, plan: dict, sizes: Sized, *, seconds: float = SECONDS, memory: int = MEMORY
) -> dict[str, np.ndarray]:
    """The arrays of a checked plan from the bytes of a `.keras` file.

    Raises:
        Unfit: the child found no such numbers, or needed more time or memory than allowed.
    """
    shapes = [
        (f"{layer['name']}/{name}", layer["store"], i, shape)
        for layer in plan["layers"]
        for i, (name, shape) in enumerate(sizes.weights[layer["name"]])
    ]
    memory += 4 * len(data) + 16 * sizes.numbers
    task = {
        "bytes": len(data), "memory": memory, "seconds": math.ceil(seconds),
        "wanted": [[path, i, shape] for _, path, i, shape in shapes],
    }  # fmt: skip
    out = _run(json.dumps(task).encode() + b"\n" + data, seconds, memory)
    if len(out) != 4 * sizes.numbers:
        raise Unfit(f"The file gave {len(out):,} bytes of weights, not {4 * sizes.numbers:,}.")
    flat, at, found = np.frombuffer(out, "<f4"), 0, {}
    for name, _, _, shape in shapes:
        size = int(np.prod(shape))
        found[name] = flat[at : at + size].reshape(shape).astype(np.float32)
        at += size
    return found


def _run(given: bytes, seconds: float, memory: int) -> bytes:
    """What the child writes; it gets no environment, a folder of its own, and an end."""
    keep = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)], cwd=folder, stdin=source,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=keep | {"OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        ended: list[str] = []
        watch = threading.Thread(target=_watch, args=(child, seconds, memory, ended), daemon=True)
        watch.start()
        try:
            out, said = child.communicate()
        finally:
            child.kill()
            watch.join()
    if ended or child.returncode:
        words = said.decode("utf-8", "replace").strip().splitlines()
        why = ended[0] if ended else words[-1] if words else "it was ended by its limits"
        raise Unfit(f"The weights of the file could not be read: {why[:300]}.")
    return out


def _watch(child: subprocess.Popen, seconds: float, memory: int, ended: list[str]) -> None:
    """End a child that takes too long or too much, also where the system knows no limits."""
    end = time.monotonic() + seconds
    process = None
    while child.poll() is None:
        try:
            process = process or psutil.Process(child.pid)
            large = process.memory_info().rss > memory
        except psutil.Error:
            large = False
        if large or time.monotonic() > end:
            ended.append("it needs too much memory" if large else f"it took over {seconds:g} s")
            child.kill()
            return
        time.sleep(LOOK)

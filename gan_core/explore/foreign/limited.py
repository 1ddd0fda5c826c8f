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
from gan_core.explore.foreign.values import shown

CHILD = Path(__file__).with_name("child.py")
MEMORY = 1 << 30  # bytes of address space beside what the file and its numbers need
SECONDS = 30
LOOK = 0.05  # seconds between two looks at the child


def weights(
    data: bytes,
    plan: dict,
    sizes: Sized,
    *,
    what: str = "keras",
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> dict[str, np.ndarray]:
    """The arrays of a checked plan from the bytes of a `.keras` file, or "h5": a whole model.

    Raises:
        Unfit: the child found no such numbers, or needed more time or memory than allowed.
    """
    shapes, wanted = _in_layers(plan, sizes) if what == "keras" else _in_tops(plan, sizes)
    out = _ask(data, what, wanted, sizes.numbers, seconds, memory)
    if len(out) != 4 * sizes.numbers:
        raise Unfit(f"The file gave {len(out):,} bytes of weights, not {4 * sizes.numbers:,}.")
    flat, at, found = np.frombuffer(out, "<f4"), 0, {}
    for name, shape in shapes:
        size = math.prod(shape)
        found[name] = flat[at : at + size].reshape(shape).astype(np.float32)
        at += size
    return found


def description(data: bytes, most: int) -> dict:
    """{"model_config": text of at most `most` characters or None, "weights_only": bool} of HDF5."""
    return json.loads(_ask(data, "h5-config", most, 0, SECONDS, MEMORY))


def _in_layers(plan: dict, sizes: Sized):
    """([(array, shape)], what the child is asked): by the path of each layer."""
    rows = [
        (f"{layer['name']}/{name}", layer["store"], i, shape)
        for layer in plan["layers"]
        for i, (name, shape) in enumerate(sizes.weights[layer["name"]])
    ]
    return [(name, shape) for name, _, _, shape in rows], [row[1:] for row in rows]


def _in_tops(plan: dict, sizes: Sized):
    """The same by layer of the outermost model, each in the order in which Keras writes it.

    Weights that are trained come first, then the others, as those of frozen layers.
    """
    rows = [
        (not layer["trains"] or name.startswith("moving_"), layer["order"], i, layer, name, shape)
        for layer in plan["layers"]
        for i, (name, shape) in enumerate(sizes.weights[layer["name"]])
    ]
    rows.sort(key=lambda row: (row[1][0], *row[:3]))
    shapes: list[tuple[str, tuple[int, ...]]] = []
    wanted: list[tuple[str, list]] = []
    for *_, layer, name, shape in rows:
        if not wanted or wanted[-1][0] != layer["top"]:
            wanted.append((layer["top"], []))
        wanted[-1][1].append((layer["row"], name, shape))
        shapes.append((f"{layer['name']}/{name}", shape))
    return shapes, wanted


def _ask(data: bytes, what: str, wanted, numbers: int, seconds: float, memory: int) -> bytes:
    memory += 4 * len(data) + 16 * numbers
    task = {"bytes": len(data), "memory": memory, "seconds": math.ceil(seconds), "what": what}
    line = json.dumps(task | {"wanted": wanted}).encode()
    return _run(line + b"\n" + data, seconds, memory)


def _run(given: bytes, seconds: float, memory: int) -> bytes:
    """What the child writes; it gets no environment, a folder of its own, and an end."""
    keep = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            cwd=folder,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=keep | {"OPENBLAS_NUM_THREADS": "1"},
        )
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
        raise Unfit(f"The weights of the file could not be read: {shown(why, 300)}.")
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

"""Where the time of a training step goes, by kind of operation, as TensorFlow's profiler sees it.

    python tests/benchmark/step_profile.py [fast_cyclegan,cyclegan] [--steps 10]

The recipes and data of `bench arithmetic`. Time is summed over threads: of operations that run side by side
each counts. Operations that only wait for others (calls of functions, loops) are left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402  (the path above must come first)
import tensorflow as tf  # noqa: E402
from tensorflow.tsl.profiler.protobuf import xplane_pb2  # noqa: E402

from gan_core import data  # noqa: E402
from gan_core.bench.arithmetic import CASES, opened  # noqa: E402

WARM = 3  # steps that do not count
WAIT = (
    "PartitionedCall",
    "StatefulPartitionedCall",
    "While",
    "StatelessWhile",
    "If",
    "StatelessIf",
)
SHOWN = 16


def profiled(step, count: int) -> dict[str, list[float]]:
    """Milliseconds and times a step, by kind of operation."""
    for _ in range(WARM):
        np.asarray(step())
    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder):
            for _ in range(count):
                np.asarray(step())
        (path,) = Path(folder).rglob("*.xplane.pb")
        space = xplane_pb2.XSpace()
        space.ParseFromString(path.read_bytes())
    kinds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for plane in space.planes:
        for line in plane.lines:
            for event in line.events:
                name, _, kind = plane.event_metadata[event.metadata_id].name.rpartition(":")
                if name and name[-1] != ":" and kind.isidentifier() and kind not in WAIT:
                    kinds[kind][0] += event.duration_ps / 1e9 / count
                    kinds[kind][1] += 1 / count
    return kinds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="?", default="fast_cyclegan,cyclegan", help=", ".join(CASES))
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--data-dir", type=Path, default=data.default_data_dir())
    args = parser.parse_args()
    for name in args.names.split(","):
        kinds = profiled(opened(name, args.data_dir).step, args.steps)
        total = sum(ms for ms, _ in kinds.values())
        count = sum(times for _, times in kinds.values())
        print(f"{name}: {total:.1f} ms of {count:.0f} operations a step")
        for kind, (ms, times) in sorted(kinds.items(), key=lambda item: -item[1][0])[:SHOWN]:
            print(f"  {kind:32}{ms:9.2f} ms {ms / total:6.1%} {times:7.0f} times", flush=True)


if __name__ == "__main__":
    main()

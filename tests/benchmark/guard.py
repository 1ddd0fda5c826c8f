"""What the guard against Streamlit's cleaning is worth: training beside script runs, with it and without.

    python tests/benchmark/guard.py --steps 200 --pairs 3

Each measurement is a process of its own that trains fast_gan while another thread does, twice a second,
what Streamlit does after each script run: clear Keras's session and collect all garbage.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core import data, recipes  # noqa: E402
from gan_core.startup import runtime  # noqa: E402  (the path above must come first)

WARM = 20
PERIOD = 0.5  # seconds between script runs: one page with one fragment


def script_runs(ended: threading.Event) -> None:
    import gc

    from streamlit.runtime.scriptrunner import script_runner

    while not ended.wait(PERIOD):
        script_runner._clean_problem_modules()
        gc.collect(2)


def train(steps: int, guarded: bool, watched: bool) -> float:
    """Steps per second."""
    if guarded:
        runtime.in_web_server()
    runtime.start()
    from gan_core.training.session import build_algorithm

    dataset = data.load("mnist_5k", ROOT / "none")
    algorithm = build_algorithm(recipes.config("fast_gan", "mnist_5k"), dataset)
    for _ in range(WARM):
        algorithm.train_step()
    ended = threading.Event()
    if watched:
        threading.Thread(target=script_runs, args=(ended,), daemon=True).start()
    start = time.perf_counter()
    for _ in range(steps):
        algorithm.train_step().numpy()
    ended.set()
    return steps / (time.perf_counter() - start)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--one", choices=("alone", "guarded", "unguarded"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(train(args.steps, args.one != "unguarded", args.one != "alone"))
        return 0
    found: dict[str, list[float]] = {"alone": [], "guarded": [], "unguarded": []}
    for _ in range(args.pairs):
        for name, speeds in found.items():
            words = [sys.executable, __file__, "--steps", str(args.steps), "--one", name]
            answer = subprocess.run(words, check=True, capture_output=True, text=True)
            speeds.append(float(answer.stdout))
    base = statistics.median(found["alone"])
    for name, speeds in found.items():
        middle = statistics.median(speeds)
        print(f"{name}: {middle:.1f} steps/s, {middle / base:.2f} of training alone")
    return 0


if __name__ == "__main__":
    sys.exit(main())

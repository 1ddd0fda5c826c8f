"""What a start costs: TensorFlow's import, the first step after it, memory while training.

Each start is a process of its own, `python -m gan_core.bench.start RECIPE DATASET DATA_DIR`, which
prints one JSON line.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

STEPS = 200  # after which memory is read
ROOT = Path(__file__).resolve().parents[2]


def starts(recipe: str, dataset: str, data_dir: Path, rounds: int) -> dict[str, float]:
    """Medians over `rounds` starts: seconds of the import and to the first step, memory in MB."""
    words = [sys.executable, "-m", "gan_core.bench.start", recipe, dataset, str(data_dir)]
    found = []
    for _ in range(rounds):
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return {name: statistics.median(f[name] for f in found) for name in found[0]}


def main(recipe: str, dataset: str, data_dir: str) -> None:
    """One start, told as a JSON line."""
    import numpy as np
    import psutil

    from gan_core import data, recipes
    from gan_core.startup import runtime

    begin = time.perf_counter()
    runtime.in_terminal()
    runtime.start()
    imported = time.perf_counter()
    from gan_core.training.session import build_algorithm

    loaded = data.load(dataset, Path(data_dir))
    algorithm = build_algorithm(recipes.config(recipe, dataset, loaded.spec), loaded)
    np.asarray(algorithm.train_step())
    first = time.perf_counter()
    for _ in range(STEPS):
        np.asarray(algorithm.train_step())
    memory = psutil.Process().memory_info()
    told = {
        "import_seconds": imported - begin,
        "first_step_seconds": first - imported,
        "memory_mb": memory.rss / 1e6,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Golden numbers: what training gave before the house was rebuilt, and must give bit for bit ever after.

`golden.json` was recorded at commit 2660315: 50 steps of every recipe (metrics, a digest of every
variable), and for two packed runs of that version (`before_*.zip`) four more steps and the pixels they draw.

    python -m tests.golden.numbers check [--steps 4] [RECIPE ...]
    python -m tests.golden.numbers before
    python -m tests.golden.numbers both [--steps 4] [RECIPE ...]
    python -m tests.golden.numbers record RECIPE     # of a recipe that is meant to have changed

Arithmetic is held to AVX2, so that one record serves every x86-64 processor that has it: oneDNN
chooses its kernels by processor.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FILE = HERE / "golden.json"
SHORT = 4  # steps after which the state was recorded, too
ENVIRONMENT = {
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OMP_NUM_THREADS": "2",  # how sums are shared out among threads decides their last bits
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
# Own settings of a recipe where its defaults would take minutes, or are others than when it was recorded.
OWN = {
    "fast_gan": {"noise_steps": 0, "d_levels": 0, "d_lr": 2e-3},
    "fast_dcgan": {"d_levels": 0, "d_lr": 2e-3},
    "dcgan": {"batch_size": 8},
    "acgan": {"batch_size": 4},
    "r3gan": {"batch_size": 16, "width": 16},
}


def lab_in(folder):
    from gan_core.lab import Lab

    return Lab(Path(folder) / "runs", Path(folder) / "data")


def opened(lab, run):
    """The algorithm of a run, with its newest checkpoint restored."""
    from gan_core.training.session import open_session

    return open_session(run, lab.data_dir, lambda phase: None).algorithm


def numbers(recipe, steps, folder):
    """Metrics of each step as text that holds every bit, and a digest of the final state."""
    lab = lab_in(folder)
    dataset = "ring" if recipe == "toy_mlp" else "mnist_5k"
    config = lab.make_config(recipe, dataset, seed=7, **OWN.get(recipe, {}))
    return trained(opened(lab, lab.create(config, who="test")), steps)


def trained(algorithm, steps):
    rows = [np.asarray(algorithm.train_step(), "<f4").tobytes().hex() for _ in range(steps)]
    return {
        "metric_names": list(algorithm.metric_names),
        "steps": rows,
        "state": digest(algorithm.state()),
    }


def digest(arrays):
    """SHA-256 over names, shapes, types and bytes of arrays, in the order of names."""
    total = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name} {array.shape} {array.dtype}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def differences(recipes, steps):
    """Words on every recipe whose numbers are not those recorded."""
    golden, found = read()["recipes"], []
    for recipe in recipes:
        with tempfile.TemporaryDirectory() as folder:
            now = numbers(recipe, steps, folder)
        was = golden[recipe]
        key = "state" if steps == len(was["steps"]) else "state_short"
        if now["metric_names"] != was["metric_names"]:
            found.append(f"{recipe}: metrics are {now['metric_names']}")
        pairs = zip(now["steps"], was["steps"], strict=False)
        off = [i for i, (one, other) in enumerate(pairs, start=1) if one != other]
        if off:
            found.append(f"{recipe}: metrics differ from step {off[0]} on")
        if now["state"] != was[key]:
            found.append(f"{recipe}: the state after {steps} steps differs")
    return found


def before():
    """Words on every run of the version before that does not go on or draw as it did there."""
    found = []
    for recipe, was in read()["before"].items():
        with tempfile.TemporaryDirectory() as folder:
            now = gone_on(lab_in(folder), HERE / f"before_{recipe}.zip")
        found += [f"{recipe}: {n} differ" for n, v in now.items() if v != was[n]]
    return found


def gone_on(lab, path):
    """Unpack a run, train four steps more, and draw six images of its newest checkpoint."""
    from gan_core.archive.pack import import_run

    run = import_run(lab.store, path, "test")
    more = trained(opened(lab, run), SHORT)
    z = np.random.default_rng(0).standard_normal((6, 8), np.float32)
    generator = lab.open_generator(run.id)
    classes = np.eye(10, dtype=np.float32)[:6] if generator.num_classes else None
    drawn = generator.images(z, classes)
    pixels = hashlib.sha256(drawn.astype("<f4").tobytes()).hexdigest()
    return {"steps": more["steps"], "state": more["state"], "drawn": pixels}


def record(recipes, steps):
    golden = read()
    for recipe in recipes:
        with tempfile.TemporaryDirectory() as folder:
            long, short = numbers(recipe, steps, folder), numbers(recipe, SHORT, folder)
        golden["recipes"][recipe] = long | {"state_short": short["state"]}
    FILE.write_text(json.dumps(golden, indent=0) + "\n")
    return []


def read():
    return json.loads(FILE.read_text())


def main():
    os.environ.update(ENVIRONMENT)

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["record", "check", "before", "both"])
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("recipes", nargs="*", default=[])
    args = parser.parse_intermixed_args()
    names = args.recipes or sorted(read()["recipes"])
    does = {
        "record": lambda: record(args.recipes, args.steps),
        "check": lambda: differences(names, args.steps),
        "before": before,
        "both": lambda: differences(names, args.steps) + before(),
    }
    found = does[args.what]()
    print("\n".join(found) or "equal bit for bit")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())

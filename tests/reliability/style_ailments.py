"""Ailments of pictures that are trained, on purpose, and what the doctor says of them; by hand.

python tests/reliability/style_ailments.py --size 64 --steps 240 --seeds 1 2 3

From these runs the limits of doctor/rules/stylisation.py were set: between what ails and the presets. For
each run: what was said at which step, and the last look (likeness of the content, grain, change).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core import recipes  # noqa: E402
from gan_core.data import content_style  # noqa: E402
from gan_core.doctor import painting  # noqa: E402
from gan_core.doctor.doctor import Doctor  # noqa: E402
from gan_core.doctor.thresholds import EVERY  # noqa: E402
from gan_core.startup import runtime  # noqa: E402

PAIRS = ("canal_in_mosaic", "fruit_in_marble", "lake_in_hatching")
CASES = {  # name: (settings that differ from the preset, what should be said at last)
    "preset": ({}, "healthy"),
    "from noise": ({"start_from": "noise"}, "healthy"),
    "content lost": ({"start_from": "noise", "content_weight": 0.0}, "content_lost"),
    "grainy": ({"tv_weight": 0.0, "picture_lr": 0.2}, "grainy"),
    "held by its content": ({"content_weight": 50.0, "picture_lr": 3e-4}, "stalled"),
    "tiny steps": ({"picture_lr": 1e-5}, "stalled"),
}


class Session:
    """What a look needs of an open training."""

    def __init__(self, config, dataset):
        self.dataset = dataset
        self.algorithm = (
            recipes.get(config.recipe).build(config, dataset.spec).algorithm(config, dataset)
        )


def watched(pair: str, settings: dict, size: int, steps: int) -> tuple[list, dict]:
    """What the doctor said of a training, [(step, verdict)], and its last look."""
    config = recipes.config("style_patches", pair, picture_size=size, **settings)
    dataset = content_style.fitted(pair, *content_style.load(pair), size)
    session = Session(config, dataset)
    doctor = Doctor("", session.algorithm.metric_names, rules="stylisation")
    look, said, values = painting.Look(session), [], {}
    for step in range(1, steps + 1):
        row = np.asarray(session.algorithm.train_step(), np.float32)
        if step % EVERY == 0:
            values = look()
            doctor.see_probe({"step": step, "count": 1, "values": values})
        verdict = doctor.see(step, row)
        said += [(verdict.step, verdict.name)] if verdict else []
    return said, values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--pairs", nargs="+", default=PAIRS)
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=list(CASES))
    args = parser.parse_args()
    runtime.start()
    for case in args.cases:
        settings, wanted = CASES[case]
        for pair in args.pairs:
            for seed in args.seeds:
                said, values = watched(pair, settings | {"seed": seed}, args.size, args.steps)
                right = bool(said) and said[-1][1] == wanted
                look = ", ".join(f"{name} {value:.3g}" for name, value in values.items())
                print(
                    f"{'  ' if right else '! '}{case}, {pair}, seed {seed}: {said}; {look}",
                    flush=True,
                )


if __name__ == "__main__":
    main()

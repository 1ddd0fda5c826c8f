"""Does augmentation help small sets? The same recipe with and without, on the same few images.

    python tests/benchmark/small_sets.py --dataset pixel_faces --take 200 --steps 1500
    python tests/benchmark/small_sets.py --dataset facades64 --recipe fast_dcgan --steps 1500
    python tests/benchmark/small_sets.py --settings none,auto,auto:lr_half_steps=1000

Of the training images the first `--take` are kept (0: all), as many of each class. Prints for each seed
and setting at every `--marks`th step: the Fréchet distance of `--count` fakes to all images that were
not trained on, the others of the set and the held-out ones, in the features of the whole set's judge;
how surely D tells training images from held-out ones (AUC, 0.5 where it cannot)
and the way from training images to fakes at which the held-out ones lie; the chance p; CPU seconds of
training. `overfits` is the first mark at which both are beyond the doctor's limits. Ends with medians of
the last mark and their ratio. First of all it says how far the few images themselves are from the others.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402  (the path above must come first)

from gan_core import data, recipes  # noqa: E402
from gan_core.bench.contenders import split  # noqa: E402
from gan_core.data.base import Dataset  # noqa: E402
from gan_core.doctor.thresholds import TABLE  # noqa: E402
from gan_core.evaluation.features import cache_folder, open_judge  # noqa: E402
from gan_core.evaluation.frechet import Moments, frechet_distance, moments  # noqa: E402
from gan_core.evaluation.gap import GapProbe  # noqa: E402
from gan_core.evaluation.judge import look  # noqa: E402
from gan_core.storage import images  # noqa: E402
from gan_core.tasks.synthesis import inputs_of  # noqa: E402
from gan_core.training.session import build_algorithm  # noqa: E402

PART = 500  # images that are drawn at a time


def taken(dataset: Dataset, count: int) -> tuple[Dataset, np.ndarray]:
    """The same data with only so many training images, as many of each class; and all the others."""
    train = dataset.splits["train"]
    labels = train.get("label", np.zeros(len(train["image"]), int))
    each = count // len(np.unique(labels)) if count else len(labels)
    rows = np.concatenate([np.flatnonzero(labels == k)[:each] for k in np.unique(labels)])
    kept = {name: array[rows] for name, array in train.items()}
    spec = dataclasses.replace(dataset.spec, num_train=len(rows))
    others = np.concatenate([np.delete(train["image"], rows, axis=0), dataset.held_out])
    return Dataset(spec, {**dataset.splits, "train": kept}), others


class Trial:
    """One training, and what is measured of it.

    Args:
        others: moments of images that are not trained on.
        count: fakes that are measured.
    """

    def __init__(self, config, dataset: Dataset, judge, others: Moments, count: int):
        self.algorithm, self.judge = build_algorithm(config, dataset), judge
        self.given = inputs_of(config, dataset.spec, self.algorithm.networks["generator"])
        self.real, self.count = others, count
        labels = dataset.splits["held_out"].get("label")
        self.shares = None if labels is None else np.bincount(labels) / len(labels)
        self.gap = GapProbe(self.algorithm.networks["discriminator"], dataset)
        self.seconds = 0.0

    def train(self, steps: int) -> dict[str, float]:
        """So many steps further; what the last one measured."""
        started = time.process_time()
        for _ in range(steps):
            values = self.algorithm.train_step()
        self.seconds += time.process_time() - started
        return dict(zip(self.algorithm.metric_names, values.numpy().tolist(), strict=True))

    def row(self, told: dict[str, float]) -> dict[str, float]:
        """Distance, gap of D, chance and CPU seconds."""
        z, _, rows = self.given.draw(self.count, seed=1, shares=self.shares)
        rows = rows if self.given.num_classes else None
        parts = range(0, self.count, PART)
        fakes = np.concatenate(
            [
                self.algorithm.sample(z[i : i + PART], None if rows is None else rows[i : i + PART])
                for i in parts
            ]
        )
        features = look(self.judge, images.to_uint8(fakes))[0]
        some = None if rows is None else rows[:256]
        gap = self.gap.gap(self.gap.scores(fakes[:256], some))
        return {
            "step": self.algorithm.counters()["step"],
            "distance": frechet_distance(self.real, moments(features)),
            "auc": gap.auc,
            "share": gap.share,
            "p": told.get("augment_p", 0.0),
            "cpu_s": self.seconds,
        }


def followed(name: str, trial: Trial, steps: int, marks: int) -> float:
    """Train to the end and print a line a mark; the last distance."""
    ill = None
    for _ in range(steps // marks):
        row = trial.row(trial.train(marks))
        over = all(row[n] > TABLE[f"d_overfits/{n}"].value for n in ("auc", "share"))
        ill = ill or (row["step"] if over else None)
        print(f"{name}  " + "  ".join(f"{n} {v:.4g}" for n, v in row.items()), flush=True)
    print(f"{name}  overfits {ill or 'never'}", flush=True)
    return row["distance"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--dataset", default="pixel_faces")
    parser.add_argument("--recipe", default="fast_gan")
    parser.add_argument("--take", type=int, default=200, help="training images; 0: all")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument(
        "--settings", default="none,auto", help="of `augment`, and others behind it"
    )
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--marks", type=int, default=300, help="steps between two measurements")
    parser.add_argument("--count", type=int, default=4000, help="fakes that are measured")
    parser.add_argument("--data-dir", type=Path, default=data.default_data_dir())
    args = parser.parse_args()
    whole = data.load(args.dataset, args.data_dir)
    judge = open_judge(whole, cache_folder(args.data_dir))
    (few, others), last = taken(whole, args.take), {}
    unseen, seen = (moments(look(judge, some)[0]) for some in (others, few.train))
    print(f"{len(few.train)} images themselves: {frechet_distance(unseen, seen):.4g}", flush=True)
    for setting in args.settings.split(","):
        for seed in args.seeds.split(","):
            augment, own = split(setting)
            config = recipes.config(
                args.recipe, args.dataset, few.spec, augment=augment, seed=int(seed), **own
            )
            trial = Trial(config, few, judge, unseen, args.count)
            distance = followed(f"{setting}, seed {seed}", trial, args.steps, args.marks)
            last.setdefault(setting, []).append(distance)
    middle = {setting: statistics.median(found) for setting, found in last.items()}
    print("medians: " + ", ".join(f"{s} {d:.4g}" for s, d in middle.items()))
    first, *_, best = middle.values()
    print(f"ratio of the last to the first: {best / first:.3f}")


if __name__ == "__main__":
    main()

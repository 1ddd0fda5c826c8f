"""Makes assets/judges/: the bundled judges for digits and fashion, each with its card.

Run once by a maintainer; takes a few minutes and downloads the two data sets if they are not there:

    python tools/train_judges.py [--data-dir DIR]
"""

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gan_core import __version__, data  # noqa: E402
from gan_core.evaluation import judge as judges  # noqa: E402
from gan_core.evaluation.train_judge import SETTINGS, train_judge  # noqa: E402
from gan_core.storage import files  # noqa: E402

SEED = 0
OUT = ROOT / "assets" / "judges"
SOURCES = {"digits": "mnist", "fashion": "fashion_mnist"}


def main() -> None:
    """Trains, measures and writes both judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", default=data.default_data_dir())
    folder = Path(parser.parse_args().data_dir)
    OUT.mkdir(exist_ok=True)
    for name, source in SOURCES.items():
        make(name, data.load(source, folder), data.load("mnist_5k", folder))


def make(name: str, dataset: data.Dataset, small: data.Dataset) -> None:
    """One judge and its card."""
    keep = np.ones(len(dataset.train), bool)
    if name == "digits":
        keep = ~is_in(dataset.train, small.held_out)
    images, labels = dataset.train[keep], dataset.train_labels[keep]
    judge = train_judge(
        images,
        labels,
        dataset.held_out,
        dataset.held_out_labels,
        num_classes=dataset.spec.num_classes,
        seed=SEED,
    )
    path = OUT / f"{name}.npz"
    judges.save(path, judge)
    card = describe(path, judge, dataset, int((~keep).sum()))
    if name == "digits":
        card["accuracy_mnist_5k_held_out"] = judges.accuracy(
            judge, small.held_out, small.held_out_labels
        )
    files.write_json(OUT / f"{name}.json", card)
    print(f"{name}: {path.stat().st_size} bytes, accuracy {judge.accuracy}", card["sha256"])


def is_in(images: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Which images [N] are among the others; levels 0 and 1 count as equal.

    Copies of MNIST differ in whether the faintest grey is kept.
    """

    def digest(image):
        return hashlib.sha256(np.where(image == 1, 0, image).astype(np.uint8).tobytes()).digest()

    known = {digest(image) for image in others}
    return np.array([digest(image) in known for image in images])


def describe(path: Path, judge, dataset: data.Dataset, num_left_out: int) -> dict:
    """The card of a judge."""
    spec = dataset.spec
    return {
        "what": "judge (classifier) whose 128 last hidden activations are the features of "
        "fd_judge, kd_judge, precision, recall, density and coverage",
        "data": f"{spec.title}, training split, {spec.num_train - num_left_out} images"
        + (
            f"; the {num_left_out} images that mnist_5k holds out are left out"
            if num_left_out
            else ""
        ),
        "data_licence": spec.licence,
        "data_origin": spec.origin,
        "licence": "MIT (the weights)",
        "network": "conv3x3 32, pool, conv3x3 64, pool, FC 128, FC 10; ReLU; float16 weights",
        "settings": SETTINGS,
        "seed": SEED,
        "command": "python tools/train_judges.py",
        "version": __version__,
        "classes": list(spec.class_names),
        "accuracy_test": judge.accuracy,
        "num_test": spec.num_held_out,
        "hash": judge.hash,
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


if __name__ == "__main__":
    main()

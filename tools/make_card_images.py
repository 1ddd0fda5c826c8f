"""Make the pictures of cards and of the first page from real runs and real data.

    python -m tools.make_card_images RUNS_DIR [DATA_DIR]

Needs a run of each recipe on mnist_5k (toy_mlp: on ring; else MNIST or Fashion-MNIST) in RUNS_DIR;
what is missing is left as it is. The four moments of the first page come from the newest run of fast_gan.
"""

import sys
from pathlib import Path

import numpy as np

from gan_core import data, recipes
from gan_core.data import pictures
from gan_core.errors import DataError
from gan_core.runs.store import RunStore
from gan_core.storage import images

SAMPLES = Path(__file__).resolve().parent.parent / "assets" / "samples"
MOMENTS = (0, 120, 520, 2340)  # steps; train with --sample-every 20 to have them exactly
TILES = (7, 16, 23)  # of the grid: classes 7, 6 and 3 where columns are classes
LARGE = ("mnist", "fashion_mnist")  # where the large tutorials were trained
WELL = (56, 168)  # height and width of a card's well, in pixels


def newest(store: RunStore, recipe: str):
    """The newest run of a recipe that has samples, on mnist_5k if there is one; None without any."""
    first = "ring" if recipes.get(recipe).needs == "points" else "mnist_5k"
    found = [s for s in store.summaries() if s.recipe == recipe and s.dataset in (first, *LARGE)]
    for summary in sorted(found, key=lambda s: s.dataset != first):
        run = store.get(summary.id)
        if run.sample_steps():
            return run
    return None


def save(name: str, pixels: np.ndarray) -> None:
    """uint8 [H, W, C] as a small PNG."""
    path = SAMPLES / f"{name}.png"
    path.write_bytes(images.png(pixels))
    print(f"{path.name}: {path.stat().st_size} bytes")


def points_picture(pixels: np.ndarray) -> np.ndarray:
    """A square plot, halved to the well's height by the brightest pixel, on a well of black."""
    factor = pixels.shape[0] // WELL[0]
    small = pixels.reshape(WELL[0], factor, WELL[0], factor, 1).max(axis=(1, 3))
    well = np.zeros((*WELL, 1), np.uint8)
    left = (WELL[1] - WELL[0]) // 2
    well[:, left : left + WELL[0]] = small
    return well


def recipe_picture(run) -> np.ndarray:
    """Three fakes of the newest grid, side by side."""
    pixels = images.from_png(run.sample_png(run.sample_steps()[-1]))
    if run.config["dataset"] == "ring":
        return points_picture(pixels)
    return images.grid(images.split_grid(pixels, 28, 28)[list(TILES)], 3)


def film(run) -> None:
    """25 fakes at four moments of one run: classes 0 to 4, five z each."""
    steps = run.sample_steps()
    for wanted in MOMENTS:
        step = min(steps, key=lambda s: abs(s - wanted))
        print(f"film, wanted {wanted}: step {step}")
        save(f"film_{wanted}", images.from_png(run.sample_png(step))[: 5 * 28, : 5 * 28])


def data_pictures(data_dir: Path) -> None:
    """The first images of every set that is there; the sets of digits look alike."""
    for spec in data.specs(data_dir):
        try:
            if not spec.available and spec.name != "mnist":
                continue
            dataset = data.load("mnist_5k" if spec.name == "mnist" else spec.name, data_dir)
        except DataError as error:
            print(error)
            continue
        if spec.kind == "points":
            save(spec.name, points_picture(images.plot_points(dataset.train)))
        elif spec.kind in ("pairs", "sides"):
            save(spec.name, images.from_png(two_sets(dataset)))
        elif spec.source != "file":
            shown = dataset.train[first_rows(dataset.train_labels, spec.num_classes)]
            save(spec.name, images.grid(in_the_well(shown), pictures.TILES))


def first_rows(labels: np.ndarray | None, num_classes: int) -> list[int]:
    """Rows of the first images of each class in turn; without classes the first rows."""
    order = (5, 0, 4, 1, 9, 2, 3, 6) if num_classes > 5 else (1, 2, 3, 0)
    if labels is None:
        return list(range(pictures.TILES))
    places = [divmod(i, len(order)) for i in range(pictures.TILES)]
    return [int(np.flatnonzero(labels == order[k])[turn]) for turn, k in places]


def in_the_well(shown: np.ndarray) -> np.ndarray:
    """The middle 28 x 28 of what is a little larger, since the well shows whole multiples of that."""
    rest = (shown.shape[1] - WELL[0] // 2) // 2
    return shown[:, rest:-rest, rest:-rest] if 0 < rest < 4 else shown


def two_sets(dataset) -> bytes:
    """PNG of pairs beside each other, or of side a above side b; of several classes where it can."""
    train = dataset.splits["train"]
    first, second = ("input", "target") if dataset.spec.kind == "pairs" else ("a", "b")
    shown = []
    for name in (first, second):
        labels = train.get("label", train.get(f"{name}_label"))
        rows = [
            np.flatnonzero(labels == k % dataset.spec.num_classes) for k in range(pictures.SMALL)
        ]
        shown.append(in_the_well(train[name][[found[k] for k, found in enumerate(rows)]]))
    return pictures.of(shown, dataset.spec.kind)


def main() -> None:
    store = RunStore(Path(sys.argv[1]))
    SAMPLES.mkdir(exist_ok=True)
    data_pictures(Path(sys.argv[2]) if len(sys.argv) > 2 else data.default_data_dir())
    for recipe in recipes.names():
        if run := newest(store, recipe):
            save(recipe, recipe_picture(run))
        else:
            print(f"{recipe}: no run")
    if run := newest(store, recipes.DEFAULT):
        film(run)


if __name__ == "__main__":
    main()

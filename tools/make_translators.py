"""Makes assets/translators/: the translators that come with the app, trained here with fixed seeds.

Run by a maintainer; takes some minutes:

    python tools/make_translators.py [NAME ...] [--runs-dir DIR]

A translator is `<name>.npz`, its averaged networks and its discriminators by name as float16, and
`<name>.json`, its card (gan_core/explore/translator_sources.py). What is measured is the file that is
written: it is read back, and its outputs of the held-out images are measured as `evaluate` does.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from gan_core import __version__, data  # noqa: E402
from gan_core.config import TrainConfig  # noqa: E402
from gan_core.evaluation import translated  # noqa: E402
from gan_core.explore.translator_sources import BUNDLED, FORMAT, BundledTranslator  # noqa: E402
from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.saved.weights import read_weights_meta  # noqa: E402
from gan_core.storage import files, npz  # noqa: E402
from gan_core.tasks import stored, translation  # noqa: E402

MOST = 2_000_000  # bytes of all together
MADE = {
    "edges_to_digits": {
        "order": 1,
        "title": "Edges to digits (comes with the app)",
        "recipe": "fast_pix2pix",
        "settings": {"seed": 1, "num_steps": 1500},
    },
    "digits_and_paper": {
        "order": 2,
        "title": "Digits and paper, both ways (comes with the app)",
        "recipe": "fast_cyclegan",
        "settings": {"seed": 1, "num_steps": 1000},
    },
}


def main() -> None:
    """Trains those that are named, all without a name, and writes them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MADE))
    parser.add_argument("--runs-dir", help="keep the runs there; default: nowhere")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(args.runs_dir or folder, Path(folder) / "data")
        for name in args.names or MADE:
            make(name, lab)
    size = sum(path.stat().st_size for path in BUNDLED.iterdir())
    if size > MOST:
        sys.exit(f"{BUNDLED} has {size:,} bytes. Allowed: {MOST:,}.")


def make(name: str, lab: Lab, folder: Path = BUNDLED) -> dict:
    """Train one, write `<name>.npz` and `<name>.json`; returns the card."""
    plan = MADE[name]
    run = lab.create(lab.make_config(plan["recipe"], name, **plan["settings"]), who="maintainer")
    lab.make_job(run.id, who="maintainer").run()
    config, step = TrainConfig.from_dict(run.config), stored.wanted_step(run, None)
    path = folder / f"{name}.npz"
    folder.mkdir(parents=True, exist_ok=True)
    with files.atomic_file(path) as file:
        npz.write_npz(file, arrays_of(run, config, step))
    card = describe(plan, run, config, step, lab)
    card |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    write(path, card)
    card |= quality(f"translator-{name}", config, lab, folder)
    write(path, card)
    print(f"{path}: {card['bytes']:,} bytes, {card['quality']}")
    return card


def write(path: Path, card: dict) -> None:
    """The card beside its weights."""
    text = json.dumps(card, indent=1, ensure_ascii=False)
    path.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")


def arrays_of(run, config: TrainConfig, step: int) -> dict[str, np.ndarray]:
    """The averaged translators and the discriminators as they learned, float16."""
    ways = translation.ways_of(config)
    critics = [f"d_{way}" for way in ways] if len(ways) > 1 else ["discriminator"]
    found = {}
    for name in ways.values():
        found |= stored.network_arrays(run, step, name)
    for name in critics:
        found |= stored.network_arrays(run, step, name, raw=True)
    return {name: array.astype(np.float16) for name, array in found.items()}


def describe(plan: dict, run, config: TrainConfig, step: int, lab: Lab) -> dict:
    """Where it is from: recipe, data, licence, seed, command."""
    spec = data.spec(config.dataset, lab.data_dir)
    settings = plan["settings"]
    return {
        "format": FORMAT,
        "order": plan["order"],
        "title": plan["title"],
        "recipe": config.recipe,
        "dataset": config.dataset,
        "data": f"{spec.title}, {spec.num_train:,} training images",
        "data_licence": spec.licence,
        "data_origin": spec.origin,
        "licence": "MIT (the weights)",
        "num_train": spec.num_train,
        "image_shape": list(spec.image_shape),
        "target_shape": list(spec.target_shape),
        "step": step,
        "images_seen": int(read_weights_meta(run.path, step)["images_seen"]),
        "seconds": round(run.status().wall_time, 1),
        "seed": settings["seed"],
        "settings": config.model_dump(),
        "command": (
            f"python -m gan_core train --recipe {config.recipe} --dataset {config.dataset} "
            f"--steps {settings['num_steps']} --seed {settings['seed']}"
        ),
        "version": __version__,
        "versions": {n: v for n, v in run.versions.items() if n in ("keras", "numpy", "python")},
    }


def quality(name: str, config: TrainConfig, lab: Lab, folder: Path) -> dict:
    """Measures of the written file on held-out images, and which judge looked."""
    source = BundledTranslator(name, lab.data_dir, folder)
    dataset = data.load(config.dataset, lab.data_dir)
    reference = translated.open_reference(dataset, lab.data_dir / "cache", source.ways)
    found = translated.measure(source.open().images, reference)
    return {
        "quality": {n: round(float(v), 4) for n, v in found.values.items() if np.isfinite(v)},
        "judge": found.extractor,
        "count": found.count,
    }


if __name__ == "__main__":
    main()

"""Makes assets/generators/: the generators that come with the app, each with card and discriminator.

Run once by a maintainer, with a run to take from and the data it learned from:

    python -m gan_core train --recipe fast_gan --dataset mnist_5k --seed 1
    python tools/make_generators.py digits RUN [--step N] [--runs-dir DIR] [--data-dir DIR]

What is measured is the file that is written: it is read back, and 5,000 of its fakes are looked at
by the judge, as `evaluate` does. The discriminator is that of the same checkpoint; what it thinks of
200 held-out images and as many fakes goes into its file, so that no data are needed later.
"""

import argparse
import hashlib
import json
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from gan_core import __version__, data  # noqa: E402
from gan_core.config import SETTINGS, TrainConfig  # noqa: E402
from gan_core.evaluation import run_evals  # noqa: E402
from gan_core.evaluation.measure import measure  # noqa: E402
from gan_core.explore import opinion  # noqa: E402
from gan_core.explore.foreign import build  # noqa: E402
from gan_core.explore.library import BUNDLED, FORMAT, MAX_BUNDLED  # noqa: E402
from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.saved import checkpoints  # noqa: E402
from gan_core.runs.saved.weights import read_weights_meta  # noqa: E402
from gan_core.storage import files, npz  # noqa: E402
from gan_core.tasks import latent  # noqa: E402

COUNT, SEED = 5000, 0
TITLES = {"digits": "Digits (comes with the app)", "fashion": "Fashion (comes with the app)"}


def main() -> None:
    """Takes the averaged generator of a run and writes the asset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="digits, fashion, ...")
    parser.add_argument("run", help="a run id")
    parser.add_argument("--step", type=int, help="default: the newest")
    parser.add_argument("--runs-dir")
    parser.add_argument("--data-dir")
    args = parser.parse_args()
    make(args.name, Lab(args.runs_dir, args.data_dir), args.run, args.step)


def make(name: str, lab: Lab, run_id: str, step: int | None, folder: Path = BUNDLED) -> dict:
    """Write `<name>.npz` and `<name>.json`; returns the card."""
    run, generator = lab.store.get(run_id), lab.open_generator(run_id, step)
    plan, arrays = build.plan_of(generator)
    for layer in plan["layers"]:
        layer.pop("store", None)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.npz"
    with files.atomic_file(path) as file:
        npz.write_npz(file, arrays)
    if path.stat().st_size > MAX_BUNDLED:
        sys.exit(f"{path} has {path.stat().st_size:,} bytes. Allowed: {MAX_BUNDLED:,}.")
    card = describe(name, run, generator, lab) | {"plan": plan}
    card |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    made = build.build(
        plan,
        npz.read_npz(path),
        run_id=name,
        step=generator.step,
        prior=generator.prior,
        class_names=tuple(card["class_names"]),
    )
    card |= quality(made, run, lab)
    card["critic_sha256"] = write_critic(path.with_suffix(".critic.npz"), run, card, made, lab)
    (folder / f"{name}.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    print(f"{path}: {card['bytes']:,} bytes, {card['quality']}")
    return card


def write_critic(path: Path, run, card: dict, generator, lab: Lab) -> str:
    """The discriminator of the generator's own checkpoint with reference scores; returns SHA-256."""
    arrays, _ = checkpoints.load_checkpoint(run.path, generator.step)  # fails without a full one
    own = {n: a for n, a in arrays.items() if n.startswith("discriminator/")}
    none = np.zeros(0, np.float32)
    bare = opinion.bundled_critic(
        card, own | {"real_scores": none, "fake_scores": none}, lab.data_dir
    )
    dataset = data.load(card["dataset"], lab.data_dir)
    real, fake = opinion.references(bare, dataset, generator)
    with files.atomic_file(path) as file:
        npz.write_npz(file, own | {"real_scores": real, "fake_scores": fake})
    return hashlib.sha256(path.read_bytes()).hexdigest()


def describe(name: str, run, generator, lab: Lab) -> dict:
    """Where it is from: recipe, data, licence, seed, command."""
    config = TrainConfig.from_dict(run.config)
    spec = data.spec(config.dataset, lab.data_dir)
    seen = int(read_weights_meta(run.path, generator.step)["images_seen"])
    return {
        "format": FORMAT,
        "title": TITLES.get(name, name),
        "recipe": config.recipe,
        "dataset": spec.name,
        "data": f"{spec.title}, {spec.num_train:,} training images",
        "data_licence": spec.licence,
        "data_origin": spec.origin,
        "licence": "MIT (the weights)",
        "num_train": spec.num_train,
        "image_shape": list(spec.image_shape),
        "class_names": list(generator.class_names),
        "prior": generator.prior,
        "step": generator.step,
        "images_seen": seen,
        "seed": config.seed,
        "settings": config.model_dump(),
        "command": command(config, generator.step),
        "version": __version__,
        "versions": {n: v for n, v in run.versions.items() if n in ("keras", "numpy", "python")},
    }


def command(config: TrainConfig, step: int) -> str:
    """The command line that trains this generator again."""
    from gan_core import recipes

    usual = recipes.config(config.recipe, config.dataset)
    flags = [f"--recipe {config.recipe} --dataset {config.dataset} --steps {step}"]
    flags.append(f"--seed {config.seed}")
    for field, (_, value) in usual.differences(config).items():
        if not SETTINGS[field].apart:
            flags.append(f"--set {shlex.quote(f'{field}={value}')}")
    return f"python -m gan_core train {' '.join(flags)}"


def quality(generator, run, lab: Lab) -> dict:
    """Measures of the written file, and by which judge."""
    reference = run_evals.run_reference(run, lab.data_dir, count=COUNT)
    labels = run_evals.asked_labels(COUNT, reference.label_shares)
    rows = latent.one_hot(labels, generator.num_classes) if generator.num_classes else None
    z = latent.sample(COUNT, generator.latent_dim, seed=SEED, prior=generator.prior)
    found = measure(generator.images(z, rows), labels if generator.num_classes else None, reference)
    return {
        "quality": {n: round(float(v), 4) for n, v in found.values.items() if "/" not in n},
        "judge": found.extractor,
        "count": COUNT,
        "real_images": run_evals.frechet_of(reference.floor),
    }


if __name__ == "__main__":
    main()

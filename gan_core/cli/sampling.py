"""`sample`: images of a trained generator as an array file or a picture."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from gan_core.cli.common import command, lab_of, note
from gan_core.errors import ConfigError
from gan_core.export import samples, usage
from gan_core.storage import files, images, outputs
from gan_core.tasks import latent

MAX_PICTURE = 10_000  # images in one PNG or zip
MAX_COUNT = 1_000_000  # images in an array file
OF_FILES = ("z", "classes", "prior", "class_size")  # flags that a run needs none of


def add(commands) -> None:
    """Declare the command."""
    sample = command(
        commands, "sample", _sample, "Draw images from a run's generator, or one in a file."
    )
    sample.add_argument(
        "source",
        metavar="RUN|FILE",
        help="a run id, see `runs`; or a .keras, .h5 or zip file, or a TensorFlow.js model.json",
    )
    sample.add_argument("--step", type=int, help="a step with weights (default: the newest)")
    sample.add_argument(
        "--count", "--num", type=int, help="how many images (default: 100, or the rows of z)"
    )
    sample.add_argument(
        "--class", dest="label", metavar="K", help="only this class: its label or its name"
    )
    sample.add_argument("--seed", type=int, default=0, help="of z (default: 0)")
    sample.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help=".npz (images uint8 [N, H, W, C], labels, z), .zip (one PNG an image) or .png (a grid)",
    )
    of_file = sample.add_argument_group("of a file")
    of_file.add_argument("--z", metavar="Z.npy", help="what goes in [N, Z], instead of a seed")
    of_file.add_argument(
        "--classes", metavar="C.npy", help="class numbers [N], or weights of classes [N, K]"
    )
    of_file.add_argument(
        "--prior",
        choices=latent.PRIORS,
        help="what z was drawn from (default: normal; uniform for TensorFlow.js)",
    )
    of_file.add_argument(
        "--class-size",
        type=int,
        metavar="K",
        help="the last K numbers that go in are a class (one-hot); 0: all are noise",
    )


def _sample(args) -> None:
    out = outputs.check_file(args.out, (".npz", ".zip", ".png"))
    suffix = out.suffix.lower()
    if args.seed < 0:
        raise ConfigError(f"`--seed` must be at least 0. Received: {args.seed}.")
    if args.z is not None and args.count is not None:
        raise ConfigError("`--z` says how many images there are: leave `--count`.")
    args.count = 100 if args.count is None else args.count
    _check_count(args.count, suffix)
    generator, fakes, labels, z, rows = _drawn(args)
    _check_count(len(fakes), suffix)
    words = usage.text(usage.of_generator(generator), suffix, out.name)
    if suffix == ".png":
        files.write_atomic(out, images.png(_picture(fakes)))
    elif suffix == ".npz" and _of_file(args):
        files.write_atomic(out, _arrays(fakes, labels, z, rows))
    else:
        files.write_atomic(out, samples.packed(fakes, labels, z, suffix, words=words))
    if suffix == ".npz":
        usage.write_beside(out, words)
    at = "" if _of_file(args) else f" at step {generator.step}"
    note(f"{len(fakes)} images of {generator.run_id}{at}")
    print(out)


def _label(generator, text: str) -> int:
    """The label of a class that is asked for by its name or by its label."""
    own = generator.labels or tuple(range(generator.num_classes))
    if text in generator.class_names:
        return own[generator.class_names.index(text)]
    try:
        return int(text)
    except ValueError:
        names = ", ".join(generator.class_names) or "none"
        raise ConfigError(f"`--class` is no class. Received: `{text}`. Allowed: {names}.") from None


def _check_count(count: int, suffix: str) -> None:
    most = MAX_COUNT if suffix == ".npz" else MAX_PICTURE
    if not 1 <= count <= most:
        raise ConfigError(
            f"`--count` must be at least 1, and at most {most} for a file {suffix}. "
            f"Received: {count}."
        )


def _of_file(args) -> bool:
    from gan_core.cli import sampling_file

    return sampling_file.is_file(args.source)


def _drawn(args):
    """(generator, images, labels, z, class rows or None) of a file or a run."""
    if _of_file(args):
        from gan_core.cli import sampling_file

        return sampling_file.draw(args)
    for name in OF_FILES:
        if getattr(args, name) is not None:
            flag = f"--{name.replace('_', '-')}"
            raise ConfigError(f"`{flag}` is for files. `{args.source}` is taken for a run.")
    generator = lab_of(args).open_generator(args.source, args.step)
    label = None if args.label is None else _label(generator, args.label)
    return generator, *generator.sample(args.count, seed=args.seed, label=label), None


def _arrays(fakes: np.ndarray, labels: np.ndarray, z: np.ndarray, rows) -> bytes:
    """An .npz file: images uint8, values float32 in [-1, 1], labels, z, and classes [N, K]."""
    packed = io.BytesIO()
    arrays: dict[str, Any] = {"images": images.to_uint8(fakes), "values": fakes, "labels": labels}
    arrays |= {"z": z} if rows is None else {"z": z, "classes": rows}
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


def _picture(fakes: np.ndarray) -> np.ndarray:
    if fakes.ndim == 2:
        return images.plot_points(fakes)
    columns = 10 if len(fakes) <= 200 else int(np.ceil(np.sqrt(len(fakes))))
    return images.grid(images.to_uint8(fakes), min(columns, len(fakes)))

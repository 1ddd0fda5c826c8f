"""`sample`: images of a trained generator as an array file or a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gan_core import files, images, sample_files
from gan_core.cli.common import command, lab_of, note
from gan_core.errors import ConfigError

MAX_PICTURE = 10_000  # images in one PNG or zip


def add(commands) -> None:
    """Declare the command."""
    sample = command(commands, "sample", _sample, "Draw images from a run's generator.")
    sample.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    sample.add_argument("--step", type=int, help="a step with weights (default: the newest)")
    sample.add_argument("--count", type=int, default=100, help="how many images (default: 100)")
    sample.add_argument("--class", type=int, dest="label", metavar="K", help="only this class")
    sample.add_argument("--seed", type=int, default=0, help="of z (default: 0)")
    sample.add_argument(
        "--out", required=True, metavar="FILE",
        help=".npz (images uint8 [N, H, W, C], labels, z), .zip (one PNG an image) or .png (a grid)",
    )  # fmt: skip


def _sample(args) -> None:
    out = Path(args.out)
    if out.suffix not in (".npz", ".zip", ".png"):
        raise ConfigError(f"`--out` must end in .npz, .zip or .png. Received: `{args.out}`.")
    if args.count < 1 or (out.suffix != ".npz" and args.count > MAX_PICTURE):
        raise ConfigError(
            f"`--count` must be at least 1, and at most {MAX_PICTURE} for pictures. "
            f"Received: {args.count}."
        )
    if args.seed < 0:
        raise ConfigError(f"`--seed` must be at least 0. Received: {args.seed}.")
    generator = lab_of(args).open_generator(args.run_id, args.step)
    fakes, labels, z = generator.sample(args.count, seed=args.seed, label=args.label)
    if out.suffix == ".png":
        files.write_atomic(out, images.png(_picture(fakes)))
    else:
        files.write_atomic(out, sample_files.packed(fakes, labels, z, out.suffix))
    note(f"{args.count} images of {generator.run_id} at step {generator.step}")
    print(out)


def _picture(fakes: np.ndarray) -> np.ndarray:
    if fakes.ndim == 2:
        return images.plot_points(fakes)
    columns = 10 if len(fakes) <= 200 else int(np.ceil(np.sqrt(len(fakes))))
    return images.grid(images.to_uint8(fakes), min(columns, len(fakes)))

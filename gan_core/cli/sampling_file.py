"""`sample FILE`: images of somebody else's generator, with z and classes of one's own."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from gan_core.cli.common import note
from gan_core.errors import ConfigError
from gan_core.explore.foreign import importing, joined, roles
from gan_core.explore.foreign.damage import DAMAGE
from gan_core.tasks import latent

MAX_FILES = 65  # of one folder with `model.json`
MAX_BYTES = 500_000_000  # of one file


def is_file(source: str) -> bool:
    """Whether the word names a file, a folder with `model.json`, or an address, not a run."""
    path = Path(source)
    known = path.suffix.lower().lstrip(".") in importing.SUFFIXES
    return known or path.is_file() or (path / "model.json").is_file() or _is_url(source)


def _is_url(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def read_source(source: str) -> importing.Found:
    """What the file, folder or address holds; ConfigError where it cannot be read."""
    if _is_url(source):
        return importing.from_url(source)
    path = Path(source)
    if path.is_dir():
        path = path / "model.json"
    beside = path.suffix == ".json" and path.is_file()
    shards = sorted(path.parent.glob("*.bin"))[:MAX_FILES] if beside else []
    return importing.from_files({p.name: _bytes(p, "the generator") for p in (path, *shards)})


def _bytes(path: Path, what: str) -> bytes:
    try:
        if not path.is_file():
            raise ConfigError(f"There is no file `{path}` ({what}).")
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"`{path}` ({what}) has over the {MAX_BYTES:,} bytes that are read.")
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"`{path}` cannot be read: {error.strerror or error}.") from error


def draw(args):
    """(generator, images, labels, z, class rows or None) that the flags ask for.

    Raises:
        ConfigError: the file, z or classes cannot be used, or a question is not answered.
    """
    from gan_core.explore.foreign.build import build

    if args.step is not None:
        raise ConfigError("`--step` is for runs; a file has one generator.")
    read = read_source(args.source)
    z = None if args.z is None else _array(args.z, "--z")
    plan = joined.split(read.plan, _class_size(args, read.plan, z))
    prior = args.prior or importing.USUAL_PRIOR[read.kind]
    generator = build(
        plan,
        read.arrays,
        run_id=Path(args.source).name,
        step=0,
        prior=prior,
        class_names=tuple(str(k) for k in range(plan["classes"])),
    )
    if z is None:
        z = latent.sample(args.count, generator.latent_dim, seed=args.seed, prior=prior)
    z, rows = _split_rows(z, plan)
    rows = _classes(args, len(z), plan["classes"]) if rows is None else rows
    labels = np.full(len(z), -1) if rows is None else _labels(rows)
    _say(args, plan, prior)
    return generator, generator.images(z, rows), labels, z, rows


def _say(args, plan: dict, prior: str) -> None:
    """What was taken for granted."""
    if args.z is None:
        note(f"z: {args.count} x {plan['z']} from the {prior} prior, seed {args.seed}")
    if plan["classes"] and args.classes is None and args.label is None and args.z is None:
        note(f"classes go round: 0 to {plan['classes'] - 1}")
    if joined.may_hold_class(plan) and args.z is None and args.class_size is None:
        note(f"all {plan['z']} numbers are noise (`--class-size K` if the last K are a class)")
    if "came_as" in plan:
        note(roles.came_as(plan))


def _class_size(args, plan: dict, z: np.ndarray | None) -> int:
    """How many of the last numbers of the input are a class: the flag, or what z leaves over."""
    if args.class_size is not None:
        return args.class_size
    asked = args.classes is not None or args.label is not None
    if not joined.may_hold_class(plan):
        return 0
    if z is not None:
        width = _width(z)
        return plan["z"] - width if asked and 0 < width < plan["z"] - 1 else 0
    guess = joined.guess(plan)
    if guess or asked:
        guess = guess or min(joined.COMMON, plan["z"] // 2 + 1)
        raise ConfigError(
            f"{plan['z']} numbers go in. Are the last of them a class? Say `--class-size {guess}` "
            f"({plan['z'] - guess} + {guess}), or `--class-size 0` if all are noise."
        )
    return 0


def _width(z: np.ndarray) -> int:
    return int(np.prod(z.shape[1:]))


def _array(path: str, flag: str) -> np.ndarray:
    """A numeric array of an .npy file, of at least one axis."""
    data = _bytes(Path(path), flag)
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except DAMAGE as error:
        raise ConfigError(f"`{flag}`: `{path}` is no .npy file of numbers.") from error
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu" or not array.ndim:
        what = getattr(array, "dtype", "several arrays, or one number")
        raise ConfigError(f"`{flag}` must be an .npy file of numbers. Received: {what}.")
    if not len(array) or not np.isfinite(array).all():
        raise ConfigError(f"`{flag}` must hold finite numbers, at least one row.")
    return array


def _split_rows(z: np.ndarray, plan: dict) -> tuple[np.ndarray, np.ndarray | None]:
    """z [N, Z], and its last numbers where they are the class of a joined input."""
    length, count = plan["z"], plan.get("joined", 0)
    z = z[None] if z.ndim == 1 else z
    width = _width(z)
    if width not in (length, length + count):
        also = f" or [N, {length + count}], its class behind it" if count else ""
        raise ConfigError(f"`--z` must have shape [N, {length}]{also}. Received: {list(z.shape)}.")
    z = z.reshape(len(z), width).astype(np.float32)
    return (z[:, :length], z[:, length:]) if width > length else (z, None)


def _classes(args, count: int, num_classes: int) -> np.ndarray | None:
    """Class rows [N, K] of the flags; without any, classes go round."""
    if not num_classes:
        if args.classes is not None or args.label is not None:
            raise ConfigError("This generator takes no classes: leave `--classes` and `--class`.")
        return None
    if args.classes is not None:
        return _rows(_array(args.classes, "--classes"), count, num_classes)
    if args.label is None:
        return latent.one_hot(np.arange(count) % num_classes, num_classes)
    if not args.label.isdecimal() or int(args.label) >= num_classes:
        raise ConfigError(f"Classes are 0 to {num_classes - 1}. Received: {args.label[:80]}.")
    return latent.one_hot(np.full(count, int(args.label)), num_classes)


def _rows(given: np.ndarray, count: int, num_classes: int) -> np.ndarray:
    """[N] or [N, 1] class numbers, or [N, K] weights, as rows [N, K]."""
    if given.shape == (count, num_classes) and num_classes > 1:
        return given.astype(np.float32)
    if given.shape not in ((count,), (count, 1)):
        raise ConfigError(
            f"`--classes` must have shape [{count}] (class numbers) or [{count}, {num_classes}] "
            f"(a weight for each class). Received: {list(given.shape)}."
        )
    numbers = given.reshape(count)
    bad = (numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= num_classes)
    if bad.any():
        raise ConfigError(f"Classes are 0 to {num_classes - 1}. Received: {numbers[bad][0]}.")
    return latent.one_hot(numbers.astype(int), num_classes)


def _labels(rows: np.ndarray) -> np.ndarray:
    """The class of each one-hot row; -1 for blends."""
    hot = (rows.max(axis=1) == 1) & ((rows != 0).sum(axis=1) == 1)
    return np.where(hot, rows.argmax(axis=1), -1)

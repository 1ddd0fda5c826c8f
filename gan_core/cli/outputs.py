"""`gif`, `history`, `export`, `tensorboard`: files made from a run for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gan_core.cli.common import command, lab_of, note, print_json
from gan_core.errors import ConfigError

MOST_MB = 100_000


def add(commands) -> None:
    """Declare the commands."""
    gif = _command(commands, "gif", _gif, "Make a film of a run's sample grids.")
    _add_out(gif, "FILE", ".gif, or .mp4 for a video")
    gif.add_argument(
        "--frames",
        type=int,
        default=60,
        metavar="N",
        help="at most, dense early and sparse late (default: 60)",
    )
    gif.add_argument(
        "--seconds",
        type=float,
        default=8.0,
        metavar="S",
        help="length without the pause at the end (default: 8)",
    )
    gif.add_argument(
        "--scale",
        type=int,
        default=2,
        metavar="N",
        help="pixels of the film for each pixel of the images (default: 2)",
    )
    gif.add_argument("--from", type=int, dest="first", metavar="STEP", help="begin at this step")
    gif.add_argument("--to", type=int, dest="last", metavar="STEP", help="end at this step")
    gif.add_argument("--no-label", action="store_true", help="do not write the step below")
    gif.add_argument(
        "--max-mb",
        type=float,
        default=20.0,
        metavar="MB",
        help="made smaller, first in scale, then in frames, until it fits (default: 20)",
    )
    history = _command(commands, "history", _history, "Draw a run's loss and accuracy curves.")
    _add_out(history, "FILE", ".png")
    export = _command(commands, "export", _export, "Write what a run trained for other programs.")
    export.add_argument(
        "--format",
        required=True,
        choices=("keras", "saved_model", "litert", "web", "tfjs"),
        help="a .keras file, a SavedModel folder, a LiteRT .tflite file, an .html page that draws, "
        "or a folder for TensorFlow.js",
    )
    export.add_argument("--step", type=int, help="a step with weights (default: the newest)")
    export.add_argument(
        "--towards",
        metavar="SIDE",
        help="of a run that translates: b or a of two sides, or target; a web page has this way alone",
    )
    _add_out(export, "PATH", "the file, or for saved_model a new folder")
    board = _command(commands, "tensorboard", _tensorboard, "Write a run's TensorBoard events.")
    _add_out(board, "DIR", "a log folder; the events go to DIR/RUN")


def _command(commands, name: str, run, help_text: str):
    parser = command(commands, name, run, help_text)
    parser.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    parser.add_argument("--json", action="store_true", help="print facts about the file as JSON")
    return parser


def _add_out(parser, metavar: str, help_text: str) -> None:
    parser.add_argument("--out", required=True, metavar=metavar, help=help_text)


def _gif(args) -> None:
    from gan_core.export import film

    run = lab_of(args).store.get(args.run_id)
    wanted = {name: getattr(args, name) for name in ("first", "last", "frames", "seconds", "scale")}
    if not 0 < args.max_mb <= MOST_MB:
        raise ConfigError(
            f"`--max-mb` must be greater than 0 and at most {MOST_MB}. Received: {args.max_mb}."
        )
    wanted |= {"label": not args.no_label, "max_bytes": round(args.max_mb * 1e6)}
    suffix = Path(args.out).suffix.lower()
    if suffix not in (".gif", ".mp4"):
        raise ConfigError(f"`--out` must end in .gif or .mp4. Received: `{args.out}`.")
    made = (film.mp4 if suffix == ".mp4" else film.gif)(run, args.out, **wanted)
    note(made.note or f"{len(made.steps)} frames, {made.bytes / 1e6:.1f} MB")
    _print(
        args,
        made.path,
        made.bytes,
        frames=len(made.steps),
        steps=made.steps,
        scale=made.scale,
        note=made.note,
    )


def _history(args) -> None:
    from gan_core.export.curves import history

    path = history(lab_of(args).store.get(args.run_id), args.out)
    _print(args, path, path.stat().st_size)


def _export(args) -> None:
    from gan_core.export import models as export

    lab = lab_of(args)
    export.check(args.format, args.out)  # before TensorFlow is imported, which takes seconds
    trained = _opened(lab, args)
    about = lab.about(trained) if args.format == "web" else None
    if args.format == "web":
        trained = _for_page(trained, args.towards)
    made = export.export(trained, args.format, args.out, about)
    note(f"the {trained.what} of {trained.run_id} at step {trained.step}")
    _print(
        args,
        made.path,
        made.bytes,
        format=made.format,
        run=trained.run_id,
        step=trained.step,
    )


def _for_page(trained, towards: str | None):
    """What the page will hold; says how large it will be where that is more than one sends."""
    from gan_core.export.web import size

    models = getattr(trained, "models", {})
    if models and towards is not None:
        trained = trained.alone(towards)
        models = trained.models
    found = list(models.values()) or [trained.model]
    expected = size.expected(sum(model.count_params() for model in found if model is not None))
    if expected > size.MOST:
        one = " `--towards` writes one direction alone." if len(found) > 1 else ""
        note(f"this page will have {size.told(expected)}{one}")
    return trained


def _opened(lab, args):
    """What is to be written: a run's networks, or those of an id that came with the app or from a file."""
    from gan_core.explore import unowned

    if unowned.is_id(args.run_id):
        trained = unowned.open_network(args.run_id, lab.store.root, lab.data_dir)
        return trained if args.towards is None else trained.facing(args.towards)
    if args.towards is None:
        return lab.open(args.run_id, args.step)
    return lab.open_translator(args.run_id, args.step, args.towards)


def _tensorboard(args) -> None:
    from gan_core.export.events import write_events

    made = write_events(lab_of(args).store.get(args.run_id), args.out)
    note(f"look at it with: tensorboard --logdir {args.out}")
    _print(args, made.path, made.bytes, points=made.points, grids=made.grids)


def _print(args, path: Path, size: int, **facts: Any) -> None:
    """The path, or with --json everything known about what was written."""
    if args.json:
        print_json({"path": str(path), "bytes": size, **facts})
    else:
        print(path)

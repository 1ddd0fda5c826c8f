"""`translate`: pictures through a run that learned to translate them, or its own held-out ones."""

from __future__ import annotations

import time

from gan_core.cli.common import command, lab_of, note, print_json
from gan_core.export import translations
from gan_core.storage import outputs, picture_files

EVERY = 2.0  # seconds between two lines of progress


def add(commands) -> None:
    """Declare the command."""
    parser = command(
        commands, "translate", _translate, "Translate pictures with a run (pix2pix, CycleGAN …)."
    )
    parser.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--in",
        dest="source",
        metavar="X",
        help="a picture, a folder, a .zip, or an .npz with `images` uint8 [N, H, W, C]; of any size",
    )
    source.add_argument(
        "--held-out",
        type=int,
        metavar="N",
        help="N held-out images of its data, evenly over the classes; writes `input`, `output`, and where "
        "they are known `target` and `labels`",
    )
    parser.add_argument(
        "--towards",
        metavar="SIDE",
        help="b or a of two sides, target of pairs (default: what the run was made for first)",
    )
    parser.add_argument("--step", type=int, help="a step with weights (default: the newest)")
    parser.add_argument(
        "--out",
        required=True,
        metavar="Y",
        help="a .png of one picture; a .zip, a new folder or an .npz (`images`, `input`, `output`) of "
        "many",
    )
    parser.add_argument("--json", action="store_true", help="print facts about the result as JSON")


def _translate(args) -> None:
    if args.source is None:
        _held_out(args)
        return
    found = picture_files.pictures_in(args.source)
    out = translations.check_out(args.out, found.kind)
    translator = lab_of(args).open_translator(args.run_id, args.step, args.towards)
    results = translations.translated(
        translator, found, towards=args.towards, progress=_Progress().told
    )
    made = translations.write(out, results, _facts(translator))
    for name, why in made.skipped.items():
        note(f"left out {name}: {why}")
    note(f"{made.count} pictures {_by(translator)}")
    _print(args, translator, made.path, made.count, skipped=made.skipped)


def _held_out(args) -> None:
    out = outputs.check_file(args.out, (".npz",))
    lab = lab_of(args)
    rows = lab.held_out(args.run_id, args.held_out, args.towards)
    translator = lab.open_translator(args.run_id, args.step, args.towards)
    arrays = translations.held_out(translator, rows, args.towards)
    translations.arrays(out, arrays)
    note(f"{len(arrays['input'])} held-out images {_by(translator)}: {', '.join(arrays)}")
    shapes = {name: list(array.shape) for name, array in arrays.items()}
    _print(args, translator, out, len(arrays["input"]), arrays=shapes)


def _by(translator) -> str:
    return f"by {translator.run_id} at step {translator.step}, {translator.words}"


def _facts(translator) -> dict:
    return {
        "made_by": "GANscope",
        "run": translator.run_id,
        "step": translator.step,
        "towards": translator.towards,
    }


def _print(args, translator, path, count: int, **more) -> None:
    if args.json:
        print_json({"path": str(path), **_facts(translator), "count": count, **more})
    else:
        print(path)


class _Progress:
    """A line now and then while many pictures are translated."""

    def __init__(self):
        self._told = time.monotonic()

    def told(self, done: int, total: int) -> None:
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            note(f"{done:,} of {total:,}")

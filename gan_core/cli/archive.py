"""`pack`, `unpack` and `card`: a run as one zip and back, and what there is to say about it."""

from __future__ import annotations

from gan_core.cli.common import command, lab_of, note

WHO = "command line"


def add(commands) -> None:
    """Declare the commands."""
    pack = command(commands, "pack", _pack, "Write a run, all of it, as one zip.")
    pack.add_argument("run_id", metavar="RUN", help="a run id, see `runs`; it may be training")
    pack.add_argument("--out", required=True, metavar="FILE", help="a .zip file")
    unpack = command(commands, "unpack", _unpack, "Add a packed run under a new id and print it.")
    unpack.add_argument("file", metavar="FILE", help="a zip made by `pack`; it is checked first")
    text = "Write a model card: recipe, data and licence, commands, quality, limits."
    card = command(commands, "card", _card, text)
    card.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    card.add_argument("--out", metavar="FILE", help="a .md file (default: print it)")


def _pack(args) -> None:
    from gan_core.archive.pack import export_run

    path = export_run(lab_of(args).store.get(args.run_id), args.out)
    note(f"{path.stat().st_size / 1e6:.1f} MB")
    print(path)


def _unpack(args) -> None:
    from gan_core.archive.pack import import_run
    from gan_core.storage import outputs

    print(import_run(lab_of(args).store, outputs.check_source(args.file), WHO).id)


def _card(args) -> None:
    from gan_core.export.model_card import model_card
    from gan_core.storage import files, outputs

    lab = lab_of(args)
    path = outputs.check_file(args.out, (".md",)) if args.out else None
    text = model_card(lab.store.get(args.run_id), lab.data_dir)
    if path is None:
        print(text, end="")
        return
    files.write_atomic(path, text.encode())
    print(path)

"""`pack` and `unpack`: a run as one zip, to keep or to give away, and back."""

from __future__ import annotations

from pathlib import Path

from gan_core.cli.common import command, lab_of, note

WHO = "command line"


def add(commands) -> None:
    """Declare the commands."""
    pack = command(commands, "pack", _pack, "Write a run, all of it, as one zip.")
    pack.add_argument("run_id", metavar="RUN", help="a run id, see `runs`; it may be training")
    pack.add_argument("--out", required=True, metavar="FILE", help="a .zip file")
    unpack = command(commands, "unpack", _unpack, "Add a packed run under a new id and print it.")
    unpack.add_argument("file", metavar="FILE", help="a zip made by `pack`; it is checked first")


def _pack(args) -> None:
    from gan_core.archive import export_run

    path = export_run(lab_of(args).store.get(args.run_id), args.out)
    note(f"{path.stat().st_size / 1e6:.1f} MB")
    print(path)


def _unpack(args) -> None:
    from gan_core.archive import import_run

    print(import_run(lab_of(args).store, Path(args.file), WHO).id)

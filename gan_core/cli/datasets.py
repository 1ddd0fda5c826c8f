"""`datasets` and what is done with sets of one's own: add, show, remove, restore, rename."""

from __future__ import annotations

import argparse
import time

from gan_core.cli import datasets_add
from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table

SHOWN = 5  # runs that are told of many


def add(commands) -> None:
    """Declare the commands."""
    listing = command(commands, "datasets", _datasets, "List the data sets, with their problems.")
    listing.add_argument("--bin", action="store_true", help="those that were removed instead")
    add_json(listing)
    inside = listing.add_subparsers(dest="what", metavar="WHAT", help="do one thing with one set")
    datasets_add.add(inside, _command)
    for name, run, help_text in (
        ("show", _show, "Show all that is known of a data set."),
        ("remove", _remove, "Put a set of your own into the bin, for 30 days."),
        ("restore", _restore, "Bring a set back out of the bin."),
    ):
        parser = _command(inside, name, run, help_text)
        add_json(parser)
        parser.add_argument("name", metavar="NAME", help="see `datasets`")
    parser = _command(inside, "rename", _rename, "Give a set of your own another name.")
    add_json(parser)
    parser.add_argument("name", metavar="NAME", help="its name now")
    parser.add_argument("new", metavar="NEW", help="its name from now on")


def _command(inside, name: str, run, help_text: str) -> argparse.ArgumentParser:
    """A command below `datasets`; what is not given there was perhaps given before."""
    return command(inside, name, run, help_text, argument_default=argparse.SUPPRESS)


# ---- the list ----


def _datasets(args) -> None:
    lab = lab_of(args)
    if args.bin:
        return _binned(args, lab)
    found, unread = lab.datasets(), lab.unread()
    if args.json:
        return print_json([vars(s) for s in (*found, *unread)])
    print_table(
        [_row(s) for s in found], ("data set", "kind", "shape", "classes", "images", "state")
    )
    print(f"\nSets of your own are .npz files in {lab.data_dir}")
    print("`datasets add PATH` makes one of a folder, a zip or a file.")
    for head, told in (
        ("Look at these images first:", [(s.name, s.warning) for s in found if s.warning]),
        ("Cannot be used:", [(s.name, s.problem) for s in (*found, *unread) if s.problem]),
    ):
        if told:
            print("\n" + "\n".join([head, *(f"  {name}: {text}" for name, text in told)]))
    return None


def _row(spec) -> tuple:
    if not spec.image_shape:  # its problem hides them
        return spec.name, "-", "-", spec.num_classes or "-", "-", _state(spec)
    return spec.name, spec.kind, spec.shape, spec.num_classes or "-", _count(spec), _state(spec)


def _count(spec) -> str | int:
    return f"{spec.num_train} + {spec.num_train_b}" if spec.kind == "sides" else spec.num_train


def _state(spec) -> str:
    if spec.problem:
        return "cannot be used, see below"
    if spec.warning:
        return f"{spec.source}, see below"
    if not spec.available:
        return f"downloads {spec.download_bytes / 1e6:.0f} MB at the first use"
    return spec.source


def _binned(args, lab) -> None:
    found = lab.shelf.binned()
    if args.json:
        return print_json([vars(each) for each in found])
    rows = [(each.name, _day(each.removed_at), f"{each.num_bytes / 1e6:.1f} MB") for each in found]
    return print_table(rows, ("data set", "removed", "size"))


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


# ---- one set ----


def _show(args) -> None:
    from gan_core import data
    from gan_core.data import card

    lab = lab_of(args)
    spec = data.spec(args.name, lab.data_dir)
    found = card.read(lab.data_dir / f"{spec.name}.npz", spec.digest)
    runs = [s.id for s in lab.store.summaries() if s.dataset == spec.name]
    if args.json:
        kept = vars(found) if found else None
        return print_json({"spec": vars(spec), "card": kept, "runs": runs})
    rows = [
        ("name", spec.name), ("title", spec.title), ("kind", spec.kind), ("shape", spec.shape),
        ("to learn from", spec.amount), ("held out", _held_out(spec)),
        ("classes", ", ".join(spec.class_names[:20]) or "none"), ("licence", spec.licence),
        ("origin", spec.origin), ("sum", spec.digest or "-"), ("runs", ", ".join(runs) or "none"),
    ]  # fmt: skip
    if found:
        rows += [
            ("kept", f"{_day(found.kept_at)}, from {found.form}, by {found.version}"),
            ("made square by", found.fit if found.size else "not at all"),
            ("left out", _counts(found.left_out) or "none"),
        ]
    for name, value in rows:
        print(f"{name:<16}{value}")
    for text in filter(None, (spec.problem, spec.warning)):
        print(f"\n{text}")
    return None


def _held_out(spec) -> str:
    other = f" and {spec.num_held_out_b:,}" if spec.kind == "sides" else ""
    return f"{spec.num_held_out:,}{other}"


def _counts(left: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in left.items())


def _remove(args) -> None:
    lab = lab_of(args)
    lab.shelf.remove(args.name)
    note(f"{args.name} is in the bin for 30 days; `datasets restore {args.name}` brings it back.")
    _tell_runs(lab, args.name, "can be looked at; to train on, they need it")


def _restore(args) -> None:
    lab_of(args).shelf.restore(args.name)
    print(args.name)


def _rename(args) -> None:
    lab = lab_of(args)
    lab.shelf.rename(args.name, args.new)
    _tell_runs(lab, args.name, "go on only under that name")
    print(args.new)


def _tell_runs(lab, name: str, what: str) -> None:
    """Which runs a set that is gone by this name concerns."""
    runs = [s.id for s in lab.store.summaries() if s.dataset == name]
    if runs:
        more = f" and {len(runs) - SHOWN} more" if len(runs) > SHOWN else ""
        note(f"note: runs on `{name}` {what}: {', '.join(runs[:SHOWN])}{more}")

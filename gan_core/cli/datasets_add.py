"""`datasets add`: a folder, a zip or a file of arrays becomes a data set, after a check-up."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from gan_core.cli import datasets_expect, streams
from gan_core.cli.common import add_json, lab_of, note, print_json
from gan_core.errors import ConfigError, DataError

SHOWN = 5  # names that are told of many
EVERY = 10.0  # seconds between two lines of progress; in a terminal a fifth of one


def add(inside, make: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare the command; `make(inside, name, run, help_text)` makes it."""
    text = "Make a data set of your own pictures: a folder, a zip, or a file of arrays."
    parser = make(inside, "add", _add, text)
    yes_no = argparse.BooleanOptionalAction
    parser.add_argument("path", metavar="PATH", help="a folder or a file; it is only read")
    parser.add_argument("--name", help="of the set (default: like the path's)")
    parser.add_argument("--size", type=int, help="pixels a side: 28, 32, 64, 128; 0: as they are")
    parser.add_argument("--fit", choices=("crop", "pad", "stretch"), help="how they become square")
    parser.add_argument("--grey", action=yes_no, help="one channel (default: if all are grey)")
    parser.add_argument(
        "--ground",
        choices=("white", "black", "grey"),
        help="shows through transparent ones (default: white, or black for white drawings)",
    )
    parser.add_argument(
        "--held-out", type=float, metavar="SHARE", help="0.05 to 0.3 (default: 0.1)"
    )
    parser.add_argument("--kind", choices=("images", "pairs", "sides"), help="where it is unclear")
    for flag, pair, what in (
        ("--answer", "NAME=VALUE", "to what is asked of the file"),
        ("--classes", "OLD=NEW", "new names; OLD= leaves one out, the same NEW twice merges them"),
    ):
        parser.add_argument(flag, nargs="+", action="extend", metavar=pair, help=what)
    parser.add_argument("--licence", metavar="TEXT", help="of the pictures")
    parser.add_argument("--origin", metavar="TEXT", help="where they came from")
    parser.add_argument("--title", metavar="TEXT", help="what people call it, in any script")
    parser.add_argument("--keep-copies", action=yes_no, help="near copies, too")
    parser.add_argument(
        "--anyway", nargs="+", choices=("small", "one-colour"), help="take these pictures in, too"
    )
    parser.add_argument("--dry-run", action="store_true", help="check only; keep nothing")
    add_json(parser)


def _add(args) -> int:
    from gan_core import importing
    from gan_core.importing import plans, refusals

    lab, given = lab_of(args), vars(args)
    found = _checked(args.path, given)
    plan = _plan(found, given)
    plans.check(plan)
    rows, kept = importing.chosen(found, plan), None
    fitting = datasets_expect.expected(lab, found, plan, rows)
    if not args.json:
        _print_check_up(found, plan, rows)
        print("{}: {}".format(*datasets_expect.verdict(found, plan, rows)))
        datasets_expect.show(fitting)
    if not given.get("dry_run"):
        with _Shown() as shown:
            kept = importing.keep(args.path, found, plan, lab.data_dir, progress=shown)
    if args.json:
        print_json(_facts(found, plan, rows, fitting, kept))
    elif kept:
        _print_kept(kept)
    if not kept:
        refusals.check(found, plan, lab.data_dir)  # ends as keeping would
    if not kept and not args.json:
        print(f"\nwould keep {len(rows.train):,} to learn from, {len(rows.held_out):,} held out")
    return 0


def _checked(path, given: dict):
    from gan_core import importing

    ground = given.get("ground", "")
    with _Shown() as shown:
        return importing.check_up(path, _answers(given), progress=shown, ground=ground)


def _print_kept(kept) -> None:
    other = f" and {kept.num_held_out_b:,}" if kept.kind == "sides" else ""
    classes = f", {kept.num_classes} classes" if kept.num_classes else ""
    held_out = f"{kept.num_held_out:,}{other} held out"
    print(f"\nkept {kept.name}: {kept.amount} to learn from, {held_out}, {kept.shape}{classes}")
    note(f"`train --dataset {kept.name}` learns them; `recipes` says what fits.")


def _answers(given: dict) -> dict[str, str]:
    kind = {"kind": given["kind"]} if "kind" in given else {}
    return kind | _pairs("--answer", given.get("answer", ()))


def _pairs(flag: str, words) -> dict[str, str]:
    found = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name:
            raise ConfigError(f"`{flag}` needs NAME=VALUE. Received: `{word}`.")
        found[name] = value
    return found


def _plan(found, given: dict):
    """The plan that fits, changed by the flags that were given."""
    classes = _pairs("--classes", given.get("classes", ()))
    if unknown := sorted(set(classes) - set(found.classes)):
        names = ", ".join(found.classes) or "none"
        raise DataError(f"There is no class `{unknown[0]}`. Found: {names}.")
    anyway = {"small": "too small", "one-colour": "one colour"}
    taken = (
        "name",
        "size",
        "fit",
        "grey",
        "ground",
        "held_out",
        "licence",
        "origin",
        "title",
        "keep_copies",
    )
    changes = {name: given[name] for name in taken if given.get(name) is not None}
    return replace(
        found.suggested,
        classes=dict(found.suggested.classes) | classes,
        anyway=frozenset(anyway[word] for word in given.get("anyway", ())),
        **changes,
    )


def _print_check_up(found, plan, rows) -> None:
    from gan_core.importing import plans

    form = found.recognised.form
    print(f"{form}: {found.num_files:,} pictures, {found.num_usable:,} usable")
    for question in found.recognised.questions:
        answer = plan.answers.get(question.name, question.likely)
        why = f" ({question.why})" if question.why else ""
        print(f"  {question.text} {answer}{why}; `--answer {question.name}=...` says otherwise")
    if found.classes:
        print("  classes: " + ", ".join(f"{name} ({n:,})" for name, n in found.classes.items()))
    if found.sizes:
        small, large = min(found.sizes, key=min), max(found.sizes, key=max)
        print(f"  sizes: {small[0]} x {small[1]} to {large[0]} x {large[1]}; {_becomes(plan)}")
    _print_skipped(found)
    copies = sum(len(group) - 1 for group in found.copies)
    if copies:
        print(f"  {copies:,} near copies {'kept' if plan.keep_copies else 'left out'}")
    for text in found.notes:
        print(f"  {text}")
    if found.unmatched:
        print(f"  {len(found.unmatched):,} lack a partner: {_some(found.unmatched)}")
    if why := plans.on_held_out(found, plan, rows):
        print(f"  held out: {why}")


def _becomes(plan) -> str:
    colour = "grey" if plan.grey else "colour"
    return (
        f"{plan.size} x {plan.size} {colour}, {plan.fit}" if plan.size else f"as they are, {colour}"
    )


def _print_skipped(found) -> None:
    from gan_core.importing.words import REASONS

    for reason, words in REASONS.items():
        names = [each.name for each in found.skipped if each.reason == reason]
        if names:
            print(f"  {len(names):,} {words}: {_some(names)}")
    if found.passed_over:
        told = [f"{name} ({why})" for name, why in found.passed_over]
        print(f"  {len(told):,} passed over: {_some(told)}")


def _some(names) -> str:
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _facts(found, plan, rows, fitting, kept) -> dict:
    """What `--json` prints: the check-up without its list of items, the plan, what was kept."""
    from gan_core.importing import plans, stored

    word, sentence = datasets_expect.verdict(found, plan, rows)
    check_up = stored.pack(found)
    for name in ("items", "usable", "sizes", "suggested"):
        del check_up[name]
    check_up["copies"] = [[found.items[index].name for index in group] for group in found.copies]
    return {
        "check_up": check_up | {"num_files": found.num_files, "num_usable": found.num_usable},
        "plan": stored.pack_plan(plan),
        "num_train": len(rows.train),
        "num_held_out": len(rows.held_out),
        "held_out_why": plans.on_held_out(found, plan, rows),
        "left_out": rows.left,
        "verdict": f"{word}: {sentence}",
        "problem": plans.problem(found, plan, rows),
        "expected": datasets_expect.facts(fitting),
        "kept": vars(kept) if kept else None,
    }


class _Shown(contextlib.AbstractContextManager):
    """Progress on stderr: a live line in a terminal, a line now and then elsewhere."""

    def __init__(self):
        self.live = sys.stderr.isatty()
        self.at = time.monotonic() if not self.live else 0.0
        self.width = 0

    def __call__(self, done: int, total: int, doing: str) -> None:
        if time.monotonic() - self.at < (0.2 if self.live else EVERY):
            return
        self.at = time.monotonic()
        line = f"{doing}: {done:,} of {total:,}" if total else doing
        streams.tell("\r" + line.ljust(self.width) if self.live else line + "\n")
        self.width = max(self.width, len(line))

    def __exit__(self, *_) -> None:
        if self.live and self.width:
            streams.tell("\r" + " " * self.width + "\r")

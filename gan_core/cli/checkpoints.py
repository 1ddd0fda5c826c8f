"""`checkpoints`: which checkpoints a run has, why each stays, pins and the rules."""

from __future__ import annotations

from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table
from gan_core.errors import RunError

WHO = "command line"
MB = 1_000_000


def add(commands) -> None:
    """Declare the command."""
    text = "List a run's checkpoints; pin some, or change which stay."
    parser = command(commands, "checkpoints", _checkpoints, text)
    parser.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    for name, help_ in (("pin", "this checkpoint stays"), ("unpin", "it no longer must stay")):
        parser.add_argument(
            f"--{name}",
            type=int,
            action="append",
            default=[],
            metavar="STEP",
            help=f"{help_}; may be repeated",
        )
    parser.add_argument("--keep-last", type=int, metavar="N", help="so many of the newest stay")
    parser.add_argument(
        "--keep-every",
        type=int,
        metavar="STEPS",
        help="the first after each so many steps stays; 0: none",
    )
    parser.add_argument("--budget", type=int, metavar="MB", help="disk that the run may take")
    add_json(parser)


def _checkpoints(args) -> None:
    from gan_core.runs.saved import retention

    run = lab_of(args).store.get(args.run_id)
    if changes := _changes(args, run):
        run.update_notes(WHO, **changes)
    if problem := run.notes_problem():
        note(f"warning: {problem}")
    found = retention.kept(run)
    if args.json:
        print_json([each._asdict() for each in found])
        return
    rows = [(c.step, f"{c.bytes / MB:.1f} MB", ", ".join(c.reasons) or "next to go") for c in found]
    print_table(rows, ("step", "size", "kept as"))
    notes = run.notes()
    note(
        f"keeps the newest {notes.keep_last}, the best, one every {notes.keep_every} steps and the "
        f"pinned; {run.size() / MB:.0f} of {notes.budget_bytes / MB:.0f} MB"
    )


def _changes(args, run) -> dict:
    changes: dict = {n: getattr(args, n) for n in ("keep_last", "keep_every")}
    changes["budget_bytes"] = args.budget * MB if args.budget is not None else None
    changes = {name: value for name, value in changes.items() if value is not None}
    pinned = set(run.notes().pinned_steps)
    if args.pin or args.unpin:
        _check_pins(args, run, pinned)
        changes["pinned_steps"] = tuple(sorted((pinned | set(args.pin)) - set(args.unpin)))
    return changes


def _check_pins(args, run, pinned: set[int]) -> None:
    from gan_core.runs.saved.checkpoints import list_checkpoints

    steps = {info.step for info in list_checkpoints(run.path)}
    for step in args.pin:
        if step not in steps:
            known = ", ".join(map(str, sorted(steps))) or "none"
            raise RunError(f"{run.id} has no checkpoint at step {step}. There are: {known}.")
    for step in args.unpin:
        if step not in pinned:
            known = ", ".join(map(str, sorted(pinned))) or "none"
            raise RunError(f"Step {step} of {run.id} is not pinned. Pinned: {known}.")

"""`recipes`, `runs`, `restore`: what there is. Answers without TensorFlow."""

from __future__ import annotations

from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table
from gan_core.errors import RunError


def add(commands) -> None:
    """Declare the commands."""
    add_json(command(commands, "recipes", _recipes, "List the recipes: what each is and needs."))
    runs = command(commands, "runs", _runs, "List all runs, newest first.")
    runs.add_argument("--bin", action="store_true", help="those that were deleted instead")
    add_json(runs)
    restore = command(commands, "restore", _restore, "Bring deleted runs back out of the bin.")
    restore.add_argument("run_ids", metavar="RUN", nargs="+", help="an id, see `runs --bin`")


def _recipes(args) -> None:
    found = lab_of(args).recipes()
    if args.json:
        print_json(
            [
                {
                    "name": name,
                    "title": r.title,
                    "summary": r.summary,
                    "needs": r.needs,
                    "paper": r.paper,
                    "expect": r.expect,
                    "ms_per_step": r.ms_per_step,
                    "defaults": r.defaults,
                    "in_colour": r.in_colour,
                    "few_in_colour": r.few_in_colour,
                }
                for name, r in found.items()
            ]
        )
        return
    print_table(
        [(n, r.needs, _takes(r), r.summary) for n, r in found.items()],
        ("recipe", "needs", "two cores", "what"),
    )
    print()
    for name, recipe in found.items():
        if recipe.expect:
            print(f"{name}: {recipe.expect}")


def _takes(recipe) -> str:
    """How long a whole run takes on two cores; empty where nobody measured it."""
    seconds = recipe.typical_seconds
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds else ""
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _runs(args) -> None:
    from gan_core.runs import misnamed

    store = lab_of(args).store
    found = store.deleted_summaries() if args.bin else store.summaries()
    if problem := misnamed.sentence(store.root):
        note(f"warning: {problem}")
    if args.json:
        print_json([vars(s) for s in found])
        return
    rows = [
        (
            s.id,
            s.state,
            f"{s.step:,}",
            _limit(s),
            f"{s.wall_time / 60:.1f} min",
            s.name or s.error[:60],
        )
        for s in found
    ]
    print_table(rows, ("run", "state", "step", "of", "trained", "note"))


def _limit(summary) -> str:
    return f"{summary.num_steps:,}" if summary.num_steps else "-"


def _restore(args) -> int:
    """Bring back each; what cannot come is said, and the rest comes."""
    store, problems = lab_of(args).store, []
    for run_id in args.run_ids:
        try:
            print(store.restore(run_id, "command line").id)
        except RunError as error:
            problems.append(str(error))
    if problems:
        note(f"error: {' '.join(problems)}")
    return 2 if problems else 0

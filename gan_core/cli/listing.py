"""`recipes`, `datasets`, `runs`: what there is. Answers without TensorFlow."""

from __future__ import annotations

from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table


def add(commands) -> None:
    """Declare the commands."""
    add_json(command(commands, "recipes", _recipes, "List the recipes: what each is and needs."))
    add_json(command(commands, "datasets", _datasets, "List the data sets, with their problems."))
    add_json(command(commands, "runs", _runs, "List all runs, newest first."))


def _recipes(args) -> None:
    found = lab_of(args).recipes()
    if args.json:
        print_json(
            [
                {
                    "name": name, "title": r.title, "summary": r.summary, "needs": r.needs,
                    "paper": r.paper, "expect": r.expect, "ms_per_step": r.ms_per_step,
                    "defaults": r.defaults,
                }
                for name, r in found.items()
            ]
        )  # fmt: skip
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


def _datasets(args) -> None:
    found = lab_of(args).datasets()
    if args.json:
        print_json([vars(s) for s in found])
        return
    rows = [
        (s.name, " x ".join(map(str, s.image_shape)), s.num_classes or "-", s.num_train, _state(s))
        for s in found
    ]
    print_table(rows, ("data set", "shape", "classes", "images", "state"))


def _state(spec) -> str:
    if spec.problem:
        return f"cannot be used: {spec.problem}"
    if not spec.available:
        return f"downloads {spec.download_bytes / 1e6:.0f} MB at the first use"
    return spec.source


def _runs(args) -> None:
    from gan_core import misnamed

    store = lab_of(args).store
    found = store.summaries()
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

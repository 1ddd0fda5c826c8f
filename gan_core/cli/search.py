"""`sweep --search`: settings that follow from how the earlier runs did."""

from __future__ import annotations

import threading

from gan_core.cli import cluster
from gan_core.cli.common import lab_of, note
from gan_core.cli.training import WHO, signals
from gan_core.errors import ConfigError

INTERRUPTED = 130
SHOWN = 5  # best runs


def add(parser) -> None:
    """The flags of `sweep` that are of a search."""
    group = parser.add_argument_group("search (needs the extra `search`)")
    group.add_argument(
        "--search", action="store_true",
        help="propose settings by how the runs before did, and end early what is worse than most",
    )  # fmt: skip
    group.add_argument(
        "--range", action="append", default=[], metavar="FIELD=LOW..HIGH", dest="ranges",
        help="a setting and its range, or its values: loss=hinge,minimax; may be repeated",
    )  # fmt: skip
    group.add_argument("--trials", type=int, default=20, metavar="N", help="runs (default: 20)")


def refuse_without(args) -> None:
    """ConfigError where a flag of a search is given without `--search`."""
    if args.ranges:
        raise ConfigError("`--range` is of a search: give `--search` too.")


def search(args) -> int:
    """Search until all runs have ended; told to end, what trains stops with a checkpoint."""
    from gan_core.sweeps import plan, search, trials

    if args.grid or args.cases:
        raise ConfigError("`--search` takes `--range`, not `--grid` or `--case`.")
    trials.require()
    lab, (seed, *more) = lab_of(args), plan.parse_seeds(args.seeds)
    if more:
        raise ConfigError(f"A search has one seed. Received: {args.seeds}.")
    spec = search.plan(
        lab, args.recipe, args.dataset, search.parse_ranges(args.ranges),
        num_steps=args.steps, trials=args.trials, seed=seed,
    )  # fmt: skip
    note(f"{spec.name}: {spec.trials} runs, each sees {spec.images:,} images")
    if args.plan:
        return 0
    cluster.join(lab, args)
    lab.jobs.require_turn()
    try:
        return _go(lab, search.Search(lab, spec, who=WHO, tell=note))
    finally:
        lab.shutdown()


def _go(lab, found) -> int:
    thread = threading.Thread(target=found.run, name="search", daemon=True)
    told = threading.Event()

    def stop() -> None:
        told.set()
        found.stop()

    with signals(stop):
        thread.start()
        while thread.is_alive():
            thread.join(0.2)
    if told.is_set():
        note("the same command goes on from here")
        return INTERRUPTED
    _report(lab, found.spec)
    return 0


def _report(lab, spec) -> None:
    """The best runs and what mattered on stderr, all ids on stdout."""
    from gan_core.sweeps import trials

    study, ids = trials.study_of(lab, spec)
    done = [t for t in study.trials if t.state.name == "COMPLETE"]
    for trial in sorted(done, key=lambda trial: trial.value)[:SHOWN]:
        note(f"{ids[trial.number]}: {trial.value:.4g}: {_words(trial.params)}")
    for name, share in trials.importance(study).items():
        note(f"importance of {name}: {share:.0%}")
    for run_id in ids:
        print(run_id)


def _words(params) -> str:
    return ", ".join(f"{name}={value}" for name, value in params.items())

"""`sweep`: a grid of settings and seeds, trained one run after the other, resumable."""

from __future__ import annotations

import threading

from gan_core.cli import cluster, search
from gan_core.cli.common import command, lab_of, note
from gan_core.cli.training import WHO, advance, signals
from gan_core.config import SETTINGS
from gan_core.runs.records import State

INTERRUPTED = 130


def add(commands) -> None:
    """Declare the command."""
    text = "Train every combination of settings and seeds; the same command again goes on."
    parser = command(commands, "sweep", _sweep, text)
    for name in ("recipe", "dataset"):
        default = SETTINGS[name].default
        parser.add_argument(
            f"--{name}", default=default, help=f"see `{name}s` (default: {default})"
        )
    parser.add_argument(
        "--grid",
        action="append",
        default=[],
        metavar="FIELD=V,V",
        help="a setting and its values, for example g_lr=1e-3,2e-3; may be repeated",
    )
    parser.add_argument(
        "--case",
        action="append",
        default=[],
        metavar="FIELD=V,FIELD=V",
        dest="cases",
        help="a list instead of a grid: the settings of one run; may be repeated",
    )
    parser.add_argument("--seeds", default="1", metavar="N,N", help="seeds (default: 1)")
    parser.add_argument("--steps", type=int, required=True, help="steps of each run")
    parser.add_argument("--plan", action="store_true", help="list the runs, train nothing")
    cluster.add_address(parser)
    search.add(parser)
    parser.add_argument("--log-dir", metavar="DIR", help="also write TensorBoard events there")


def _sweep(args) -> int:
    from gan_core.sweeps import plan

    if args.search:
        return search.search(args)
    search.refuse_without(args)
    lab, grid = lab_of(args), plan.parse_grid(args.grid)
    cases = plan.parse_cases(args.cases)
    planned = plan.plan(
        lab, args.recipe, args.dataset, grid, plan.parse_seeds(args.seeds), args.steps, cases
    )
    varied = dict.fromkeys([*(name for case in cases for name in case), *grid])
    note(f"{planned.name}: {len(planned.configs)} runs")
    if args.plan:
        _list(lab, planned, varied)
        return 0
    if cluster.join(lab, args):
        return _on_cluster(lab, planned)
    for at, config in enumerate(planned.configs):
        run = plan.next_run(lab, planned, at, who=WHO)
        settings = _words(config, varied)
        if run is None:
            note(f"{at + 1} of {len(planned.configs)}: {settings}: nothing left to do")
            continue
        note(f"{at + 1} of {len(planned.configs)}: {settings}: {run.id}")
        if advance(lab, run.id, args) == INTERRUPTED:
            note("the same command goes on from here")
            return INTERRUPTED
    return _report(lab, planned)


def _on_cluster(lab, planned) -> int:
    """Hand all runs over and wait for them; told to end, all stop with a checkpoint."""
    from gan_core.sweeps import queue

    told = threading.Event()
    try:
        with signals(told.set):
            cluster.train(lab, queue.start(lab, planned, who=WHO), told)
        if not told.is_set():
            return _report(lab, planned)
        note("the same command goes on from here")
        return INTERRUPTED
    finally:
        lab.shutdown()


def _report(lab, planned) -> int:
    from gan_core.sweeps import plan

    runs = [run for run in plan.runs_of(lab, planned) if run is not None]
    failed = [run.id for run in runs if run.status().state == State.FAILED]
    note(f"compare them: /compare?runs={','.join(run.id for run in runs[:8])}")
    if failed:
        note(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _list(lab, planned, varied) -> None:
    from gan_core.sweeps import plan

    for config, run in zip(planned.configs, plan.runs_of(lab, planned), strict=True):
        print(f"{_words(config, varied)}: {f'{run.id} {run.status().state}' if run else 'to do'}")


def _words(config, varied) -> str:
    return ", ".join(f"{name}={getattr(config, name)}" for name in (*varied, "seed"))

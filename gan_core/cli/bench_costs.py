"""`bench growth`, `endurance` and `start`: what a step, a long run and a start cost."""

from __future__ import annotations

import sys
from pathlib import Path

from gan_core.cli.common import add_json, command, lab_of, note, print_json
from gan_core.errors import ConfigError

ENDURANCE = {"batch_size": 16, "width": 4}  # the smallest steps: only what grows is seen


def add(parts) -> None:
    """Declare the three."""
    growth = command(
        parts, "growth", _growth, "Images/s against batch, image size, channels, width."
    )
    growth.add_argument("--recipe", default="fast_gan", help="(default: fast_gan)")
    growth.add_argument("--rounds", type=int, default=3, help="turns of each (default: 3)")
    growth.add_argument("--seconds", type=float, default=1, help="of one turn (default: 1)")
    growth.add_argument("--plot", type=Path, metavar="F.png", help="also draw it")
    endurance = command(
        parts, "endurance", _endurance, "Time, memory and files of a run through 100,000 steps."
    )
    endurance.add_argument("--steps", type=int, default=100_000, help="(default: 100000)")
    endurance.add_argument("--recipe", default="toy_mlp", help="(default: toy_mlp)")
    endurance.add_argument("--dataset", default="ring", help="(default: ring)")
    start = command(parts, "start", _start, "TensorFlow's import, the first step, memory.")
    start.add_argument("--recipe", default="fast_gan", help="(default: fast_gan)")
    start.add_argument("--dataset", default="mnist_5k", help="(default: mnist_5k)")
    start.add_argument("--rounds", type=int, default=3, help="starts (default: 3)")
    for part in (growth, endurance, start):
        add_json(part)


def _growth(args) -> None:
    from gan_core import recipes
    from gan_core.bench import growth, report
    from gan_core.startup import runtime

    _at_least("--rounds", args.rounds, 1)
    if args.seconds <= 0:
        raise ConfigError(f"`--seconds` must be greater than 0. Received: {args.seconds:g}.")
    if args.plot:
        from gan_core.bench import charts

        charts.check(args.plot)
    recipes.get(args.recipe)
    runtime.start()
    rows = growth.growth(args.recipe, rounds=args.rounds, seconds=args.seconds, phase=note)
    if args.plot:
        charts.growth_figure(rows, args.recipe).savefig(args.plot)
    cells = [
        (
            *(row[name] for name in growth.BASE),
            f"{row['ms_per_step']:.1f}",
            f"{row['images_per_second']:,.0f}",
            f"{row['gflops']:.0f}",
        )
        for row in rows
    ]
    head = (*growth.BASE, "ms a step", "images/s", "GFLOP/s")
    _tell(args, rows, report.markdown(cells, head), f"{args.recipe}.")


def _endurance(args) -> None:
    from gan_core.bench import report
    from gan_core.bench.endurance import PARTS, endurance

    _at_least("--steps", args.steps, PARTS)
    lab = lab_of(args)
    small = ENDURANCE if args.recipe == "toy_mlp" else {}
    config = lab.make_config(args.recipe, args.dataset, num_steps=args.steps, **small)
    rows = endurance(lab, config, phase=note)
    cells = [
        (
            f"{row['step']:,}",
            f"{row['ms_per_step']:.2f}",
            f"{row['memory_mb']:.0f}",
            f"{row['metrics_mb']:.2f}",
            f"{row['run_mb']:.1f}",
        )
        for row in rows
    ]
    head = ("up to step", "ms a step", "memory, MB", "metrics, MB", "run folder, MB")
    _tell(args, rows, report.markdown(cells, head), f"{args.recipe} on {args.dataset}.")


def _start(args) -> None:
    from gan_core.bench import report
    from gan_core.bench.start import STEPS, starts

    _at_least("--rounds", args.rounds, 1)
    lab = lab_of(args)
    lab.make_config(args.recipe, args.dataset)
    found = starts(args.recipe, args.dataset, lab.data_dir, args.rounds)
    cells = [
        (
            f"{args.recipe} on {args.dataset}",
            f"{found['import_seconds']:.1f}",
            f"{found['first_step_seconds']:.1f}",
            f"{found['memory_mb']:.0f}",
        )
    ]
    head = ("", "import, s", "first step after it, s", f"memory after {STEPS} steps, MB")
    _tell(args, found, report.markdown(cells, head), f"Medians of {args.rounds} starts.")


def _at_least(flag: str, value: int, least: int) -> None:
    if value < least:
        raise ConfigError(f"`{flag}` must be at least {least}. Received: {value}.")


def _tell(args, rows, table: str, about: str) -> None:
    """JSON or a Markdown table, with the machine."""
    from gan_core.bench import report

    machine = report.machine()
    if args.json:
        print_json({"machine": machine, "rows": rows})
        return
    sys.stdout.write(f"{table}\n\n{about} {report.in_words(machine)}\n")

"""`bench arithmetic`: what a step computes, and how near that comes to what the machine can."""

from __future__ import annotations

from gan_core.cli.common import add_json, command, lab_of, note, print_json
from gan_core.errors import ConfigError

HEAD = (
    "", "data", "batch", "GFLOP a step", "ms a step", "CPU ms", "GFLOP/s", "of a matrix product", "share",
    "by CPU time",
)  # fmt: skip


def add(parts) -> None:
    """Declare `bench arithmetic`."""
    part = command(
        parts,
        "arithmetic",
        _run,
        "Arithmetic of a step, and its speed beside a plain matrix product.",
    )
    part.add_argument("--only", metavar="A,B", help="some of the table (default: all)")
    part.add_argument("--rounds", type=int, default=5, help="turns of each (default: 5)")
    part.add_argument("--seconds", type=float, default=1, help="of one turn (default: 1)")
    add_json(part)


def _run(args) -> None:
    from gan_core.bench import arithmetic, report
    from gan_core.startup import runtime

    if args.rounds < 1 or args.seconds <= 0:
        raise ConfigError(
            "`--rounds` must be at least 1 and `--seconds` greater than 0. "
            f"Received: {args.rounds} and {args.seconds:g}."
        )
    names = (
        list(arithmetic.CASES) if args.only is None else [n.strip() for n in args.only.split(",")]
    )
    runtime.start()
    rows = arithmetic.arithmetic(
        names, lab_of(args).data_dir, rounds=args.rounds, seconds=args.seconds, phase=note
    )
    machine = report.machine()
    if args.json:
        print_json({"machine": machine, "rows": rows})
        return
    print(report.markdown([_cells(row) for row in rows], HEAD))
    print(f"\nMedians of {args.rounds} turns. {report.in_words(machine)}")


def _cells(row: dict) -> tuple[str, ...]:
    return (
        row["what"],
        row["data"],
        str(row["batch_size"]),
        f"{row['gflop']:.3g}",
        f"{row['ms_per_step']:.1f}",
        f"{row['cpu_ms']:.1f}",
        f"{row['gflops']:.0f}",
        f"{row['matrix_gflops']:.0f}",
        f"{row['share']:.2f}",
        f"{row['share_by_cpu']:.2f}",
    )

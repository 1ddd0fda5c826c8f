"""`bench replicas` and `bench gpu`: several devices against one, and all that a GPU must do."""

from __future__ import annotations

from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table
from gan_core.errors import ConfigError

NO_GPU = 3
CODES = (
    "Exit codes: 0 all checks hold; 1 one does not; 3 there is no GPU, and what can be checked without "
    "one holds."
)


def add(parts) -> None:
    """Declare the two."""
    shared = command(
        parts, "replicas", _replicas, "Several devices against one at the same batch, in turns."
    )
    shared.add_argument("--recipe", default="fast_gan", help="(default: fast_gan)")
    shared.add_argument("--dataset", default="mnist_5k", help="(default: mnist_5k)")
    shared.add_argument("--replicas", type=int, default=2, help="devices (default: 2)")
    shared.add_argument("--batch-size", type=int, help="of all devices (default: the recipe's)")
    shared.add_argument("--rounds", type=int, default=5, help="turns of each (default: 5)")
    shared.add_argument("--seconds", type=float, default=3, help="of one turn (default: 3)")
    shared.add_argument(
        "--cpu", action="store_true", help="show this machine's cores as so many devices"
    )
    add_json(shared)
    gpu = command(
        parts,
        "gpu",
        _gpu,
        "All checks and figures of the GPU path, 8 minutes at most.",
        epilog=CODES,
    )
    add_json(gpu)


def _replicas(args) -> None:
    from gan_core.bench import report
    from gan_core.bench.devices import sharing

    if args.replicas < 2 or args.rounds < 1 or args.seconds <= 0:
        raise ConfigError(
            "`--replicas` must be at least 2, `--rounds` at least 1 and `--seconds` greater than 0. "
            f"Received: {args.replicas}, {args.rounds} and {args.seconds:g}."
        )
    given = {} if args.batch_size is None else {"batch_size": args.batch_size}
    found = sharing(
        args.recipe, args.dataset, lab_of(args).data_dir, replicas=args.replicas, rounds=args.rounds,
        seconds=args.seconds, choice="cpu" if args.cpu else "auto", phase=note, **given,
    )  # fmt: skip
    if args.json:
        print_json({"machine": report.machine(), **found})
        return
    rows = [
        (name, f"{found[f'ms_{key}']:.1f}", f"{found[f'cpu_ms_{key}']:.1f}", f"{ratio:.2f}")
        for name, key, ratio in (
            ("one device", "one", 1.0),
            (found["devices"], "several", found["ratio"]),
        )
    ]
    print(report.markdown(rows, ("", "ms a step", "CPU ms", "throughput")))
    print(f"\n{args.recipe}, batch {found['batch_size']}. {report.in_words(report.machine())}")


def _gpu(args) -> int:
    from gan_core.bench import gpu, report

    rows = gpu.checked(lab_of(args).data_dir, note)
    if args.json:
        print_json({"machine": report.machine(), "rows": [row._asdict() for row in rows]})
    else:
        print_table([(row.what, row.verdict, row.found) for row in rows], ("check", "", "found"))
        print(f"\n{report.in_words(report.machine())}")
    if any(row.verdict == gpu.BAD for row in rows):
        return 1
    if gpu.present():
        return 0
    note("There is no GPU that TensorFlow can use: what needs one was not checked.")
    return NO_GPU

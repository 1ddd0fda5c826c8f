"""`bench translation`: whether translators reach their goals in time."""

from __future__ import annotations

from gan_core.cli.common import add_json, command, lab_of, note, print_json
from gan_core.errors import ConfigError

HEAD = ("", "data", "after", "steps", "s", "CPU s", "way", "class kept", "L1", "goal", "")


def add(parts) -> None:
    """Declare `bench translation`."""
    part = command(parts, "translation", run, "Quality of translators after given seconds.")
    part.add_argument(
        "--datasets", metavar="A,B", help="edges_to_digits, digits_and_paper (default: both)"
    )
    part.add_argument("--seeds", default="1", help="of the runs (default: 1)")
    part.add_argument(
        "--clock",
        choices=("seconds", "cpu_seconds"),
        default="seconds",
        help="of the goals; cpu_seconds on a machine that is busy (default: seconds)",
    )
    part.add_argument("--count", type=int, default=500, help="held-out images (default: 500)")
    add_json(part)


def run(args) -> None:
    """Train, measure, print."""
    from gan_core.bench import report
    from gan_core.bench.translation import translation

    rows = translation(
        _goals(args.datasets),
        lab_of(args).data_dir,
        seeds=_seeds(args.seeds),
        clock=args.clock,
        count=args.count,
        phase=note,
    )
    machine = report.machine()
    if args.json:
        print_json({"machine": machine, "rows": rows})
        return
    print(report.markdown([cells for row in rows for cells in _cells(row)], HEAD))
    print(f"\n{args.count} held-out images. {report.in_words(machine)}")


def _cells(row: dict) -> list[tuple]:
    """A line for each way; what belongs to all stands in the first."""
    from gan_core.bench.translation import CLOCKS

    said = {True: "reached", False: "not reached", None: "not measured"}[row["reached"]]
    first = (
        f"{row['recipe']}, seed {row['seed']}",
        row["dataset"],
        f"{row['mark']:g} {CLOCKS[row['clock']]}",
        f"{row['steps']:,}",
        f"{row['seconds']:.0f}",
        f"{row['cpu_seconds']:.0f}",
    )
    lines = []
    for number, (way, values) in enumerate(row["ways"].items()):
        own = [f"{values[n]:.3f}" if n in values else "" for n in ("class_kept", "l1")]
        ends = (row["goal"], said) if number == 0 else ("", "")
        lines.append((*(first if number == 0 else [""] * len(first)), way, *own, *ends))
    return lines


def _goals(text: str | None):
    from gan_core.bench.translation import GOALS

    allowed = list(dict.fromkeys(goal.dataset for goal in GOALS))
    names = allowed if text is None else [name.strip() for name in text.split(",")]
    for name in names:
        if name not in allowed:
            raise ConfigError(
                f"No goal is set on this data set. Received: `{name}`. Allowed: {', '.join(allowed)}."
            )
    return [goal for goal in GOALS if goal.dataset in names]


def _seeds(text: str) -> list[int]:
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or min(found) <= 0:
        raise ConfigError(f"`--seeds` needs numbers above 0, with commas. Received: `{text}`.")
    return found

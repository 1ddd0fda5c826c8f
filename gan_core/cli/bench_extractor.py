"""`bench extractor`: whether distances grow when images get worse."""

from __future__ import annotations

from dataclasses import asdict

from gan_core.cli.common import add_json, command, lab_of, note, print_json

HEAD = ("data", "extractor", "damage", "real", "times as far at each strength", "grows")


def add(parts) -> None:
    """Declare `bench extractor`."""
    part = command(
        parts, "extractor", run, "Does the Fréchet distance grow with blur, noise, JPEG and so on?"
    )
    part.add_argument("--datasets", metavar="A,B", default="pixel_faces", help="sets of images")
    part.add_argument(
        "--rank",
        metavar="DATA",
        help="also rank three checkpoints of a training on this labelled set",
    )
    part.add_argument("--seed", type=int, default=0, help="of the halves (default: 0)")
    add_json(part)


def run(args) -> None:
    """Measure and print."""
    from gan_core.bench import report
    from gan_core.bench.extractor import growth, ranking

    names = [name.strip() for name in args.datasets.split(",")]
    rows = growth(names, lab_of(args).data_dir, seed=args.seed, phase=note)
    if args.json:
        print_json([asdict(row) | {"grows": row.grows} for row in rows])
        return
    print(report.markdown([_cells(row) for row in rows], HEAD))
    kinds = dict.fromkeys(row.extractor for row in rows)
    for kind in kinds:
        own = [row for row in rows if row.extractor == kind]
        print(f"{kind}: grows in {sum(row.grows for row in own)} of {len(own)}")
    if args.rank:
        _tell_ranking(ranking(args.rank, lab_of(args).data_dir, phase=note))
    print(f"\n{report.in_words(report.machine())}")


def _tell_ranking(found) -> None:
    print(f"\nfast_gan on {found.dataset}, steps {', '.join(map(str, found.steps))}:")
    for kind, values in found.distances.items():
        print(f"  {kind}: {', '.join(f'{value:.3g}' for value in values)}")
    print("  the same order under all" if found.agree else "  NOT the same order under all")


def _cells(row) -> tuple[str, ...]:
    times = ", ".join(f"{value / row.real:.2f}" for value in row.values)
    return (
        row.dataset,
        row.extractor,
        row.damage,
        f"{row.real:.3g}",
        times,
        "" if row.grows else "no",
    )

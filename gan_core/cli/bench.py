"""`bench`: speed, and quality over time, beside other training loops on the same machine."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from gan_core.bench import report
from gan_core.cli import (
    bench_arithmetic,
    bench_costs,
    bench_devices,
    bench_extractor,
    bench_stacked,
    bench_translation,
)
from gan_core.cli.common import add_json, command, lab_of, note, print_json
from gan_core.errors import ConfigError

MARKS = "5,10,20,60,120"
ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "tests" / "benchmark"


def add(commands) -> None:
    """Declare the command and its parts."""
    text = "Measure speed, or quality over time."
    bench = commands.add_parser("bench", help=text, description=text)  # folders: flags of its parts
    parts = bench.add_subparsers(dest="part", required=True, metavar="WHAT", help="what to measure")
    speed = _part(parts, "throughput", _throughput, "Milliseconds a step, side by side.")
    speed.add_argument("--rounds", type=int, default=10, help="turns of each (default: 10)")
    speed.add_argument("--seconds", type=float, default=3, help="of one turn (default: 3)")
    quality = _part(
        parts, "time-to-quality", _time_to_quality, "Fréchet distance after given seconds or steps."
    )
    quality.add_argument("--marks", default=MARKS, help=f"when to measure (default: {MARKS})")
    quality.add_argument(
        "--unit",
        choices=list(report.UNITS),
        default="seconds",
        help="of the marks (default: seconds)",
    )
    quality.add_argument("--seeds", default="1,2,3", help="of the runs (default: 1,2,3)")
    quality.add_argument("--count", type=int, default=2000, help="fakes measured (default: 2000)")
    quality.add_argument(
        "--against",
        type=Path,
        nargs="+",
        default=[],
        metavar="F.json",
        help="recorded curves (docs/curves/): when is each contender as good?",
    )
    quality.add_argument(
        "--record", type=Path, metavar="F.json", help="keep the first contender as such a curve"
    )
    quality.add_argument("--plot", type=Path, metavar="F.png", help="also draw it")
    bench_costs.add(parts)
    bench_arithmetic.add(parts)
    bench_stacked.add(parts)
    bench_translation.add(parts)
    bench_extractor.add(parts)
    bench_devices.add(parts)
    _script(parts, "overhead", "watched.py", "What watching costs the training.")
    _script(parts, "ui", "live.py", "The live page: `start`, `updates` or `soak`.")


def _part(parts, name: str, run, help_text: str) -> argparse.ArgumentParser:
    part = command(parts, name, run, help_text)
    part.add_argument(
        "--contenders",
        metavar="A,B",
        help="recipes, also with settings (fast_gan:width=16:d_lr=0.002), baseline:FILE of "
        "gan_core/bench/baselines, or twin:FILE; the first is compared",
    )
    part.add_argument(
        "--dataset",
        default="mnist_5k",
        help="or drawn_pairs_256, drawn_sides_256 for translators (default: mnist_5k)",
    )
    add_json(part)
    return part


def _script(parts, name: str, file: str, help_text: str) -> None:
    part = parts.add_parser(name, help=help_text, description=help_text, add_help=False)
    part.add_argument("rest", nargs=argparse.REMAINDER)
    part.set_defaults(handler=lambda args: _run_script(file, args.rest))


def _run_script(file: str, words: list[str]) -> int:
    script = SCRIPTS / file
    if not script.exists():
        raise ConfigError(f"This needs the file `{script}`, which comes with the source code.")
    return subprocess.run([sys.executable, script, *words], cwd=ROOT, check=False).returncode


def _throughput(args) -> None:
    from gan_core.bench.throughput import matrix_gflops, throughput, usual
    from gan_core.startup import runtime

    if args.rounds < 2 or args.seconds <= 0:
        raise ConfigError(
            "`--rounds` must be at least 2 and `--seconds` greater than 0. "
            f"Received: {args.rounds} and {args.seconds:g}."
        )
    rows = throughput(
        _contenders(args) or usual(args.dataset),
        args.dataset,
        lab_of(args).data_dir,
        rounds=args.rounds,
        seconds=args.seconds,
        phase=note,
    )
    runtime.start()
    machine, speed = report.machine(), matrix_gflops()
    if args.json:
        print_json({"machine": machine, "matrix_gflops": speed, "rows": rows})
        return
    print(report.throughput_table(rows))
    print(f"\nMatrix product: {speed:.0f} GFLOP/s. {report.in_words(machine)}")


def _time_to_quality(args) -> None:
    from gan_core.bench import recorded
    from gan_core.bench.time_to_quality import CONTENDERS, medians, time_to_quality
    from gan_core.runs.quality import frechet_of
    from gan_core.storage import outputs

    _check_files(args)
    data_dir = lab_of(args).data_dir
    curves = [recorded.load(outputs.check_source(path)) for path in args.against]
    for curve in curves:
        recorded.check(curve, args.dataset, args.count, curve["extractor"])
    contenders = _contenders(args) or CONTENDERS
    marks = sorted(_numbers("--marks", args.marks, float))
    seeds = _numbers("--seeds", args.seeds, int)

    curves = [recorded.timed(curve, data_dir, note) for curve in curves]
    rows, reference = time_to_quality(
        contenders,
        args.dataset,
        data_dir,
        marks=marks,
        seeds=seeds,
        count=args.count,
        unit=args.unit,
        phase=note,
    )
    found = {
        "machine": report.machine(),
        "dataset": args.dataset,
        "count": args.count,
        "extractor": reference.extractor,
        "unit": args.unit,
        "floor": frechet_of(reference.floor or {}),
        "medians": medians(rows),
        "rows": rows,
        "against": [],
    }
    if args.record:
        _record(args, found)
    for curve in curves:
        recorded.check(curve, args.dataset, args.count, reference.extractor)
        found["against"].extend(recorded.compare(curve, found["medians"]))
    _tell_quality(args, found)


def _tell_quality(args, found: dict) -> None:
    medians, against, floor = found["medians"], found["against"], found["floor"]
    if args.plot:
        from gan_core.bench import charts

        charts.quality_figure(medians, against, floor).savefig(args.plot)
    if args.json:
        print_json(found)
        return
    print(report.quality_table(medians, floor, args.unit))
    if against:
        print(f"\n{report.against_table(against)}")
    print(f"\n{args.dataset}, {args.count} fakes. {report.in_words(found['machine'])}")


def _check_files(args) -> None:
    """Refuse files that cannot be read or written before hours are spent on measuring."""
    for flag in ("against", "plot"):
        if getattr(args, flag) and args.unit != "seconds":
            raise ConfigError(
                f"`--{flag}` needs marks in seconds. Received: `--unit {args.unit}`. Allowed: seconds."
            )
    if args.plot:
        from gan_core.bench import charts

        charts.check(args.plot)
    if args.record:
        _check_record(args)


def _check_record(args) -> None:
    if args.record.exists() or not (args.contenders and args.record.resolve().parent.is_dir()):
        raise ConfigError(
            "`--record` needs `--contenders` and a new file in a folder that exists. "
            f"Received: `--record {args.record}` and `--contenders {args.contenders or ''}`."
        )


def _record(args, found: dict) -> None:
    from gan_core.bench import recorded

    rows, first = found["rows"], found["rows"][0]["contender"]
    about = {name: found[name] for name in ("dataset", "count", "extractor", "floor")}
    recorded.write(
        args.record,
        recorded.rows_of(found["medians"], first),
        contender=first,
        **about,
        ms_per_step=round(recorded.ms_per_step(rows, first), 1),
        command=f"python -m gan_core bench time-to-quality --dataset {args.dataset} --contenders "
        f"{args.contenders.split(',')[0].strip()} --unit {args.unit} --marks {args.marks} "
        f"--seeds {args.seeds} --count {args.count}",
    )


def _contenders(args):
    from gan_core.bench.contenders import Contender, check

    names = [] if not args.contenders else [n.strip() for n in args.contenders.split(",")]
    for name in names:
        check(name)
    return [Contender(name) for name in names]


def _numbers(flag: str, text: str, kind) -> list:
    try:
        found = [kind(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or min(found) <= 0:
        raise ConfigError(f"`{flag}` needs numbers above 0, with commas. Received: `{text}`.")
    return found

"""`evaluate`: the quality of what a run trained, beside real images and what learned nothing."""

from __future__ import annotations

import math

from gan_core.cli.common import add_json, command, lab_of, note, print_json, print_table

BESIDE = {"input": "input as it is", "mean": "mean image"}  # words for Measurement.beside


def add(commands) -> None:
    """Declare the command."""
    evaluate = command(commands, "evaluate", _evaluate, "Measure the quality of a run.")
    evaluate.add_argument("run_id", metavar="RUN", help="a run id, see `runs`")
    evaluate.add_argument("--step", type=int, help="a step with weights (default: the newest)")
    evaluate.add_argument(
        "--count",
        type=int,
        help="how many fakes (default: 2000), or held-out images that are translated (default: 500, fewer "
        "where they are large or there are fewer); part of each name",
    )
    add_json(evaluate)


def _evaluate(args) -> None:
    from gan_core.evaluation.run_evals import evals, evaluate_run, run_reference

    lab = lab_of(args)
    run = lab.store.get(args.run_id)
    measurement = evaluate_run(run, lab.data_dir, step=args.step, count=args.count, phase=note)
    reference = run_reference(run, lab.data_dir, count=args.count)
    line = evals(run)[-1]
    if args.json:
        judge = {"accuracy": reference.judge.accuracy, "classes": list(reference.class_names)}
        real = {"floor": reference.floor, "ceiling": reference.ceiling}
        print_json(_plain({"run": run.id, **line, "judge": judge, **real}))
        return
    others = {BESIDE[name]: values for name, values in measurement.beside.items()}
    others = others or {"noise": reference.ceiling}
    sides = (measurement.values, reference.floor, *others.values())
    names = [n for n in measurement.values if "/" not in n or measurement.beside]
    rows = [(name, *(_number(side.get(name)) for side in sides)) for name in names]
    print_table(rows, (f"step {line['step']}", run.id, "real images", *others))
    print()
    print(_words(measurement, reference))


def _words(measurement, reference) -> str:
    """What the table cannot say."""
    accuracy = reference.judge.accuracy
    what = "held-out images, translated," if measurement.beside else "fakes"
    parts = [f"Measured on {measurement.count} {what} by {measurement.extractor}"]
    if accuracy is not None:
        parts[0] += f", which is right about {accuracy:.1%} of held-out images"
    if measurement.missing:
        parts.append(f"Missing: {', '.join(measurement.missing)}")
    if measurement.thin:
        parts.append(f"Rare: {', '.join(measurement.thin)}")
    for why in dict.fromkeys(measurement.left_out.values()):
        names = [name for name, reason in measurement.left_out.items() if reason == why]
        parts.append(f"Left out, since {why}: {', '.join(names)}")
    if measurement.copying:
        parts.append("It copies training images")
    return ". ".join(parts) + f". {measurement.seconds:.1f} s."


def _number(value: float | None) -> str:
    if value is None or math.isnan(value):
        return "-"
    return f"{value:.4g}" if abs(value) < 1e4 or abs(value) >= 1e6 else f"{value:,.0f}"


def _plain(value):
    """NaN, which JSON lacks, as null."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value

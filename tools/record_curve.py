"""Measure a run at chosen steps and keep it as a recorded curve (docs/curves/).

    python -m gan_core train --recipe dcgan --dataset mnist --epochs 10
    python tools/record_curve.py RUN docs/curves/dcgan_mnist.json --ms-per-step 1105

Rows of other steps that the file holds already are kept: a run lets go of old checkpoints while it trains.
The milliseconds a step are those of the loop that the curve stands for, by `bench throughput`; the commit is
the one that measured.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gan_core.bench import recorded  # noqa: E402
from gan_core.evaluation.run_evals import evaluate_run, run_reference  # noqa: E402
from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.quality import frechet_of  # noqa: E402
from gan_core.runs.saved import checkpoints  # noqa: E402  (the path above must come first)


def main() -> None:
    """Evaluate, print a line a step, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("run_id")
    parser.add_argument("out", type=Path)
    parser.add_argument("--ms-per-step", type=float, required=True)
    parser.add_argument("--contender", default="tf_dcgan", help="the loop it stands for")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--steps", help="with commas; default: all that are stored")
    parser.add_argument("--runs-dir")
    parser.add_argument("--data-dir")
    args = parser.parse_args()
    lab = Lab(args.runs_dir, args.data_dir)
    run = lab.store.get(args.run_id)
    steps = [int(s) for s in args.steps.split(",")] if args.steps else _stored(run)
    reference = run_reference(run, lab.data_dir, count=args.count)
    earlier = _earlier(args.out, run.config["dataset"], args.count, reference.extractor)
    rows = earlier | {step: _row(run, lab.data_dir, step, args.count) for step in steps}
    config = run.config
    recorded.write(
        args.out,
        [rows[step] for step in sorted(rows)],
        contender=args.contender,
        dataset=config["dataset"],
        count=args.count,
        extractor=reference.extractor,
        ms_per_step=args.ms_per_step,
        command=f"python -m gan_core train --recipe {config['recipe']} "
        f"--dataset {config['dataset']} --steps {max(rows)} --seed {config['seed']}",
        floor=frechet_of(reference.floor),
    )


def _stored(run) -> list[int]:
    return [step for step in checkpoints.list_weights(run.path) if step]


def _earlier(out: Path, *measured) -> dict[int, dict]:
    if not out.exists():
        return {}
    curve = recorded.load(out)
    recorded.check(curve, *measured)
    return {row["step"]: row for row in curve["rows"]}


def _row(run, data_dir, step: int, count: int) -> dict:
    values = evaluate_run(run, data_dir, step=step, count=count).values
    row = recorded.row(step, frechet_of(values), values)
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()

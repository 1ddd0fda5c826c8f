"""Ailments in real trainings: does the doctor name them, and is it silent about healthy runs?

    python tests/reliability/ailments.py                     # ten ailments, seeds 1, 2, 3
    python tests/reliability/ailments.py --fresh             # those that are ill by their settings
    python tests/reliability/ailments.py --healthy           # presets for 2,000 steps, no alarm
    python tests/reliability/ailments.py --healthy --dataset pixel_faces    # the same in colour
    python tests/reliability/ailments.py --remedies --seeds 1   # apply what the doctor proposes
    python tests/reliability/ailments.py --take RUN --runs-dir DIR   # a run as a healthy recording
    python tests/reliability/ailments.py --pack tests/data/ailments.zip
    python tests/reliability/ailments.py --fresh --pack tests/data/ailments_fresh.zip

Trainings are recorded once into `--folder` and read again from there, so that limits can be changed
and judged without training. `--pack` makes the small files that the unit tests replay: seed 1, of the
fresh ones all seeds, and the presets in FRESH_PACKED at `--steps`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from gan_core.data import default_data_dir  # noqa: E402  (the path above must come first)
from gan_core.runs.store import RunStore, default_runs_dir  # noqa: E402
from tests.reliability import recordings  # noqa: E402
from tests.reliability.ailment_cases import CASES, FRESH, PRESETS, Case  # noqa: E402

HEALTHY_STEPS = 2000
FRESH_PACKED = (
    "fast_dcgan-1",
    "hinge_sn-1",
    "lsgan-1",
    "r3gan-1",
    "wgan_gp-1",
    "toy_mlp-1",
    "toy_mlp-2",
    "toy_mlp-3",
)
PACKED = ("healthy_fast_gan", "healthy_mlp_gan", "healthy_dcgan")  # the last: 10 epochs of MNIST


def healthy_case(preset: str, steps: int = HEALTHY_STEPS, dataset: str = "") -> Case:
    """A preset at its defaults, with no onset of anything."""
    name = "_".join(["healthy", preset, *([dataset] if dataset else [])])
    return Case(name, preset, ("healthy",), onset=HEALTHY_STEPS + 1, steps=steps, dataset=dataset)


def main() -> int:
    """Record, judge, report; 1 if something was missed or a healthy run alarmed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seeds", default="1,2,3", help="for example 1,2,3")
    parser.add_argument("--only", default="", help="names of ailments or presets")
    parser.add_argument(
        "--fresh", action="store_true", help="the ones ill by their settings instead"
    )
    parser.add_argument("--healthy", action="store_true", help="the presets instead")
    parser.add_argument("--dataset", default="", help="of the presets, instead of digits")
    parser.add_argument("--steps", type=int, default=HEALTHY_STEPS, help="of the presets")
    parser.add_argument("--remedies", action="store_true", help="apply what the doctor proposes")
    parser.add_argument("--pack", type=Path, help="write the recordings of seed 1 as a small file")
    parser.add_argument("--take", metavar="RUN", help="keep this run as a healthy recording")
    parser.add_argument("--runs-dir", help="where that run is")
    parser.add_argument("--folder", type=Path, help="where recordings are kept")
    args = parser.parse_args()
    seeds = [int(seed) for seed in args.seeds.split(",")]
    folder = args.folder or Path(tempfile.gettempdir()) / "ganscope-ailments"
    cases = FRESH if args.fresh else CASES
    if args.healthy:
        presets = [n for n in PRESETS if not (args.dataset and n == "toy_mlp")]  # it is of points
        cases = [healthy_case(name, args.steps, args.dataset) for name in presets]
    if args.only:
        only = args.only.split(",")
        cases = [c for c in cases if c.name in only or (args.healthy and c.recipe in only)]
    if args.remedies:
        from tests.reliability.remedies import try_all

        return try_all(cases, seeds)
    if args.take:
        run = RunStore(args.runs_dir or default_runs_dir()).get(args.take)
        case = healthy_case(run.config["recipe"])
        print(recordings.take(run, case.name, onset=case.onset, folder=folder))
        return 0
    if args.pack:
        names = [f"{c.name}-1" for c in CASES] + [f"{name}-1" for name in PACKED]
        if args.fresh:
            names = [f"{case.name}-{seed}" for case in FRESH for seed in seeds]
            names += [f"healthy_{name}" for name in FRESH_PACKED]
        recordings.pack([folder / f"{name}.npz" for name in names], args.pack)
        print(f"{args.pack}: {args.pack.stat().st_size / 1000:.0f} kB")
        return 0
    judge = _healthy if args.healthy else _named
    good = [judge(case, seed, folder) for case in cases for seed in seeds]
    print(f"{sum(good)} of {len(good)} as they should be")
    return 0 if all(good) else 1


def _recording(case: Case, seed: int, folder: Path) -> recordings.Recording:
    path = folder / f"{case.name}-{seed}.npz"
    if not path.exists():
        from gan_core.startup import runtime

        runtime.start()
        from tests.reliability.recorder import record

        record(case, seed, folder, data_dir=default_data_dir())
    return recordings.load(path)


def _named(case: Case, seed: int, folder: Path) -> bool:
    recording = _recording(case, seed, folder)
    found = recordings.named(recording, case.expected)
    early = [v for v in recordings.alarms(recording) if v.step <= case.onset]
    others = [v for v in recordings.follow(recording) if v.step > case.onset and v.alarm]
    if found is None:
        said = ", ".join(f"{v.name} at {v.step}" for v in others) or "nothing"
        print(f"{case.name}, seed {seed}: MISSED; said {said}", flush=True)
        return False
    steps = found.step - case.onset
    late = "" if steps <= case.within else f", LATE: more than {case.within}"
    false = "".join(f", FALSE ALARM {v.name} at {v.step}" for v in early)
    print(f"{case.name}, seed {seed}: {found.name} after {steps} steps{late}{false}", flush=True)
    return not (late or false)


def _healthy(case: Case, seed: int, folder: Path) -> bool:
    recording = _recording(case, seed, folder)
    found = recordings.alarms(recording)
    said = ", ".join(f"FALSE ALARM {v.name} at {v.step}" for v in found) or "no alarm"
    print(f"{case.name}, seed {seed}: {said} in {len(recording.metrics):,} steps", flush=True)
    return not found


if __name__ == "__main__":
    sys.exit(main())

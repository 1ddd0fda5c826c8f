"""Ailments of translators in small real trainings: what the doctor says, and by which numbers.

    python tests/reliability/translation_ailments.py --seeds 1,2,3
    python tests/reliability/translation_ailments.py --healthy --whole --seeds 1

Trainings are recorded once into `--folder` and judged again from there.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tests.reliability.translation_cases import SMALL, cases, healthy  # noqa: E402

PROBE_EVERY, MEASURE_EVERY = 50, 100
COUNT = 200


def record(case, seed: int, folder: Path, *, whole: bool) -> dict:
    """What the doctor would see of one training; kept in the folder."""
    path = folder / f"{case.name}-{seed}{'-whole' if whole else ''}.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_trained(case, seed, whole=whole)))
    return json.loads(path.read_text())


def _trained(case, seed: int, *, whole: bool) -> dict:
    from gan_core import data, recipes
    from gan_core.doctor.evidence import probe_line
    from gan_core.evaluation.measuring import translations
    from gan_core.startup import runtime
    from gan_core.training.session import build_algorithm

    runtime.start()
    settings = ({} if whole else SMALL[case.recipe]) | case.settings
    config = recipes.config(case.recipe, case.dataset, seed=seed, **settings)
    dataset = data.load(case.dataset, data.default_data_dir())
    algorithm = build_algorithm(config, case.of(dataset))
    way = translations.MEASURING
    cache = data.default_data_dir() / ".measures"
    reference = way.open_reference(config, dataset, cache, count=COUNT, phase=lambda text: None)
    session = type("Session", (), {"config": config, "dataset": dataset, "algorithm": algorithm})
    beside = way.beside(session, reference, seed=0)
    rows, probes, evals = [], [], []
    for step in range(1, case.steps + 1):
        rows.append([float(v) for v in np.asarray(algorithm.train_step())])
        case.harm(algorithm)
        if step % PROBE_EVERY == 0:
            probes.append(probe_line(step, beside.probe()))
        if step % MEASURE_EVERY == 0:
            found = beside.measure()
            told = {"values": found.values, "beside": found.beside}
            evals.append({"step": step, "count": found.count, "missing": [], "floor": None} | told)
    return {
        "case": case.name, "seed": seed, "names": list(algorithm.metric_names), "rows": rows,
        "loss": config.loss, "probes": probes, "evals": evals, "config": config.model_dump(),
        "classes": list(dataset.spec.class_names),
    }  # fmt: skip


def follow(recording: dict):
    """(verdicts, doctor) of a recording."""
    from gan_core.doctor.doctor import Doctor

    doctor = Doctor(
        recording["loss"], recording["names"], class_names=recording["classes"],
        rules="translation",
    )  # fmt: skip
    probes, evals, found = list(recording["probes"]), list(recording["evals"]), []
    for step, row in enumerate(recording["rows"], start=1):
        while probes and probes[0]["step"] <= step:
            doctor.see_probe(probes.pop(0))
        while evals and evals[0]["step"] <= step:
            doctor.see_eval(evals.pop(0))
        verdict = doctor.see(step, np.array(row, np.float32))
        found += [verdict] if verdict is not None else []
    return found, doctor


def main() -> int:
    """Record, judge, report; 1 if something was missed or a healthy run alarmed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--only", default="", help="names of cases")
    parser.add_argument("--healthy", action="store_true", help="the presets instead, small")
    parser.add_argument("--whole", action="store_true", help="at the recipe's own size")
    parser.add_argument("--steps", type=int, default=0, help="instead of the case's own")
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    folder = args.folder or Path(tempfile.gettempdir()) / "ganscope-translation-ailments"
    chosen = healthy() if args.healthy else cases()
    if args.only:
        chosen = [case for case in chosen if case.name in args.only.split(",")]
    good = []
    for case in chosen:
        case = replace(case, steps=args.steps or case.steps)
        for seed in map(int, args.seeds.split(",")):
            good.append(_judged(case, record(case, seed, folder, whole=args.whole)))
    print(f"{sum(good)} of {len(good)} as they should be")
    return 0 if all(good) else 1


def _judged(case, recording: dict) -> bool:
    said, _ = follow(recording)
    alarms = [verdict for verdict in said if verdict.alarm]
    wanted = not alarms if "healthy" in case.expected else any(
        verdict.name in case.expected for verdict in alarms
    )  # fmt: skip
    words = ", ".join(f"{v.name} ({v.rule}) at {v.step}" for v in said)
    print(
        f"{case.name}, seed {recording['seed']}: {'good' if wanted else 'WRONG'}: {words}",
        flush=True,
    )
    return wanted


if __name__ == "__main__":
    sys.exit(main())

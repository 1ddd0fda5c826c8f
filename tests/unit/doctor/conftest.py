"""Evidence made by hand, with healthy numbers where a test says nothing else."""

import numpy as np
import pytest

from gan_core.doctor.evidence import Evidence

STEPS = 900
DIGITS = tuple("0123456789")
HEALTHY = {
    "g_loss": 0.8,
    "d_loss": 1.3,
    "real_accuracy": 0.6,
    "fake_accuracy": 0.6,
    "real_score": 0.15,
    "fake_score": -0.15,
    "g_grad_norm": 0.7,
    "d_grad_norm": 2.5,
}


def probe(step, **changes):
    """A probe of 256 fakes, about as many of each class and as varied as real images."""
    line = {
        "step": step,
        "count": 256,
        "class_counts": [26] * 6 + [25] * 4,
        "class_kl": 0.01,
        "diversity": 1.0,
        "class_diversity": 0.95,
        "duplicates": 0.0,
        "missing": [],
        "gap": {"train": 0.2, "held_out": 0.15, "fake": -0.2, "auc": 0.55, "share": 0.12},
    }
    return line | changes


def of_points(step, *, modes=8, near=0.97, diversity=1.0):
    """A probe of 2,000 points, as many around each of the modes that are made."""
    counts = [int(2000 * near / max(modes, 1)) if k < modes else 0 for k in range(8)]
    return {
        "step": step,
        "count": 2000,
        "class_counts": [],
        "class_kl": None,
        "diversity": diversity,
        "class_diversity": None,
        "duplicates": None,
        "missing": [],
        "modes": counts,
        "near": near,
    }


def without(*digits):
    """The class fields of a probe that misses these digits."""
    counts = [0 if d in digits else 256 // (10 - len(digits)) for d in DIGITS]
    return {"missing": list(digits), "class_counts": counts}


def evaluated(step, distance=6.0, copies=0.01):
    return {
        "step": step,
        "count": 2000,
        "floor": 1.5,
        "missing": [],
        "values": {"fd_judge_2k": distance, "copies": copies, "authentic": 0.8},
    }


@pytest.fixture
def evidence():
    """evidence(real_accuracy=0.99, probes=[...]): metrics as one number or an array of all steps."""

    def make(*, loss="non_saturating", probes=None, evals=(), names=DIGITS, drop=(), **metrics):
        rng = np.random.default_rng(0)
        columns = {}
        for name, value in (HEALTHY | metrics).items():
            column = np.broadcast_to(np.asarray(value, np.float32), STEPS).copy()
            columns[name] = column + 0.01 * np.abs(column) * rng.standard_normal(STEPS)
        if probes is None:
            probes = [probe(step) for step in range(350, STEPS + 1, 50)]
        return Evidence(
            loss=loss,
            steps=np.arange(1, STEPS + 1),
            probes=probes,
            evals=list(evals),
            metrics={n: c.astype(np.float32) for n, c in columns.items() if n not in drop},
            baseline={"g_grad_norm": 0.7, "d_grad_norm": 2.5},
            class_names=names,
        )

    return make

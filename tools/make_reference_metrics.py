"""Makes tests/data/reference_metrics.npz and .json: feature sets and what other programs measure.

The oracle of tests/unit/evaluation/test_reference_metrics.py. Run once by a maintainer, in an
environment of its own (the project and its tests need neither PyTorch nor scikit-learn):

    python3 -m venv metrics-env
    metrics-env/bin/pip install numpy scipy scikit-learn prdc==0.2 torch==2.13.0 torchmetrics==1.9.0
    metrics-env/bin/python tools/make_reference_metrics.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from prdc import compute_prdc
from torchmetrics.image.fid import _compute_fid
from torchmetrics.image.kid import poly_mmd

OUT = Path(__file__).resolve().parents[1] / "tests" / "data" / "reference_metrics"
SUBSETS, SUBSET_SIZE = 2000, 200
PACKAGES = ("prdc", "torchmetrics", "torch", "scikit-learn", "scipy", "numpy")


def cases() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """(real [300, 16], fake [250 or 300, 16]) by name, float32; rectified like judge features."""
    rng = np.random.default_rng(7)
    mix = rng.standard_normal((16, 16)) / 4

    def draw(count, shift=0.0, scale=1.0):
        x = scale * rng.standard_normal((count, 16)) @ mix + 0.5 + shift
        return np.maximum(x, 0).astype(np.float32)

    return {
        "alike": (draw(300), draw(300)),
        "shifted": (draw(300), draw(250, shift=0.3)),
        "narrow": (draw(300), draw(300, scale=0.4)),
        "collapsed": (draw(300), np.repeat(draw(10), 30, axis=0) + 1e-3 * draw(300)),
    }


def measured(real: np.ndarray, fake: np.ndarray) -> dict[str, float]:
    """What the other programs say."""
    a, b = (torch.from_numpy(x.astype(np.float64)) for x in (real, fake))
    subsets = kernel_subsets(a, b)
    scores = compute_prdc(real.astype(np.float64), fake.astype(np.float64), nearest_k=5)
    return {
        "frechet": float(_compute_fid(a.mean(0), a.T.cov(), b.mean(0), b.T.cov())),
        "kernel_mean": float(subsets.mean()),
        "kernel_std_of_subsets": float(subsets.std()),
        "kernel_all": float(poly_mmd(a, b)) if len(a) == len(b) else None,
        **{name: float(value) for name, value in scores.items()},
    }


def kernel_subsets(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Kernel distances of random subsets, drawn as KernelInceptionDistance draws them."""
    torch.manual_seed(1)
    found = [
        poly_mmd(a[torch.randperm(len(a))[:SUBSET_SIZE]], b[torch.randperm(len(b))[:SUBSET_SIZE]])
        for _ in range(SUBSETS)
    ]
    return torch.stack(found)


def main() -> None:
    """Writes both files."""
    arrays, results = {}, {}
    for name, (real, fake) in cases().items():
        arrays |= {f"{name}/real": real, f"{name}/fake": fake}
        results[name] = measured(real, fake)
    np.savez_compressed(OUT.with_suffix(".npz"), **arrays)
    packages = {package: version(package) for package in PACKAGES}
    subsets = {"number": SUBSETS, "size": SUBSET_SIZE}
    found = {"packages": packages, "kernel_subsets": subsets, "cases": results}
    text = json.dumps(found, indent=2)
    OUT.with_suffix(".json").write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()

"""Measures of 2-D points: which modes they cover, how many lie near one, how varied they are.

Points have no pixels, so no judge looks at them. What stands in its place are 32 random Fourier
features of the coordinates (Rahimi and Recht, 2007): cosines of two wavelengths, one that tells the
modes apart and one that sees their width. Their Fréchet distance is `fd_points_<count>`; precision
and so on are measured on the coordinates themselves.

    modes      how many modes have at least a tenth of their share of the points
    near       share of the points within three standard deviations of a mode (0.989 of the data)
    mode_kl    of the modes that these are near from equal shares, in nats
"""

from __future__ import annotations

import functools
import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import Dataset, toy
from gan_core.errors import DataError
from gan_core.evaluation import classes, distances
from gan_core.evaluation.frechet import Moments, frechet_distance, frechet_error, moments, root
from gan_core.evaluation.measure import MIN_COUNT, Measurement, Probe, count_name
from gan_core.evaluation.prdc import prdc, radii

if TYPE_CHECKING:
    from gan_core.types import Floats, Labels

KIND = "points"
NEAR = 3.0  # standard deviations of a mode
FEATURES = 32
LENGTHS = (0.35, 0.07)  # of the two wavelengths' kernels, over the standard deviation of the data
PAIRS = 200  # points of a probe whose distances to each other are measured
SEED = 600
MAX_COUNT = 50_000
MODES = {toy.RING.name: (toy.ring_modes, toy.STD)}


@dataclass(frozen=True)
class PointJudge:
    """Looks at points: cosines of random projections [2, F] with random phases [F]."""

    projections: Floats
    phases: Floats
    kind: str = KIND
    num_classes: int = 0
    accuracy: float | None = None

    @property
    def hash(self) -> str:
        """First 12 digits of the SHA-256 of projections and phases."""
        found = hashlib.sha256(self.projections.tobytes() + self.phases.tobytes())
        return found.hexdigest()[:12]

    def look(self, points: Floats) -> Floats:
        """Features float64 [N, F] of points [N, 2]."""
        found: np.ndarray = np.cos(points.astype(np.float64) @ self.projections + self.phases)
        return found


@dataclass(frozen=True)
class PointReference:
    """Real points that fakes are measured against; stands where evaluation.real_images.Reference does.

    Attributes:
        real: float32 [M, 2] that fakes are compared with.
        held_out: other real points, held-out ones first; they play the fakes of the floor.
        modes: centres [K, 2]; empty where the data have none that are known.
        std: standard deviation of a mode, per axis.
        seconds: a measurement takes about as long.
    """

    judge: PointJudge
    count: int
    real: np.ndarray
    held_out: np.ndarray
    modes: np.ndarray
    std: float
    seconds: float = 0.1
    class_names: tuple[str, ...] = ()
    image_shape: tuple[int, ...] = (2,)

    @property
    def extractor(self) -> str:
        """Kind and hash of what looks at the points."""
        return f"{self.judge.kind}:{self.judge.hash}"

    @property
    def label_shares(self) -> np.ndarray:
        """Points have no labels."""
        return np.zeros(0)

    @functools.cached_property
    def moments(self) -> Moments:
        return moments(self.judge.look(self.real))

    @functools.cached_property
    def root(self) -> np.ndarray:
        return root(self.moments.covariance)

    @functools.cached_property
    def radii(self) -> np.ndarray:
        return radii(self.real[: self.count])

    @functools.cached_property
    def diversity(self) -> float:
        return distances.mean_pairwise(self.real[:1000])

    @functools.cached_property
    def floor(self) -> dict[str, float]:
        """Values of held-out points."""
        return _values(self.held_out, self)

    @functools.cached_property
    def ceiling(self) -> dict[str, float]:
        """Values of points that are spread evenly over the data's rectangle."""
        rng = np.random.default_rng(SEED)
        low, high = self.real.min(0), self.real.max(0)
        return _values(rng.uniform(low, high, self.held_out.shape).astype(np.float32), self)


def open_points(dataset: Dataset, count: int = 2000) -> PointReference:
    """The reference of a set of points at a count; floor and ceiling are measured when asked for.

    Raises:
        DataError: the data are no points in the plane, or the count is out of range.
    """
    spec = dataset.spec
    if spec.kind != "points" or tuple(spec.image_shape) != (2,):
        raise DataError(
            f"Only points in the plane fit here. Received: `{spec.name}` ({spec.kind})."
        )
    if not MIN_COUNT <= count <= MAX_COUNT:
        raise DataError(f"`count` must be {MIN_COUNT} to {MAX_COUNT}. Received: {count}.")
    centres, std = MODES.get(spec.name, (lambda: np.zeros((0, 2), np.float32), 1.0))
    rng, scale = np.random.default_rng(SEED), float(dataset.train.std())
    lengths = np.repeat([scale * length for length in LENGTHS], FEATURES // 2)
    projections = rng.standard_normal((2, FEATURES)) / lengths
    judge = PointJudge(projections, rng.uniform(0, 2 * np.pi, FEATURES))
    both = np.concatenate([dataset.held_out, dataset.train])
    wanted = min(count, len(both) // 2)
    return PointReference(judge, count, both[wanted:], both[:wanted], centres(), std)


def checked(points: Floats) -> np.ndarray:
    """Points [N, 2], at least MIN_COUNT and finite; DataError if not."""
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < MIN_COUNT:
        raise DataError(
            f"Measuring takes at least {MIN_COUNT} points of 2 numbers. "
            f"Received: {list(points.shape)}."
        )
    if not np.isfinite(points).all():
        raise DataError("The points hold NaN or infinite numbers. Allowed: finite coordinates.")
    return points


def measure(points: Floats, reference: PointReference) -> Measurement:
    """Measure generated points [N, 2]."""
    started = time.perf_counter()
    values = _values(checked(points), reference)
    return Measurement(
        values=values,
        class_counts=(),
        missing=(),
        thin=(),
        seconds=time.perf_counter() - started,
        extractor=reference.extractor,
        count=len(points),
    )


def probe(points: Floats, reference: PointReference) -> Probe:
    """A quick look at generated points [N, 2]."""
    started = time.perf_counter()
    counts = near_counts(checked(points), reference)
    return Probe(
        class_counts=(),
        class_kl=float("nan"),
        diversity=distances.mean_pairwise(points[:PAIRS]) / reference.diversity,
        seconds=time.perf_counter() - started,
        count=len(points),
        modes=tuple(int(n) for n in counts),
        near=float(counts.sum() / len(points)) if len(counts) else None,
    )


def near_counts(points: Floats, reference: PointReference) -> Labels:
    """Points within NEAR standard deviations of each mode, int64 [K]."""
    if not len(reference.modes):
        return np.zeros(0, np.int64)
    apart = np.linalg.norm(points[:, None] - reference.modes, axis=2)
    nearest = apart.argmin(1)[apart.min(1) <= NEAR * reference.std]
    return np.bincount(nearest, minlength=len(reference.modes))


def covered(counts: np.ndarray, total: int) -> int:
    """Modes with at least classes.MISSING of an equal share of all points."""
    return int((np.asarray(counts) >= classes.MISSING * total / max(len(counts), 1)).sum())


def _values(points: Floats, reference: PointReference) -> dict[str, float]:
    features = reference.judge.look(points)
    name = f"fd_{KIND}_{count_name(len(points))}"
    values = {
        name: frechet_distance(reference.moments, moments(features), reference.root),
        f"{name}_error": frechet_error(reference.moments, features),
        **prdc(reference.real[: len(reference.radii)], points, real_radii=reference.radii),
        "diversity": distances.mean_pairwise(points) / reference.diversity,
    }
    counts = near_counts(points, reference)
    if not len(counts):
        return values
    shares = np.full(len(counts), 1 / len(counts))
    return values | {
        "modes": float(covered(counts, len(points))),
        "near": float(counts.sum() / len(points)),
        "mode_kl": classes.divergence(counts, shares) if counts.any() else float("nan"),
    }

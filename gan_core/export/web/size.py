"""How large a web page may be to be sent, and how large the one of a run will be; no TensorFlow."""

from __future__ import annotations

from pathlib import Path

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.errors import GanError
from gan_core.export.web.pack import DIGITS, GROUP
from gan_core.runs.run import Run
from gan_core.tasks import run_data

MOST = (
    3_000_000  # bytes of a page that is meant to be sent: with float16, else with coarser kernels
)
PAGE = 60_000  # bytes of a page without weights
HALF, COARSE = 14.7, 7.0  # bits a number, deflated: float16, and as coarse as images allow


def expected(numbers: int) -> int:
    """Bytes of the page of networks with so many numbers, to within some per cent."""
    half, coarse = (PAGE + round(numbers * bits / 8 * DIGITS / GROUP) for bits in (HALF, COARSE))
    return half if half <= MOST else max(coarse, MOST)


def told(size: int) -> str:
    """In words, of one that is too large to be sent."""
    return f"about {size / 1e6:.1f} MB; pages up to {MOST / 1e6:.0f} MB are meant to be sent."


def of_run(run: Run, data_dir: Path | str) -> int:
    """The same of a run, all its ways; 0 where its networks or data are not known here."""
    spec = run_data.known_spec(run, data_dir)
    try:
        config = TrainConfig.from_dict(run.config)
        return expected(recipes.get(config.recipe).sizes(config, spec).shown) if spec else 0
    except GanError:
        return 0

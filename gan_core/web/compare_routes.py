"""What the Compare page asks of each run beside its curves: facts of bounded size, and one strip.

The curves themselves are windows of routes.py; nothing here grows with the length of a run.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan_core.errors import RunError
from gan_core.evaluation.run_evals import evals
from gan_core.metric_table import find, is_distance
from gan_core.metric_table.metrics import measured_by
from gan_core.runs import pictures
from gan_core.runs.lineage import ancestors, line_of
from gan_core.runs.quality import comparable
from gan_core.web.answers import BadRequest, answer, in_words, picture, whole
from gan_core.web.details import grid_header, sample_time

if TYPE_CHECKING:
    from gan_core.lab import Lab
    from gan_core.runs.store import Run

MAX_STEPS = 120  # sample grids that are offered, dense early
MAX_EVALS = 400
MAX_TILES = 24
POSITIONS = 1000  # points that steps are placed between
MAX_SIDE = 512  # pixels of a tile
MAX_WRITTEN = 40 * MAX_TILES  # characters of the times in an address


def make_compare_routes(get_lab: Callable[[], Lab]) -> list[Route]:
    """Both routes; `get_lab` is called per request."""

    def facts(request: Request) -> Response:
        lab = get_lab()
        run = lab.store.get(request.path_params["id"])
        return answer(run_facts(run, lab.store.get(run.id).status().state))

    def strip(request: Request) -> Response:
        run = get_lab().store.get(request.path_params["id"])
        column, row = whole(request, "column", default=0), whole(request, "row", default=0)
        steps, owners = _steps(request), sample_owners(run)
        written = [sample_time(owners[s], s) if s in owners else None for s in steps]
        data = tile_strip(run, steps, column, row)
        return picture(data, request.query_params.get("written", "")[:MAX_WRITTEN], written)

    table = {"/api/compare/{id}/facts": facts, "/api/compare/{id}/strip.png": strip}
    return [Route(path, in_words(endpoint), methods=["GET"]) for path, endpoint in table.items()]


def run_facts(run: Run, state: str) -> dict[str, Any]:
    """State, metrics, quality measurements and sample steps, each with its place on every axis."""
    line = line_of(run)
    places = _Places(line)
    owners = sample_owners(run)
    steps = sorted(_thinned(owners, MAX_STEPS))
    found = _thinned(comparable(evals(run)), MAX_EVALS)
    return {
        "run": run.id,
        "state": state,
        "metrics": list(line.names) if line else [],
        "table": {name: find(name).spec() for name in (line.names if line else ())},
        "last": int(line.last_step) if line else 0,
        "distance": _distance(found),
        "grid": grid_header(run),
        "samples": places.of(steps) | {"written": [sample_time(owners[s], s) for s in steps]},
        "evals": [
            {"values": _plain(e.get("values")), "extractor": str(e.get("extractor", ""))[:80]}
            for e in found
        ],
        "floor": _floor(found),
        "eval_places": places.of([int(e.get("step", 0)) for e in found]),
    }


def sample_owners(run: Run) -> dict[int, Run]:
    """Step -> the run of the line that holds its sample grid; a branch's parents up to the fork."""
    owners = dict.fromkeys(run.sample_steps(), run)
    stop = None
    for parent, fork in ancestors(run):
        stop = fork if stop is None else min(stop, fork)
        owners = {s: parent for s in parent.sample_steps() if s <= stop} | owners
    return owners


class _Places:
    """Where steps are on the axes: images seen and seconds, between the points of one window."""

    def __init__(self, line):
        window = line.window(1, None, POSITIONS) if line else None
        # A point's position is that of its last step: the step before the next point begins.
        last = line.last_step if line else 0
        self._step, self._images, self._time = [0], [0.0], [0.0]
        if window is not None and len(window):
            self._step += [*(window.step[1:] - 1), last]
            self._images += [*window.images_seen]
            self._time += [*window.wall_time]

    def of(self, steps: Sequence[int]) -> dict[str, list[float]]:
        return {
            "step": list(steps),
            "images_seen": np.interp(steps, self._step, self._images).tolist(),
            "wall_time": np.interp(steps, self._step, self._time).tolist(),
        }


def _thinned(values, most: int) -> list:
    """At most `most` of them: the first, the last, and dense early between."""
    values = list(values) if not isinstance(values, dict) else sorted(values)
    if len(values) <= most:
        return values
    picks = np.unique(np.round((len(values) - 1) * np.linspace(0, 1, most) ** 1.6).astype(int))
    return [values[i] for i in picks]


def _plain(values: Any) -> dict[str, float]:
    """Numbers of whole images sets only; those of single classes stay on the run's own page."""
    if not isinstance(values, dict):
        return {}
    return {
        str(n)[:60]: v
        for n, v in list(values.items())[:60]
        if "/" not in str(n) and isinstance(v, int | float) and not isinstance(v, bool)
    }


def _distance(found: list[dict[str, Any]]) -> dict[str, str] | None:
    """Which Fréchet distance was measured last, and what its chart is called and says."""
    name = next(filter(is_distance, _plain(found[-1].get("values")) if found else ()), None)
    if name is None:
        return None
    metric = find(name)
    note = f"{measured_by(name)}, {metric.better} is closer to the data"
    return {"name": name, "title": metric.title, "term": metric.term, "note": note}


def _floor(found: list[dict[str, Any]]) -> float | None:
    """The distance of real images against real ones, by the newest measurement."""
    floor = found[-1].get("floor") if found else None
    return floor if isinstance(floor, int | float) and not isinstance(floor, bool) else None


def _steps(request: Request) -> list[int]:
    texts = request.query_params.get("steps", "")[:400].split(",")
    if not all(t.isascii() and t.isdigit() and len(t) <= 10 for t in texts):
        raise BadRequest(f"`steps` must be whole numbers. Received: `{','.join(texts)[:40]}`.")
    if len(texts) > MAX_TILES:
        raise BadRequest(f"`steps` must be at most {MAX_TILES}. Received: {len(texts)}.")
    return [int(t) for t in texts]


def tile_strip(run: Run, steps: Sequence[int], column: int, row: int) -> bytes:
    """PNG of one tile of the sample grids of these steps, side by side.

    A grid that is damaged, or of another size than the run's layout says, leaves its tile black.
    """
    from PIL import Image

    header = grid_header(run)
    if header is None:
        raise RunError(f"{run.id} does not tell how to cut its sample grids.")
    columns, rows, (height, width) = header["columns"], header["rows"], header["tile"]
    if not (column < columns and row < rows and height <= MAX_SIDE and width <= MAX_SIDE):
        raise BadRequest(f"`column` and `row` must be in a grid of {columns} by {rows}.")
    owners = sample_owners(run)
    strip = Image.new("RGB", (width * len(steps), height))
    for i, step in enumerate(steps):
        if step not in owners:
            raise RunError(f"{run.id} has no sample of step {step}.")
        left, top = column * width, row * height
        box = (left, top, left + width, top + height)
        with contextlib.suppress(RunError, *pictures.BROKEN):
            data, size = pictures.sample(owners[step], step)
            if size == pictures.grid_size(grid_header(owners[step])):
                with Image.open(io.BytesIO(data), formats=["PNG"]) as grid:
                    strip.paste(grid.crop(box).convert("RGB"), (i * width, 0))
    out = io.BytesIO()
    strip.save(out, "PNG")
    return out.getvalue()

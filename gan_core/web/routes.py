"""The routes themselves: thin reads of the Lab and its runs, for the components on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan_core.errors import RunError
from gan_core.web import assets, curves, held_out
from gan_core.web.answers import (
    MAX_STEP,
    answer,
    binary,
    in_words,
    number,
    picture,
    whole,
)
from gan_core.web.crowd import Crowd
from gan_core.web.details import grid_header, reals_time, sample_time, sample_times
from gan_core.web.machine import Meters
from gan_core.web.status import status

if TYPE_CHECKING:
    from gan_core.lab import Lab
    from gan_core.runs.store import Run

MAX_NAMES = 2_000  # characters of a list of metric names
MAX_EVENTS = 200  # of one answer


def make_routes(get_lab: Callable[[], Lab]) -> list[Route]:
    """All routes; `get_lab` is called per request, so that the Lab is made when first needed."""
    reads = Reads(get_lab)
    table = {
        "/api/runs/{id}/status": reads.status,
        "/api/runs/{id}/curves": reads.curves,
        "/api/runs/{id}/window": reads.window,
        "/api/runs/{id}/events": reads.events,
        "/api/runs/{id}/held_out": reads.held_out,
        "/api/runs/{id}/samples": reads.samples,
        "/api/runs/{id}/samples/{step}.png": reads.sample,
        "/api/runs/{id}/reals.png": reads.reals,
        assets.PLOTLY_URL: assets.plotly,
        "/assets/components/{version}/{name:path}": assets.component,
    }
    return [Route(path, in_words(endpoint), methods=["GET"]) for path, endpoint in table.items()]


class Reads:
    """The endpoints of a run. They are plain functions, so Starlette runs them in its threads."""

    def __init__(self, get_lab: Callable[[], Lab]):
        self._get_lab = get_lab
        self._meters, self._crowd = Meters(), Crowd()

    def _run(self, request: Request) -> Run:
        return self._get_lab().store.get(request.path_params["id"])

    def status(self, request: Request) -> Response:
        """State, step, speed, knobs, machine; polled twice a second. `held`: the paused run it waits for."""
        with self._crowd.answering():
            return answer(self._status(self._run(request)))

    def _status(self, run: Run) -> dict:
        lab = self._get_lab()
        snapshot = lab.snapshot(run.id)
        waits = snapshot.queue_position is not None
        told = status(run, snapshot, self._meters)
        return told | {"rest": self._crowd.rest, "held": lab.jobs.paused() if waits else None}

    def curves(self, request: Request) -> Response:
        """Rows newer than `since` (format: curves.py); with `status=1` its header has the status."""
        since = whole(request, "since", default=0)
        mark = number(request, "mark", default=-1.0, low=-1.0, high=1e15)
        limit = whole(request, "limit", default=curves.MAX_ROWS, low=1, high=curves.MAX_ROWS)
        known = None if mark < 0 else mark
        run = self._run(request)
        asked = request.query_params.get("status") == "1"
        with self._crowd.answering():
            more = {"status": self._status(run)} if asked else {}
            return binary(curves.newer_rows(run, since, known, _names(request), limit, more))

    def window(self, request: Request) -> Response:
        """Minimum, maximum and mean over `start` to `stop` (format: curves.py)."""
        start = whole(request, "start", default=0)
        stop = whole(request, "stop", default=MAX_STEP)
        points = whole(request, "points", default=1000, low=2, high=curves.MAX_ROWS)
        data = curves.window(
            self._run(request), start, None if stop == MAX_STEP else stop, _names(request), points
        )
        return binary(data)

    def events(self, request: Request) -> Response:
        """The events after the first `after` ones, oldest first; `known` counts all there are."""
        after = whole(request, "after", default=0)
        found = self._run(request).events(after)
        return answer({"events": found[:MAX_EVENTS], "known": after + len(found)})

    def held_out(self, request: Request) -> Response:
        """L1 of held-out images through the run, and that of the input as it is; {} where unmeasured."""
        return answer({"measures": held_out.measures(self._run(request))})

    def samples(self, request: Request) -> Response:
        """The steps after `after` that have a sample grid, when each was made, how to cut them.

        Both times go into the pictures' addresses as `written`, so that no browser shows another
        picture that once had the same name.
        """
        after = whole(request, "after", default=-1, low=-1)
        run = self._run(request)
        steps = [step for step in run.sample_steps() if step > after]
        found = {"steps": steps, "times": sample_times(run, steps), "grid": grid_header(run)}
        return answer(found | {"reals_time": reals_time(run)})

    def sample(self, request: Request) -> Response:
        """One sample grid as PNG."""
        step = request.path_params["step"]
        if not (step.isascii() and step.isdigit() and len(step) <= 10):
            raise RunError(f"A sample grid is named by its step. Received: `{step[:40]}`.")
        run, written = self._run(request), request.query_params.get("written", "")
        time = sample_time(run, int(step))  # before the picture: a newer one is not kept as the old
        return picture(run.sample_png(int(step)), written, [time])

    def reals(self, request: Request) -> Response:
        """Real images of the same classes as PNG."""
        run, written = self._run(request), request.query_params.get("written", "")
        time = reals_time(run)
        data = run.reals_png()
        if data is None:
            raise RunError("This picture is not stored.")
        return picture(data, written, [time])


def _names(request: Request) -> list[str]:
    """The metrics asked for (`metrics=g_loss,d_loss`); none means all."""
    return [n for n in request.query_params.get("metrics", "")[:MAX_NAMES].split(",") if n]

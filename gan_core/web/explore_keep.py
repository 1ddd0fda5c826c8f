"""Routes of the explore page for what is kept and taken away: notes, films, array files."""

from __future__ import annotations

import io

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from gan_core.explore import kept, paths
from gan_core.explore.clip import FORMATS, clip
from gan_core.explore.library import Library
from gan_core.explore.sources import KEPT
from gan_core.web.answers import PLAIN, BadRequest, answer, whole
from gan_core.web.explore_wire import at, changed_in, numbers, rows

MAX_LISTED = 200  # sources in one answer
MAX_FILM_STEPS = 64


class Keeps:
    """The endpoints; `asks` finds the Explorer and the generator asked for."""

    def __init__(self, asks):
        self._asks = asks

    def sources(self, request: Request) -> Response:
        """Everything that can be explored: the library, then runs, the newest first."""
        lab = self._asks.lab
        library = Library(lab.store.root)
        found = [{"id": i, "title": library.card(i)["title"]} for i in library.ids()]
        runs = [r for r in lab.store.summaries() if r.step > 0]
        found += [{"id": r.id, "title": r.name or r.id} for r in runs[:MAX_LISTED]]
        return answer({"sources": found})

    def notes(self, request: Request) -> Response:
        """Favourites and named directions of one source."""
        return answer(self._asks.explorer.source(at(request).source).notes())

    def write_notes(self, request: Request, body: bytes) -> Response:
        """Change one list, {"what": "favourites", "add": {...}} and so on; answers with both."""
        change = changed_in(body)
        what = change.get("what")
        if what not in KEPT:
            raise BadRequest(f"`what` must be one of {', '.join(KEPT)}.")
        source = self._asks.explorer.source(at(request).source)
        source.keep(what, kept.changed(source.notes()[what], what, change))
        return answer(source.notes())

    def npz(self, request: Request, body: bytes) -> Response:
        """z, class weights and image of one row as an .npz file."""
        where = at(request)
        z, classes = rows(body, self._asks.about(where), 1)
        step, _, made = self._asks.explorer.images(where, z, classes)
        arrays = {"z": z[0], "image": made[0], "step": np.array(step)}
        if classes is not None:
            arrays["classes"] = classes[0]
        out = io.BytesIO()
        np.savez(out, **arrays)
        return Response(out.getvalue(), media_type="application/octet-stream", headers=PLAIN)

    def clip(self, request: Request, body: bytes) -> Response:
        """A film: of the path through several rows, or of one row at `steps`."""
        where, kind = at(request), request.query_params.get("format", "gif")
        if kind not in FORMATS:
            raise BadRequest(f"`format` must be one of {', '.join(FORMATS)}.")
        rate = whole(request, "rate", default=12, low=1, high=30)
        z, classes = rows(body, self._asks.about(where), 16)
        if request.query_params.get("steps"):
            steps = numbers(request, "steps", MAX_FILM_STEPS)
            _, made, problem = self._asks.explorer.timeline(where, steps, z[:1], _first(classes))
            if len(made) < 2:
                raise BadRequest(problem or "A film of training needs at least two steps.")
        else:
            made = self._walk(request, where, z, classes)
        return Response(clip(made, kind, rate), media_type=FORMATS[kind], headers=PLAIN)

    def _walk(self, request: Request, where, z, classes) -> np.ndarray:
        straight = bool(whole(request, "straight", default=0, high=1))
        loop = bool(whole(request, "loop", default=0, high=1))
        count = whole(request, "count", default=48, low=2, high=240)
        prior = self._asks.about(where).prior
        road, mixed = walk(z, classes, count, prior=prior, straight=straight, loop=loop)
        return self._asks.explorer.images(where, road, mixed)[2]


def walk(z, classes, count: int, *, prior: str, straight: bool, loop: bool):
    """`count` z [T, Z] and class rows on the path through the given ones."""
    t = np.linspace(0, 1, count, endpoint=not loop)
    road = paths.along(z, t, prior=prior, straight=straight, loop=loop)
    if classes is None:
        return road, None
    return road, paths.along(classes, t, prior="normal", straight=True, loop=loop)


def _first(classes):
    return None if classes is None else classes[:1]

"""Routes of the Style page: pictures by name (explore/studio.py), painted at once (answers: packed.py)."""

from __future__ import annotations

import json

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan_core import recipes
from gan_core.errors import GanError
from gan_core.explore.studio import LEAST_SIDE, MOST_SIDE, MOST_STYLES, Studio, Wish
from gan_core.storage import decode, images
from gan_core.web.answers import PRIVATE_ONCE, BadRequest, answer, number, whole
from gan_core.web.explore_wire import JSON, Places, pack, placed, posted, spoken

PREFIX = "/api/style/"
MAX_FILE = 32 * 2**20  # bytes of a picture's file
MOST_RUNS = 60  # of the list of results
MAX_NAME = 80  # characters
ACTIVE = ("queued", "ready", "running", "paused")


def make_style_routes(get_lab) -> list[Route]:
    """All routes of the Style page."""
    asks = Asks(get_lab)
    places = Places()
    reads = {"results": asks.results, "picture.png": asks.thumbnail, "kept/{id}.png": asks.kept}
    return [
        *(Route(PREFIX + n, spoken(end), methods=["GET"]) for n, end in reads.items()),
        Route(PREFIX + "image", placed(asks.image, places), methods=["GET"]),
        Route(PREFIX + "picture", posted(asks.picture, places, most=MAX_FILE), methods=["POST"]),
        Route(PREFIX + "keep", posted(asks.keep, places, JSON), methods=["POST"]),
        Route(PREFIX + "remove", posted(asks.remove, places, JSON), methods=["POST"]),
    ]


class Asks:
    """The endpoints; plain functions, run in threads. Those of POST routes also get the body."""

    def __init__(self, get_lab):
        self._get_lab = get_lab

    @property
    def studio(self) -> Studio:
        """That of the present Lab."""
        return self._get_lab().studio

    def image(self, request: Request) -> Response:
        """The painted picture, uint8 [H, W, 3]; with `both=1` also the content in that size."""
        made = self.studio.paint(wish(request))
        both = whole(request, "both", default=0, high=1)
        header = {"ms": 1000 * made.seconds}
        return pack(header, made.picture, *((made.content,) if both else ()))

    def thumbnail(self, request: Request) -> Response:
        """PNG of a picture `id` with `side` pixels along its longer side."""
        side = whole(request, "side", default=160, low=16, high=MOST_SIDE)
        name = request.query_params.get("id", "")
        return _png(self.studio.picture(name, side))

    def picture(self, request: Request, body: bytes) -> Response:
        """A picture's file is taken in: the name that it goes by here, and its size."""
        named = " ".join(request.query_params.get("name", "").split())[:MAX_NAME]
        found, pixels = self.studio.add(body, named or "The picture")
        return answer({"id": found, "name": named, "size": [pixels.shape[1], pixels.shape[0]]})

    def keep(self, request: Request, body: bytes) -> Response:
        """The picture is painted and stored; the body may name its pictures, {id: name}."""
        found = _object(body)
        names = {str(key)[:MAX_NAME]: str(name)[:MAX_NAME] for key, name in [*found.items()][:4]}
        return answer({"id": self.studio.keep(wish(request), names)})

    def kept(self, request: Request) -> Response:
        """PNG of a kept result; with `side` a small one."""
        found = self.studio.results.picture(request.path_params["id"])
        side = whole(request, "side", default=0, high=MOST_SIDE)
        return _png(decode.fitted(found, max(side, 16)) if side else found)

    def remove(self, request: Request, body: bytes) -> Response:
        """A kept result, `{"id": ...}`, is deleted."""
        self.studio.results.remove(str(_object(body).get("id", "")))
        return answer({})

    def results(self, request: Request) -> Response:
        """Kept results and runs of style, the newest first."""
        lab = self._get_lab()
        runs = [_run(run) for run in lab.store.summaries() if is_style(run.recipe)][:MOST_RUNS]
        kept = [{"what": "kept"} | found for found in self.studio.results.listed()]
        found = sorted([*kept, *runs], key=lambda each: -each["time"])
        return answer({"results": found})


def is_style(recipe: str) -> bool:
    """Whether a recipe's runs are of the task stylisation."""
    try:
        return recipes.get(recipe).task == "stylisation"
    except GanError:
        return False


def _run(run) -> dict:
    config = run.config
    return {
        "what": "run", "id": run.id, "time": run.created_at, "name": run.name or run.dataset,
        "state": run.state, "active": run.state in ACTIVE, "step": run.step,
        "num_steps": run.num_steps, "seconds": run.wall_time,
        "side": config.get("picture_size"), "recipe": run.recipe,
    }  # fmt: skip


def wish(request: Request) -> Wish:
    """What the address wishes: content, styles and shares with commas, strength, colours, size."""
    asked = request.query_params
    styles = tuple(name for name in asked.get("styles", "")[:400].split(",") if name)
    if not asked.get("content") or not styles:
        raise BadRequest("`content` and `styles` must be named.")
    return Wish(
        content=asked["content"][:200],
        styles=styles,
        shares=_shares(asked.get("shares", ""), len(styles)),
        strength=number(request, "strength", default=1.0, low=0.0, high=1.0),
        keep_colours=bool(whole(request, "colours", default=0, high=1)),
        side=whole(request, "size", default=512, low=LEAST_SIDE, high=MOST_SIDE),
    )


def _shares(text: str, count: int) -> tuple[float, ...]:
    """Of the styles; equal ones where the address says nothing."""
    if not text:
        return (1.0,) * count
    try:
        found = tuple(float(part) for part in text[:200].split(","))
    except ValueError:
        found = ()
    if not 1 <= len(found) <= MOST_STYLES:
        raise BadRequest(
            f"`shares` must be 1 to {MOST_STYLES} numbers with commas. Received: `{text[:40]}`."
        )
    return found


def _object(body: bytes) -> dict:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object.")
    return found


def _png(pixels: np.ndarray) -> Response:
    return Response(images.png(pixels), media_type="image/png", headers=PRIVATE_ONCE)

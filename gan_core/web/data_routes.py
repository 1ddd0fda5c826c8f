"""Routes of the Data page: pictures of sets, what they look like, and their files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from gan_core.data.portrait import SPLITS
from gan_core.errors import DataError
from gan_core.storage.assets import ASSETS
from gan_core.web.answers import (
    BYTES,
    PRIVATE_FOREVER,
    PRIVATE_ONCE,
    BadRequest,
    answer,
    in_words,
    whole,
)
from gan_core.web.coming import json_object, text_of
from gan_core.web.explore_wire import JSON, Places, pack, placed, posted

PREFIX = "/api/data/sets/{name}/"
MOST_SAMPLES = 48  # of a class
MOST_TURNS = 10**6
MOST_TEXT = 200  # characters of a name


def make_data_routes(get_lab) -> list[Route]:
    """All routes of the Data page that tell of sets."""
    asks, places = Asks(get_lab), Places()
    return [
        Route(PREFIX + "card.png", in_words(asks.card), methods=["GET"]),
        Route(PREFIX + "file.npz", in_words(asks.file), methods=["GET"]),
        Route(PREFIX + "looks", placed(asks.looks, places), methods=["GET"]),
        Route(PREFIX + "samples", placed(asks.samples, places), methods=["GET"]),
        Route(PREFIX + "fetch", posted(asks.fetch, places, JSON), methods=["POST"]),
        Route(PREFIX + "stop", posted(asks.stop, places, JSON), methods=["POST"]),
        Route(PREFIX + "classes", posted(asks.classes, places, JSON), methods=["POST"]),
        Route(PREFIX + "restore", posted(asks.restore, places, JSON), methods=["POST"]),
        Route(PREFIX + "purge", posted(asks.purge, places, JSON), methods=["POST"]),
    ]


class Asks:
    """The endpoints; plain functions, run in threads."""

    def __init__(self, get_lab):
        self._get_lab = get_lab

    def card(self, request: Request) -> Response:
        """PNG of a few images; the browser may keep it where the address names its digest, `v`."""
        lab, name = self._get_lab(), request.path_params["name"]
        spec = lab.dataset(name)
        own = ASSETS / "samples" / f"{spec.name}.png"
        png = lab.picture(spec.name) or (own.read_bytes() if own.is_file() else b"")
        if not png:
            raise DataError(f"There is no picture of `{spec.name}`.")
        return _kept(Response(png, media_type="image/png"), request, spec)

    def looks(self, request: Request) -> Response:
        """Groups, brightness and mean images: the header has `groups` ({name, train, held_out}),
        `num_groups` and `bins`; the arrays are the means, uint8, of all first, then of each group; of
        pairs the input and the target of each."""
        found = self._get_lab().portraits.get(request.path_params["name"])
        groups = [{"name": g.name, **{s: g.counts[s] for s in SPLITS}} for g in found.groups]
        means = [*found.mean, *(mean for g in found.groups for mean in g.mean)]
        header = {"groups": groups, "num_groups": found.num_groups, "bins": list(found.bins)}
        return pack(header, *(np.rint(mean).astype(np.uint8) for mean in means))

    def samples(self, request: Request) -> Response:
        """`count` images of each group, others at every `turn`; of pairs two arrays a group."""
        found = self._get_lab().portraits.get(request.path_params["name"])
        split = request.query_params.get("split", "train")
        if split not in SPLITS:
            raise BadRequest(
                f"`split` must be one of {', '.join(SPLITS)}. Received: `{split[:40]}`."
            )
        count = whole(request, "count", default=11, low=1, high=MOST_SAMPLES)
        turn = whole(request, "turn", default=0, high=MOST_TURNS)
        arrays = [a for i in range(len(found.groups)) for a in found.some(i, split, turn, count)]
        return pack({"turn": turn, "split": split}, *arrays)

    def fetch(self, request: Request, body: bytes) -> Response:
        """A set is downloaded in the background (waiting_routes tells how far it is)."""
        self._get_lab().fetching.start(request.path_params["name"])
        return answer({})

    def stop(self, request: Request, body: bytes) -> Response:
        """Its download is stopped, or its failure forgotten."""
        self._get_lab().fetching.stop(request.path_params["name"])
        return answer({})

    def classes(self, request: Request, body: bytes) -> Response:
        """A class gets another name, `{"old": ..., "new": ...}`."""
        asked = json_object(body)
        old, new = text_of(asked, "old", MOST_TEXT), text_of(asked, "new", MOST_TEXT)
        self._get_lab().shelf.rename_class(request.path_params["name"], old, new)
        return answer({})

    def restore(self, request: Request, body: bytes) -> Response:
        """A set is taken out of the bin."""
        self._get_lab().shelf.restore(request.path_params["name"])
        return answer({})

    def purge(self, request: Request, body: bytes) -> Response:
        """What is in the bin under a name is removed for good."""
        self._get_lab().shelf.delete(request.path_params["name"])
        return answer({})

    def file(self, request: Request) -> Response:
        """The file of a set that has one of its own."""
        lab = self._get_lab()
        spec = lab.dataset(request.path_params["name"])
        path = Path(lab.data_dir) / f"{spec.name}.npz"
        if spec.source not in ("file", "download") or not os.path.isfile(path):
            raise DataError(f"`{spec.name}` has no file of its own to download.")
        found = FileResponse(path, filename=path.name, media_type=BYTES)
        found.headers.update(PRIVATE_ONCE)
        return found


def _kept(found: Response, request: Request, spec) -> Response:
    same = request.query_params.get("v", "") == (spec.digest or spec.source)
    found.headers.update(PRIVATE_FOREVER if same else PRIVATE_ONCE)
    return found

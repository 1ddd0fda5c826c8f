"""Routes of the explore page: z and class rows in, raw pixels out (format: explore_wire.py)."""

from __future__ import annotations

import threading

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan_core.explore import paths
from gan_core.explore.explorer import KINDS, At, Explorer
from gan_core.explore.reals import ByFeatures
from gan_core.storage import access
from gan_core.storage.images import to_uint8
from gan_core.tasks import latent
from gan_core.web import network_wire
from gan_core.web.answers import BadRequest, answer, whole
from gan_core.web.explore_keep import Keeps, walk
from gan_core.web.explore_wire import (
    JSON,
    Places,
    at,
    joined,
    many_pixels,
    numbers,
    pack,
    pixels,
    placed,
    posted,
    rows,
    spoken,
)

MAX_IMAGES = 1024  # of one answer
MAX_OF_VIEWERS = 256  # images of one answer; a page asks for fewer
MAX_STEPS = 64  # of one strip
MAX_SEEDS = 64
MAX_JUDGED = 100  # images of one answer of the judge
MAX_ROW = 9999  # of a sample grid
PREFIX = "/api/explore/{id}/"


def make_explore_routes(get_lab) -> list[Route]:
    """All routes of the explore page; the Explorer is made when the first is used."""
    asks = Asks(get_lab)
    keeps = Keeps(asks)
    places = Places()
    reads = {"facts": asks.facts, "notes": keeps.notes}
    draws = {
        "about": asks.facts_of_one,
        "z": asks.z,
        "grid_z": asks.grid_z,
        "reals": asks.reals,
        "palette": asks.palette,
        "network": asks.network,
        "weights": asks.weights,
    }
    posts = {
        "images": asks.images,
        "timeline": asks.timeline,
        "directions": asks.directions,
        "strengths": asks.strengths,
        "effects": asks.effects,
        "path": asks.path,
        "combine": asks.combine,
        "neighbours": asks.neighbours,
        "opinion": asks.opinion,
        "judged": asks.judged,
        "project": asks.project,
        "npz": keeps.npz,
        "clip": keeps.clip,
    }
    return [
        Route("/api/explore", spoken(keeps.sources), methods=["GET"]),
        *(Route(PREFIX + name, spoken(end), methods=["GET"]) for name, end in reads.items()),
        *(
            Route(PREFIX + name, placed(end, places), methods=["GET"])
            for name, end in draws.items()
        ),
        *(
            Route(PREFIX + name, posted(end, places), methods=["POST"])
            for name, end in posts.items()
        ),
        Route(PREFIX + "notes", posted(keeps.write_notes, Places(), JSON), methods=["POST"]),
    ]


class Asks:
    """The endpoints; plain functions, run in threads. Those of POST routes also get the body."""

    def __init__(self, get_lab):
        self._get_lab = get_lab
        self._lock = threading.Lock()
        self._explorer: Explorer | None = None
        self._lab = None

    @property
    def explorer(self) -> Explorer:
        """The one Explorer of the present Lab."""
        with self._lock:
            lab = self._get_lab()
            if self._explorer is None or self._lab is not lab:
                self._explorer, self._lab = Explorer(lab), lab
            return self._explorer

    @property
    def lab(self):
        """The present Lab."""
        return self._get_lab()

    def about(self, where: At):
        """The generator asked for: its sizes and prior, not to be called here."""
        with self.explorer.use(where) as generator:
            return generator

    def facts(self, request: Request) -> Response:
        """Steps, data set, state; polled."""
        return answer(self.explorer.facts(at(request).source))

    def facts_of_one(self, request: Request) -> Response:
        """Prior, sizes, age and epoch of one generator."""
        return answer(self.explorer.about(at(request)))

    def z(self, request: Request) -> Response:
        """The first z of each seed, as `sample` on the command line draws it: float32 [S, Z]."""
        about = self.about(at(request))
        drawn = [
            latent.sample(1, about.latent_dim, seed=s, prior=about.prior)
            for s in numbers(request, "seeds", MAX_SEEDS)
        ]
        return pack({}, np.concatenate(drawn))

    def grid_z(self, request: Request) -> Response:
        """The z behind one image of the run's sample grids (`row`: as training/samples.py draws
        them from the run's seed): float32 [Z]."""
        about, run = self.about(at(request)), self.lab.store.get(at(request).source)
        row = whole(request, "row", default=0, high=MAX_ROW)
        seed = int(run.config["seed"])
        drawn = latent.sample(row + 1, about.latent_dim, seed=seed, prior=about.prior)
        return pack({}, drawn[row])

    def reals(self, request: Request) -> Response:
        """One real image a class (ten of any class without labels): uint8 [K, H, W, C]."""
        dataset = self.explorer.dataset(at(request).source)
        rng = np.random.default_rng(whole(request, "seed", default=0, high=2**31 - 1))
        num_classes = dataset.spec.num_classes
        if num_classes:
            return pack({}, np.stack([dataset.one_of(k, rng) for k in range(num_classes)]))
        return pack({}, dataset.train[rng.integers(len(dataset.train), size=10)])

    def palette(self, request: Request) -> Response:
        """Colours that the data are made of: uint8 [K, C]."""
        return pack({}, self.explorer.palette(at(request).source))

    def network(self, request: Request) -> Response:
        """The generator as browsers draw with it (network_wire.py), without its weights."""
        return network_wire.described(self._carried(request))

    def weights(self, request: Request) -> Response:
        """Its weights; for good where `written` is the time that `network` says."""
        return network_wire.weights(request, self._carried(request))

    def _carried(self, request: Request):
        source, step, raw = at(request)
        return self.explorer.by_browser.carried(source, step, raw=raw)

    def images(self, request: Request, body: bytes) -> Response:
        """Images of any rows: uint8 [N, H, W, C]."""
        z, classes = self._rows(request, body, MAX_IMAGES)
        step, ms, made = self.explorer.images(at(request), z, classes)
        return pack({"step": step, "ms": ms}, made)

    def timeline(self, request: Request, body: bytes) -> Response:
        """One row at many steps (`steps=0,20,50`): uint8 [S, H, W, C]."""
        z, classes = self._rows(request, body, 1)
        steps = numbers(request, "steps", MAX_STEPS)
        found, made, problem = self.explorer.timeline(at(request), steps, z, classes)
        return pack({"steps": found, "problem": problem}, made)

    def directions(self, request: Request, body: bytes) -> Response:
        """Eight unit directions at one row, strongest first: float32 [D, Z] and effects [D]."""
        z, classes = self._rows(request, body, 1)
        kind = request.query_params.get("kind", "")
        if kind not in KINDS:
            raise BadRequest(f"`kind` must be one of {', '.join(KINDS)}. Received: `{kind[:40]}`.")
        step, found, strength = self.explorer.directions(
            at(request), kind, z[0], None if classes is None else classes[0]
        )
        return pack({"step": step, "kind": kind}, found, strength)

    def effects(self, request: Request, body: bytes) -> Response:
        """Effect of every dimension for the class of one row: float32 [Z]."""
        _, classes = self._rows(request, body, 1)
        row = None if classes is None else classes[0]
        return pack({}, self.explorer.effects(at(request), row))

    def path(self, request: Request, body: bytes) -> Response:
        """`count` rows on the path through the given ones, and their images."""
        z, classes = self._rows(request, body, 16)
        about = self.about(at(request))
        straight = bool(whole(request, "straight", default=0, high=1))
        loop = bool(whole(request, "loop", default=0, high=1))
        count = whole(request, "count", default=11, low=2, high=MAX_STEPS)
        road, mixed = walk(z, classes, count, prior=about.prior, straight=straight, loop=loop)
        _, ms, made = self.explorer.images(at(request), road, mixed)
        return pack({"ms": ms}, joined(road, mixed), made)

    def combine(self, request: Request, body: bytes) -> Response:
        """Sums of rows with signs (`signs=1,-1,1`), at the usual length: one row and its image."""
        z, classes = self._rows(request, body, 16)
        signs = numbers(request, "signs", 16, low=-1)
        if len(signs) != len(z):
            raise BadRequest(f"`signs` must be {len(z)} numbers. Received: {len(signs)}.")
        about = self.about(at(request))
        total = paths.combine(z, np.array(signs), prior=about.prior)[None]
        row = None if classes is None else classes[-1:]
        _, ms, made = self.explorer.images(at(request), total, row)
        return pack({"ms": ms}, joined(total, row), made)

    def strengths(self, request: Request, body: bytes) -> Response:
        """Effects [D] of given directions: the first row is the place, the others the directions."""
        z, classes = self._rows(request, body, 1 + MAX_SEEDS)
        if len(z) < 2:
            raise BadRequest("The body must be a row and at least one direction.")
        row = None if classes is None else classes[0]
        return pack({}, self.explorer.strengths(at(request), z[0], z[1:], row))

    def neighbours(self, request: Request, body: bytes) -> Response:
        """The nearest real images of one row's image, by pixels and by features, and a verdict."""
        z, classes = self._rows(request, body, 1)
        found, features, dataset = self.explorer.neighbours(at(request), z, classes)
        header = {
            "copy": bool(found.copy),
            "percentile": found.percentile,
            "ratio": found.ratio,
            "distances": [float(d) for d in found.distances],
            "labels": _labels(dataset, found.indices),
            "dataset": dataset.spec.name,
            "count": len(dataset.train),
        }
        if not isinstance(features, ByFeatures):
            return pack(header | {"features": features}, dataset.train[found.indices])
        header["cosines"] = [float(c) for c in features.cosines]
        header["feature_labels"] = _labels(dataset, features.indices)
        return pack(header, dataset.train[found.indices], dataset.train[features.indices])

    def opinion(self, request: Request, body: bytes) -> Response:
        """D's score of one row's image (`image=1`: of the uint8 pixels behind the row), its rank,
        reference scores and saliency [H, W, C]."""
        about, shown = self.about(at(request)), None
        if whole(request, "image", default=0, high=1):
            width = 4 * (about.latent_dim + about.num_classes)
            body, shown = body[:width], pixels(body[width:], about.model.output_shape[1:])
        z, classes = rows(body, about, 1)
        critic, said = self.explorer.opinion(at(request), z, classes, shown)
        header = {
            "step": critic.step,
            "score": said.score,
            "log_odds": critic.log_odds,
            "beats_real": said.beats_real,
            "beats_fake": said.beats_fake,
            "classes": None if said.classes is None else [float(v) for v in said.classes],
        }
        return pack(header, said.saliency, critic.real, critic.fake)

    def judged(self, request: Request, body: bytes) -> Response:
        """Of uint8 [N, H, W, C]: how sure the judge of the data is of each, and of its class."""
        shape = self.explorer.dataset(at(request).source).spec.image_shape
        found = self.explorer.judged(at(request).source, many_pixels(body, shape, MAX_JUDGED))
        return answer(
            {
                "sure": [float(v) for v in found.sure],
                "beats_real": [float(v) for v in found.beats_real],
                "classes": [int(v) for v in found.classes],
            }
        )

    def project(self, request: Request, body: bytes) -> Response:
        """The three best rows for uint8 pixels [H, W, C], with their images."""
        shown = pixels(body, tuple(self.about(at(request)).model.output_shape[1:]))
        own, found = self.explorer.project(at(request), shown)
        z = np.stack([f.z for f in found])
        classes = np.stack([f.classes for f in found]) if own.num_classes else None
        made = to_uint8(own.images(z, classes))
        return pack({"mse": [f.mse for f in found]}, joined(z, classes), made)

    def _rows(self, request: Request, body: bytes, limit: int):
        """z [N, Z] and class weights [N, K] (None without classes) of a body."""
        most = limit if access.may_change() else min(limit, MAX_OF_VIEWERS)
        return rows(body, self.about(at(request)), most)


def _labels(dataset, indices) -> list[int]:
    """Classes of training images; [] without labels."""
    return [] if dataset.train_labels is None else [int(k) for k in dataset.train_labels[indices]]

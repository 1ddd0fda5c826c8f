"""Routes of what was dropped on the Data page and is not kept yet: files in, check-up out, keeping."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gan_core import recipes
from gan_core.errors import DataError, GanError, RoleError
from gan_core.importing import chosen, square
from gan_core.importing.base import CheckUp
from gan_core.importing.plans import sides
from gan_core.storage import images
from gan_core.storage.decode import WHITE, check_ground
from gan_core.training.trial import imagined, key_of
from gan_core.web import checkup_wire
from gan_core.web.answers import BYTES, PRIVATE_ONCE, BadRequest, answer, in_words, whole
from gan_core.web.coming import Coming, count_of, json_object, text_of
from gan_core.web.explore_wire import JSON, Places, pack, placed, posted
from gan_core.web.waiting_wire import binned, free_name, name_problem, waiting_told

PREFIX = "/api/data/waiting"
MOST_SIDE = 256  # pixels of a small picture
MOST_SQUARES = 12
MOST_PICTURES = 200  # that may wait: over HTTP/2 a page asks for all of its pictures at once
MOST_TRIALS = 4  # recipes that are measured at once
FITS = ("crop", "pad", "stretch")
MAX_PLAN = 4 * 2**20  # bytes of a plan
SMALL, REMEMBERED = 2**20, 64  # bytes of a decoded picture that is remembered, and how many are
PRIVATE_HOUR = {"Cache-Control": "private, max-age=3600"}


def make_waiting_routes(get_lab) -> list[Route]:
    """All routes of what waits."""
    asks, places = Asks(get_lab), Places(waiting=MOST_PICTURES)
    reads = {"": asks.listed, "/{id}": asks.state, "/{id}/speeds": asks.speeds}
    pictures = {
        "/{id}/picture.png": asks.picture, "/{id}/squares": asks.squares, "/{id}/proof": asks.proof,
    }  # fmt: skip
    tells = {
        "": asks.begin, "/{id}/read": asks.read, "/{id}/answers": asks.answers,
        "/{id}/questions": asks.questions, "/{id}/ground": asks.ground,
        "/{id}/outlook": asks.outlook, "/{id}/keep": asks.keep, "/{id}/cancel": asks.cancel,
        "/{id}/discard": asks.discard, "/{id}/speeds": asks.measure,
    }  # fmt: skip
    return [
        *(Route(PREFIX + path, in_words(end), methods=["GET"]) for path, end in reads.items()),
        *(Route(PREFIX + p, placed(end, places), methods=["GET"]) for p, end in pictures.items()),
        *(
            Route(PREFIX + p, posted(end, Places(), JSON, MAX_PLAN), methods=["POST"])
            for p, end in tells.items()
        ),
        Route(PREFIX + "/{id}/files", asks.files, methods=["POST"]),
    ]


class Asks:
    """The endpoints; plain functions, run in threads. Those of POST routes also get the body."""

    def __init__(self, get_lab):
        self._get_lab = get_lab
        self._coming = Coming()
        self._last: tuple[tuple[str, str], dict] = ("", ""), {}
        self._seen: dict[tuple[str, int, int, str], np.ndarray] = {}

    @property
    def desk(self):
        """That of the present Lab."""
        return self._get_lab().desk

    # ---- what there is ----

    def listed(self, request: Request) -> Response:
        """All that waits, what is being downloaded, and the bin."""
        lab = self._get_lab()
        waiting = [waiting_told(each) for each in lab.desk.waiting()]
        fetching = {name: vars(each) for name, each in lab.fetching.states().items()}
        return answer(
            {"waiting": self._coming.told() + waiting, "fetching": fetching, "bin": binned(lab)}
        )

    def state(self, request: Request) -> Response:
        """One of them; its check-up once it is there, its questions where it has any."""
        found = self.desk.state(request.path_params["id"])
        told = waiting_told(found)
        if found.found is not None:
            told["found"] = self._told(told["id"], told["stamp"], found.found, found.seconds)
        return answer(told)

    def _told(self, key: str, stamp: str, found: CheckUp, seconds: float) -> dict:
        """Its check-up as JSON; made once, for a page asks again and again."""
        if self._last[0] != (key, stamp):
            made = checkup_wire.told(found) | {"seconds": seconds}
            made["suggested"]["name"] = free_name(made["suggested"]["name"], self.desk.data_dir)
            self._last = (key, stamp), made
        return self._last[1]

    # ---- files in ----

    def begin(self, request: Request, body: bytes) -> Response:
        """A path of this machine is looked at; or files are announced, which then come."""
        asked = json_object(body)
        if "path" in asked:
            return answer({"id": self.desk.receive(text_of(asked, "path", 4000))})
        title = text_of(asked, "title", 200) or "files"
        count, size = count_of(asked, "files"), count_of(asked, "bytes")
        named = asked.get("named") is not False
        return answer({"id": self._coming.begin(self.desk.data_dir, title, count, size, named)})

    async def files(self, request: Request) -> Response:
        """Some of the announced files (arrivals.py), written as they come."""
        if request.headers.get("content-type") != BYTES:
            return answer({"error": f"The body must be of type {BYTES}."}, 415)
        try:
            count = await self._coming.take(request.path_params["id"], request.stream())
        except GanError as error:
            return answer({"error": str(error)}, 403 if isinstance(error, RoleError) else 400)
        return answer({"files": count})

    def read(self, request: Request, body: bytes) -> Response:
        """All announced files are here: they are looked at from now on, under another id."""
        with self._coming.over(request.path_params["id"]) as (folder, title, named):
            return answer({"id": self.desk.take(folder, title, named)})

    # ---- looking ----

    def picture(self, request: Request) -> Response:
        """PNG of a picture by its index, `side` pixels along its longer side.

        `answers`, JSON: to see what it would be with these answers to what is asked. `v`: of what was
        read; the browser may keep the picture for a while under an address that names it.
        """
        key, index = request.path_params["id"], whole(request, "index", default=0)
        side = whole(request, "side", default=80, low=16, high=MOST_SIDE)
        if request.query_params.get("answers", ""):
            pixels = self.desk.picture(key, index, side, _asked_answers(request))
        else:
            found = self.desk.state(key).found
            pixels = self._decoded(key, index, side, found.suggested.ground if found else WHITE)
        png = images.png(checkup_wire.small(pixels, side))
        caching = PRIVATE_HOUR if request.query_params.get("v") else PRIVATE_ONCE
        return Response(png, media_type="image/png", headers=caching)

    def proof(self, request: Request) -> Response:
        """Which pictures show what `answers`, JSON, would make of it: `kind`, and `groups` with a name."""
        found = self.desk.proof(request.path_params["id"], _asked_answers(request))
        groups = [{"name": name, "indices": list(indices)} for name, indices in found.groups]
        return answer({"kind": found.kind, "groups": groups})

    def squares(self, request: Request) -> Response:
        """Pictures by their `indices`: each whole, cropped, padded and stretched, uint8 [H, W, C].

        The header's `items` say index, name and size of each; those that cannot be decoded have an
        `error` and no arrays.
        """
        key = request.path_params["id"]
        found = self._found(key)
        size = whole(request, "size", default=64, high=MOST_SIDE)
        grey = bool(whole(request, "grey", default=0, high=1))
        side = whole(request, "side", default=86, low=16, high=MOST_SIDE)
        ground = _ground(request)
        indices = _numbers(request, "indices", int)
        offsets = _numbers(request, "offsets", float) or [0.5] * len(indices)
        plan = replace(found.suggested, size=size, grey=grey)
        items, arrays = [], []
        for index, offset in zip(indices, offsets, strict=False):
            item = {
                "index": index,
                "name": found.items[index].name if index < found.num_files else "",
            }
            try:
                pixels = self._decoded(key, index, size, ground)
                ways = [square(pixels, replace(plan, fit=fit), offset) for fit in FITS]
                arrays += [checkup_wire.small(pixels, side), *ways]
            except DataError as error:
                item["error"] = str(error)
            items.append(item)
        return pack({"items": items, "size": size}, *arrays)

    def _decoded(self, key: str, index: int, side: int, ground: str = WHITE) -> np.ndarray:
        """A picture as it would be read to be kept; those last looked at are remembered."""
        known = self._seen.get((key, index, side, ground))
        if known is None:
            known = self.desk.picture(key, index, side, ground=ground)
            if known.nbytes <= SMALL:
                self._seen[key, index, side, ground] = known
            while len(self._seen) > REMEMBERED:
                self._seen.pop(next(iter(self._seen)), None)
        return known

    def _found(self, key: str) -> CheckUp:
        found = self.desk.state(key).found
        if found is None:
            raise DataError("It is still being read.")
        return found

    # ---- choosing and keeping ----

    def answers(self, request: Request, body: bytes) -> Response:
        """What was asked is answered, `{"answers": {name: answer}}`: it is read anew."""
        key = request.path_params["id"]
        self.desk.answer(key, _answers(json_object(body).get("answers")))
        for known in [known for known in [*self._seen] if known[0] == key]:
            self._seen.pop(known, None)
        return answer({})

    def questions(self, request: Request, body: bytes) -> Response:
        """An answer was changed, `{"answers": {name: answer}}`: what is asked now; nothing is read yet."""
        key = request.path_params["id"]
        self.desk.ask_again(key, _answers(json_object(body).get("answers")))
        return answer(waiting_told(self.desk.state(key)))

    def ground(self, request: Request, body: bytes) -> Response:
        """All of it is looked at again on another `ground`; its check-up stays until that is done."""
        self.desk.look_on(request.path_params["id"], text_of(json_object(body), "ground", 40))
        return answer({})

    def outlook(self, request: Request, body: bytes) -> Response:
        """What would come of a plan: how many images, classes, bytes, and what stands in its way."""
        lab, key = self._get_lab(), request.path_params["id"]
        plan = self._plan(request, body)
        free = shutil.disk_usage(lab.desk.data_dir).free
        taken = name_problem(plan.name, lab.desk.data_dir)
        return answer(checkup_wire.outlook(self._found(key), plan, free, taken))

    def measure(self, request: Request, body: bytes) -> Response:
        """Some `recipes` are measured in the background on images of a plan's size and colour."""
        asked = json_object(body)
        found, plan = self._found(request.path_params["id"]), self._plan(request, body)
        kept = chosen(found, plan)
        named = asked.get("recipes")
        names = [name for name in recipes.names() if isinstance(named, list) and name in named]
        channels, classes = 1 if plan.grey else 3, min(2, len(kept.class_names))
        size = sides(found, plan)
        spec = imagined(found.recognised.kind, size, channels, classes, len(kept.train))
        self._get_lab().trials.start(names[:MOST_TRIALS], spec, key_of(spec))
        return answer({})

    def speeds(self, request: Request) -> Response:
        """What was measured, steps a second by `recipe size channels classes`, and what is `doing`."""
        return answer(self._get_lab().trials.told())

    def keep(self, request: Request, body: bytes) -> Response:
        """It is kept by a plan, in the background."""
        self.desk.keep(request.path_params["id"], self._plan(request, body))
        return answer({})

    def cancel(self, request: Request, body: bytes) -> Response:
        """What is being done to it is stopped; nothing is kept half."""
        self.desk.cancel(request.path_params["id"])
        return answer({})

    def discard(self, request: Request, body: bytes) -> Response:
        """Nothing of it is left."""
        key = request.path_params["id"]
        if not self._coming.forget(key):
            self.desk.discard(key)
        return answer({})

    def _plan(self, request: Request, body: bytes):
        return checkup_wire.plan_of(json_object(body), self._found(request.path_params["id"]))


def _answers(given) -> dict[str, str]:
    if not isinstance(given, dict):
        raise BadRequest("`answers` must be an object of names and answers.")
    return {str(name)[:80]: str(value)[:400] for name, value in [*given.items()][:60]}


def _asked_answers(request: Request) -> dict[str, str]:
    """The `answers` of an address; {} where it has none."""
    return _answers(json_object(request.query_params.get("answers", "").encode()))


def _ground(request: Request) -> str:
    """What shows through transparent pictures."""
    found = request.query_params.get("ground", WHITE)
    check_ground(found)
    return found


def _numbers(request: Request, name: str, kind: type) -> list:
    """A list of numbers in the address, such as `indices=1,2,3`; [] where it is not there."""
    text = request.query_params.get(name, "")[:2000]
    try:
        found = [kind(part) for part in text.split(",")] if text else []
    except ValueError:
        found = [-1]
    if len(found) > MOST_SQUARES or not all(0 <= n < 2**32 for n in found):
        raise BadRequest(f"`{name}` must be at most {MOST_SQUARES} numbers with commas.")
    return found

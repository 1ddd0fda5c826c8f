"""Keras's and TensorFlow.js's description of a network (JSON) as a plan; stock layers only.

Every value that is used is checked for its type and range; what is not used is not looked at.
A class that goes in as a number through an Embedding becomes a row of class weights times the
same matrix, so that classes can be blended.
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from gan_core.explore.foreign import roles, values
from gan_core.explore.foreign.graph import Call, calls_of, first_calls, references
from gan_core.explore.foreign.plan import Unfit
from gan_core.explore.foreign.values import MODELS, kind_of, name_of, object_of, shown, whole

# Of training only. Other layers that change nothing when images are made.
LEFT_OUT = (
    "Dropout",
    "SpatialDropout2D",
    "AlphaDropout",
    "GaussianNoise",
    "GaussianDropout",
    "ActivityRegularization",
    "Identity",
)
MAX_DEPTH = 4  # models inside models
MAX_ROWS = 2000  # of all models, each time that one is used


def read(description: Any) -> dict:
    """The plan of a model {"class_name", "config", ...}.

    Raises:
        Unfit: another layer than the stock ones, or settings that are not understood.
    """
    reader = _Reader()
    output = reader.model(object_of(description, "the model"), _TOP, None)
    return roles.finished(reader.layers, reader.inputs, reader.embedded, output)


class _Place(NamedTuple):
    """Where a layer is in the file, and which use of it this is.

    Attributes:
        name: ours, of this use.
        store: path in the weights of a `.keras` file.
        top: the layer of the outermost model that it belongs to.
        order: place among all layers, by rows.
        trains: False where it, or a model around it, was frozen.
    """

    name: str
    store: str
    top: str
    order: tuple[int, ...]
    trains: bool

    def inside(self, rows: list[dict]) -> list[_Place]:
        """The places of the layers of a model here; Keras counts layers of one class."""
        counts: dict[str, int] = {}
        found = []
        for at, row in enumerate(rows):
            word, name = _snake(kind_of(row)), name_of(row)
            number = counts[word] = counts.get(word, -1) + 1
            store = f"{self.store}layers/{word}{f'_{number}' if number else ''}/"
            trains = self.trains and _trains(row)
            own = f"{self.name}/{name}" if self.name else name
            found.append(_Place(own, store, self.top or name, (*self.order, at), trains))
        return found

    def use(self, number: int) -> _Place:
        """The same layer, used again."""
        return self._replace(name=f"{self.name}@{number}") if number else self


_TOP = _Place("", "", "", (), True)


def _trains(row: dict) -> bool:
    config = row.get("config")
    return not isinstance(config, dict) or config.get("trainable") is not False


def _snake(kind: str) -> str:
    """BatchNormalization -> batch_normalization, as Keras does it."""
    word = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind))
    return re.sub("([a-z])([A-Z])", r"\1_\2", word).lower()


class _Reader:
    """Walks a description once; nested models are laid out flat, once for every use."""

    def __init__(self):
        self.layers: list[dict] = []
        self.inputs: dict[str, tuple[int, ...]] = {}  # name of the outermost inputs -> shape
        self.embedded: dict[str, int] = {}  # inputs that are class numbers -> how many classes
        self._names: set[str] = set()
        self._first: dict[tuple[int, ...], str] = {}  # place of a layer -> its first use
        self._looked_at = 0

    def model(self, description: dict, place: _Place, feeds: list[str] | None) -> str:
        """Lay out one model; returns the name of its output."""
        kind, config = kind_of(description), description.get("config")
        if kind not in MODELS:
            raise Unfit(
                f"The file must hold a Functional or Sequential model. Received: `{shown(kind)}`."
            )
        if len(place.order) > MAX_DEPTH:
            raise Unfit(f"Models are nested deeper than {MAX_DEPTH} levels.")
        if isinstance(config, list):  # Sequential models of old files
            config = {"layers": config}
        config = object_of(config, f"the settings of the {kind}")
        rows = config.get("layers")
        if not isinstance(rows, list) or len(rows) > MAX_ROWS:
            raise Unfit(f"The {kind} has no list of layers.")
        self._looked_at += 1 + len(rows)
        if self._looked_at > MAX_ROWS:  # models inside models can multiply
            raise Unfit(f"With all uses of its models, the network has over {MAX_ROWS} layers.")
        rows = [object_of(row, "a layer") for row in rows]
        places = place.inside(rows)
        if kind == "Sequential":
            return self._sequence(config, rows, places, feeds)
        return self._graph(config, rows, places, feeds)

    def _sequence(self, config: dict, rows: list[dict], places: list[_Place], feeds) -> str:
        if feeds is not None and len(feeds) != 1:
            raise Unfit(f"A Sequential model takes one input. Received: {len(feeds)}.")
        at = feeds[0] if feeds else None
        for row, place in zip(rows, places, strict=True):
            entry = kind_of(row) == "InputLayer"
            if at is None:
                at = self._input(place.name if entry else "z", row, config.get("build_input_shape"))
            if not entry:
                at = self._layer(row, place, [at])
        if at is None:
            raise Unfit("The Sequential model has no layers.")
        return at

    def _graph(self, config: dict, rows: list[dict], places: list[_Place], feeds) -> str:
        entries = [r.layer for r in references(config.get("input_layers") or [])]
        if feeds is not None and len(feeds) != len(entries):
            raise Unfit(f"A model inside takes {len(entries)} inputs. Received: {len(feeds)}.")
        fed = dict(zip(entries, feeds, strict=True)) if feeds is not None else {}
        made: dict[tuple[str, int], str] = {}
        calls: list[tuple[Call, _Place]] = []
        names: set[str] = set()
        for row, place in zip(rows, places, strict=True):
            name = name_of(row)
            if name in names:
                raise Unfit(f"Two layers are named `{shown(name)}`.")
            names.add(name)
            if kind_of(row) != "InputLayer":
                calls += [(call, place) for call in calls_of(row)]
            else:
                made[name, 0] = fed[name] if name in fed else self._input(place.name, row)
        return self._called(calls, made, references(config.get("output_layers") or []))

    def _called(self, calls: list[tuple[Call, _Place]], made: dict, outputs: list) -> str:
        """Make every call as soon as what it takes is there; returns the name of the output."""
        if len(outputs) != 1:
            raise Unfit(f"A generator has one output. Received: {len(outputs)}.")
        if len(calls) > values.MAX_CALLS:
            raise Unfit(f"At most {values.MAX_CALLS} calls of layers are read.")
        first = first_calls([call for call, _ in calls], outputs)
        waiting = calls
        while waiting:
            late = []
            for call, place in waiting:
                keys = [(r.layer, r.call - first[r.layer]) for r in call.takes]
                taken = [made[key] for key in keys if key in made]
                if len(taken) < len(keys):
                    late.append((call, place))
                    continue
                made[call.name, call.number] = self._layer(call.row, place.use(call.number), taken)
            if len(late) == len(waiting):
                name = shown(late[0][0].name)
                raise Unfit(f"Layer `{name}` takes something that does not come before it.")
            waiting = late
        found = made.get((outputs[0].layer, outputs[0].call - first[outputs[0].layer]))
        if found is None:
            raise Unfit(f"The output `{shown(outputs[0].layer)}` is no layer of the network.")
        return found

    def _input(self, name: str, row: dict, also: Any = None) -> str:
        config = object_of(row.get("config"), "an input")
        keys = ("batch_shape", "batch_input_shape", "shape")
        shape = next((config[k] for k in keys if config.get(k)), also)
        if not isinstance(shape, list) or not 1 <= len(shape) <= 4:
            raise Unfit(
                f"Input `{shown(name)}` must have a fixed shape of up to 3 axes. "
                f"Received: {shown(shape)}."
            )
        sides = [whole(n, f"each side of input `{shown(name)}`") for n in shape[1:]]
        self.inputs[name] = tuple(sides)
        self._names.add(name)
        return name

    def _layer(self, row: dict, place: _Place, inputs: list[str]) -> str:
        kind = kind_of(row)
        if kind in MODELS:
            return self.model(row, place, inputs)
        if kind in LEFT_OUT:
            return inputs[0]
        config = object_of(row.get("config"), f"the settings of `{shown(place.name)}`")
        if kind == "Embedding":
            return self._embedding(config, row, place, inputs)
        if kind not in values.PARAMS:
            raise values.refusal(kind, place.name)
        params = values.params_of(kind, config, place.name)
        after = params.get("activation")
        if not isinstance(after, dict):
            return self._add(kind, params, row, place, inputs)
        if kind == "Activation":
            return self._plain(after["kind"], after["params"], place.name, inputs)
        at = self._add(kind, params | {"activation": "linear"}, row, place, inputs)
        return self._plain(after["kind"], after["params"], f"{place.name} activation", [at])

    def _add(self, kind: str, params: dict, row: dict, place: _Place, inputs: list[str]) -> str:
        """One layer that may have weights."""
        own = self._free(place.name)
        made = {
            "name": own,
            "kind": kind,
            "inputs": inputs,
            "params": params,
            "store": place.store,
            "row": name_of(row),
            "top": place.top,
            "order": list(place.order),
            "trains": place.trains,
        }
        first = self._first.setdefault(place.order, own)
        self.layers.append(made if first == own else made | {"of": first})
        return own

    def _plain(self, kind: str, params: dict, name: str, inputs: list[str]) -> str:
        """One layer of our own that has none."""
        name = self._free(name)
        self.layers.append({"name": name, "kind": kind, "inputs": inputs, "params": params})
        return name

    def _free(self, name: str) -> str:
        name = values.unused(name, self._names | {"z", "classes"})
        self._names.add(name)
        return name

    def _embedding(self, config: dict, row: dict, place: _Place, inputs: list[str]) -> str:
        name, shown_name = inputs[0], shown(place.name)
        shape = self.inputs.get(name)
        if shape is None or math.prod(shape) != 1:
            raise Unfit(f"Embedding `{shown_name}` must take an input of one class number.")
        count = whole(config.get("input_dim"), f"`input_dim` of `{shown_name}`")
        if self.embedded.setdefault(name, count) != count:
            raise Unfit(
                f"Embedding `{shown_name}` knows {count} classes, another one "
                f"{self.embedded[name]}, for the same input."
            )
        units = whole(config.get("output_dim"), f"`output_dim` of `{shown_name}`")
        params = {"units": units, "use_bias": False, "activation": "linear"}
        at = self._add("Dense", params, row, place, inputs)
        self.layers[-1]["was"] = "Embedding"
        if not shape:
            return at
        return self._plain("Reshape", {"target_shape": [*shape, units]}, f"{at} row", [at])

"""Keras's and TensorFlow.js's description of a network (JSON) as a plan; stock layers only.

Every value that is used is checked for its type and range; what is not used is not looked at.
A class that goes in as a number through an Embedding becomes a row of class weights times the
same matrix, so that classes can be blended.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from gan_core.explore.foreign.plan import Unfit
from gan_core.explore.foreign.values import PARAMS, kind_of, name_of, object_of, whole

MODELS = ("Functional", "Model", "Sequential")
LEFT_OUT = ("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout")  # of training only
MAX_DEPTH = 4  # models inside models


def read(description: Any) -> dict:
    """The plan of a model {"class_name", "config", ...}.

    Raises:
        Unfit: another layer than the stock ones, or settings that are not understood.
    """
    reader = _Reader()
    return reader.plan(object_of(description, "the model"))


class _Place(NamedTuple):
    """Where a layer is: our name for it, its path in a Keras weights file, how deep."""

    name: str
    store: str
    depth: int

    def inside(self, rows: list[dict]) -> list[_Place]:
        """The places of the layers of a model here; Keras counts layers of one class."""
        before = f"{self.name}/" if self.name else ""
        counts: dict[str, int] = {}
        found = []
        for row in rows:
            word = _snake(kind_of(row))
            number = counts[word] = counts.get(word, -1) + 1
            store = f"{self.store}layers/{word}{f'_{number}' if number else ''}/"
            found.append(_Place(before + name_of(row), store, self.depth + 1))
        return found


def _snake(kind: str) -> str:
    """BatchNormalization -> batch_normalization, as Keras does it."""
    word = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", kind))
    return re.sub("([a-z])([A-Z])", r"\1_\2", word).lower()


class _Reader:
    """Walks a description once; nested models are laid out flat."""

    def __init__(self):
        self.layers: list[dict] = []
        self.inputs: dict[str, tuple] = {}  # name of the outermost inputs -> shape
        self.embedded: dict[str, int] = {}  # inputs that are class numbers -> how many classes
        self.outermost = True

    def plan(self, description: dict) -> dict:
        output = self._model(description, _Place("", "", 0), None)
        z, classes = self._roles()
        names = {z: "z", classes: "classes"}
        for layer in self.layers:
            layer["inputs"] = [names.get(n, n) for n in layer["inputs"]]
        found = self.embedded.get(classes) or (self.inputs[classes][0] if classes else 0)
        last = next((r for r in self.layers if r["name"] == output), None)
        bounded = last is not None and last["params"].get("activation") == "sigmoid"
        return {
            "z": self.inputs[z][0], "classes": found, "layers": self.layers,
            "output": output, "low": 0.0 if bounded else -1.0,
        }  # fmt: skip

    def _roles(self) -> tuple[str, str | None]:
        """Which input is z and which the class: by the Embedding, else by name, else by place."""
        names = list(self.inputs)
        if not 1 <= len(names) <= 2:
            raise Unfit(
                "A generator takes z, or z and a class: 1 or 2 inputs. "
                f"Received: {len(names)} ({', '.join(names)[:80]})."
            )
        if len(names) == 1:
            if self.embedded:
                raise Unfit("The generator takes a class but no z, so there is nothing to explore.")
            return names[0], None
        named = [n for n in names if any(w in n.lower() for w in ("class", "label", "cond"))]
        second = next(iter(self.embedded), named[0] if len(named) == 1 else names[1])
        return next(n for n in names if n != second), second

    def _model(self, description: dict, place: _Place, feeds: list | None) -> str:
        """Lay out one model; returns the name of its output."""
        kind, config = kind_of(description), description.get("config")
        if kind not in MODELS:
            raise Unfit(f"The file must hold a Functional or Sequential model. Received: `{kind}`.")
        if place.depth > MAX_DEPTH:
            raise Unfit(f"Models are nested deeper than {MAX_DEPTH} levels.")
        if isinstance(config, list):  # Sequential models of old files
            config = {"layers": config}
        config = object_of(config, f"the settings of the {kind}")
        rows = config.get("layers")
        if not isinstance(rows, list) or len(rows) > 1000:
            raise Unfit(f"The {kind} has no list of layers.")
        rows = [object_of(row, "a layer") for row in rows]
        inside = place.inside(rows)
        if kind == "Sequential":
            return self._sequence(rows, inside, feeds)
        return self._graph(config, rows, inside, feeds)

    def _sequence(self, rows: list[dict], places: list[_Place], feeds) -> str:
        at = feeds[0] if feeds else None
        for row, place in zip(rows, places, strict=True):
            if at is None:
                at = self._input("z" if kind_of(row) != "InputLayer" else place.name, row)
            if kind_of(row) != "InputLayer":
                at = self._layer(row, place, [at])
        if at is None:
            raise Unfit("The Sequential model has no layers.")
        return at

    def _graph(self, config: dict, rows: list[dict], places: list[_Place], feeds) -> str:
        made: dict[str, str] = {}
        entries = [name for name, *_ in _references(config.get("input_layers"))]
        for row, place in zip(rows, places, strict=True):
            name = name_of(row)
            if name in made:
                raise Unfit(f"Two layers are named `{name}`.")
            if kind_of(row) == "InputLayer":
                if feeds is not None and name in entries:
                    made[name] = feeds[min(entries.index(name), len(feeds) - 1)]
                else:
                    made[name] = self._input(place.name, row)
                continue
            made[name] = self._layer(row, place, self._sources(row, made))
        outputs = _references(config.get("output_layers"))
        if len(outputs) != 1 or outputs[0][0] not in made:
            raise Unfit(f"A generator has one output. Received: {len(outputs)}.")
        return made[outputs[0][0]]

    def _sources(self, row: dict, made: dict[str, str]) -> list[str]:
        nodes = row.get("inbound_nodes")
        name = name_of(row)
        if not isinstance(nodes, list) or len(nodes) != 1:
            raise Unfit(f"Layer `{name}` must be used exactly once.")
        found = [n for n, *_ in _references(nodes[0])]
        if not found or any(n not in made for n in found):
            raise Unfit(f"Layer `{name}` takes something that does not come before it.")
        return [made[n] for n in found]

    def _input(self, name: str, row: dict) -> str:
        config = object_of(row.get("config"), "an input")
        shape = config.get("batch_shape") or config.get("batch_input_shape") or config.get("shape")
        if not isinstance(shape, list) or len(shape) != 2 or shape[0] is not None:
            raise Unfit(f"Input `{name}` must be rows of numbers. Received: {str(shape)[:60]}.")
        self.inputs[name] = (whole(shape[1], f"the length of `{name}`"),)
        return name

    def _layer(self, row: dict, place: _Place, inputs: list[str]) -> str:
        kind, name = kind_of(row), place.name
        if kind in MODELS:
            return self._model(row, place, inputs)
        if kind in LEFT_OUT:
            return inputs[0]
        config = object_of(row.get("config"), f"the settings of `{name}`")
        if kind == "Embedding":
            kind, config = "Dense", self._embedding(config, name, inputs)
        if kind not in PARAMS:
            allowed = ", ".join(sorted({*PARAMS, "Embedding"}))
            raise Unfit(
                f"Layer `{name}` is a `{kind[:60]}`. Only stock layers are read, because others "
                f"could run code: {allowed}."
            )
        params = {key: take(config, key, name) for key, take in PARAMS[kind].items()}
        made = {"name": name, "kind": kind, "inputs": inputs, "params": params}
        self.layers.append(made | {"store": place.store, "row": name_of(row)})
        return name

    def _embedding(self, config: dict, name: str, inputs: list[str]) -> dict:
        if inputs[0] not in self.inputs or self.inputs[inputs[0]] != (1,):
            raise Unfit(f"Embedding `{name}` must take an input of one class number.")
        self.embedded[inputs[0]] = whole(config.get("input_dim"), f"`input_dim` of `{name}`")
        units = whole(config.get("output_dim"), f"`output_dim` of `{name}`")
        return {"units": units, "use_bias": False, "activation": "linear"}


def _references(nested: Any) -> list[tuple]:
    """Layer names in `["name", 0, 0]`, lists of such, and Keras 3's tensors, in order."""
    if isinstance(nested, dict):
        if nested.get("class_name") == "__keras_tensor__":
            return _references(object_of(nested.get("config"), "a tensor").get("keras_history"))
        return _references(nested.get("args"))
    if not isinstance(nested, list):
        return []
    if nested and isinstance(nested[0], str):
        if len(nested) < 3 or nested[1:3] != [0, 0]:
            raise Unfit(f"Layer `{nested[0][:60]}` must be used once and have one output.")
        return [tuple(nested[:3])]
    return [found for item in nested for found in _references(item)]

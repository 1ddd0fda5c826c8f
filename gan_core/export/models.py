"""Trained networks for other programs: Keras file, SavedModel folder, LiteRT file, web page.

All answer what the task gives (z, and classes as one-hot rows) with the same pixels as the
app. A few lines of text beside the file, or in the SavedModel's folder, say what goes in and comes
out; `model.json` in that folder says it to programs.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gan_core.algorithms.base import Trained
from gan_core.errors import ConfigError, RunError, in_brief, unknown
from gan_core.export import keras_archive, usage
from gan_core.storage import files, outputs
from gan_core.storage.json_text import dump_json

SUFFIXES = {"keras": ".keras", "saved_model": "", "litert": ".tflite", "web": ".html", "tfjs": ""}
FACTS = "model.json"
FACTS_TFJS = "facts.json"  # there model.json is the network


@dataclass(frozen=True)
class Exported:
    """A model that was written: its file or folder, and its bytes."""

    path: Path
    bytes: int
    format: str


@dataclass(frozen=True)
class About:
    """What a web page says and shows of networks.

    Attributes:
        texts: by name, see web/card.py.
        pictures: uint8 [N, H, W, C] for each way of a translator, that it never learned from.
    """

    texts: Mapping[str, str]
    pictures: Mapping[str, np.ndarray] = field(default_factory=dict)


def export(trained: Trained, format: str, path: Path | str, about: About | None = None) -> Exported:
    """Write trained networks for another program, and PATH.txt (in a folder README.txt) beside it.

    Args:
        format: "keras" (a .keras file), "saved_model" (a folder), "litert" (a .tflite file) or "web" (an
            .html file that draws by itself; it says what it is, and nothing is written beside it) or
            "tfjs" (a folder for TensorFlow.js).
        path: a file may replace an older one, a folder only an earlier export.
        about: what a web page says of the networks; None: their run and step.

    Raises:
        ConfigError: an unknown format or a path that does not fit it.
        RunError: the file could not be written.
    """
    path = check(format, path)
    if hasattr(trained, "page") and format != "web":
        raise ConfigError(f"The {trained.what} leaves as a web page: `web`. Received: `{format}`.")
    if trained.model is None and not hasattr(trained, "page"):
        raise RunError(
            f"{trained.run_id} trained a {trained.what}, no network. Its picture is in its samples."
        )
    if format == "web":
        return _web(
            trained, path, about or About({"title": trained.run_id, "step": str(trained.step)})
        )
    if format == "tfjs":
        return _tfjs(trained, path)
    from gan_core.networks.fast_layers import as_stock

    model = as_stock(trained.model)
    _refuse_own_layers(model, trained, format)
    words = usage.text(usage.of_trained(trained), format, path.name)
    if format == "saved_model":
        with outputs.whole_folder(path) as temp, _in_words(path):
            model.export(str(temp), format="tf_saved_model", verbose=False)
            files.write_json(temp / FACTS, facts(trained))
            (temp / usage.NAME).write_text(words, encoding="utf-8")
    else:
        with outputs.whole_file(path) as temp, _in_words(path):
            _write_file(model, format, temp)
        usage.write_beside(path, words)
    return Exported(path, outputs.size(path), format)


def _web(trained: Trained, path: Path, about: About) -> Exported:
    from gan_core.export.web.write import web_page

    own = getattr(trained, "page", None)
    page = own() if own else web_page(trained, about.texts, about.pictures)
    with outputs.whole_file(path) as temp:
        temp.write_bytes(page)
    return Exported(path, outputs.size(path), "web")


def _tfjs(trained: Trained, path: Path) -> Exported:
    from gan_core.export import tfjs

    tfjs.described(trained)  # what cannot be written is said before a folder is made
    with outputs.whole_folder(path) as temp:
        tfjs.write(trained, temp)
        (temp / FACTS_TFJS).write_text(dump_json(facts(trained)), encoding="utf-8")
        (temp / usage.NAME).write_text(tfjs.words(trained), encoding="utf-8")
    return Exported(path, outputs.size(path), "tfjs")


def as_bytes(trained: Trained, format: str, about: About | None = None) -> bytes:
    """What `export` writes as one file, to hand to a browser; the folder of "saved_model" as zip."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"generator{SUFFIXES.get(format, '')}"
        return outputs.one_file(export(trained, format, path, about).path).read_bytes()


def check(format: str, path: Path | str) -> Path:
    """The path, if this format can be written there; cheap, so that it can come first."""
    if format not in SUFFIXES:
        raise ConfigError(unknown("format", format, SUFFIXES))
    if SUFFIXES[format]:
        return outputs.check_file(path, (SUFFIXES[format],))
    if Path(path).suffix.lower() in (".keras", ".tflite", ".h5", ".zip", ".pb"):
        what = "A SavedModel" if format == "saved_model" else "A model for TensorFlow.js"
        raise ConfigError(f"{what} is a folder, not a file. Received: `{path}`.")
    return outputs.check_folder(path, _is_ours)


def facts(trained: Trained) -> dict:
    """What a program must know to use the model; N is the number of images."""
    shape = ["N", *trained.model.output_shape[1:]]
    known = {
        "made_by": "GANscope",
        "run": trained.run_id,
        "step": trained.step,
        **{given.name: given.facts for given in trained.takes},
        "output": {"shape": shape, "dtype": "float32"},
    }
    if len(shape) == 4:
        known["output"]["range"] = [-1, 1]
    return known


def _is_ours(folder: Path) -> bool:
    saved = (folder / FACTS).is_file() and (folder / "saved_model.pb").is_file()
    return saved or (folder / FACTS_TFJS).is_file()


def _write_file(model, format: str, path: Path) -> None:
    if format == "keras":
        keras_archive.write(model, path)
    else:
        model.export(str(path), format="litert", verbose=False)


def _refuse_own_layers(model, trained: Trained, format: str) -> None:
    """A .keras file names its layers: other programs must know them."""
    own = next(_own_layers(model), None) if format == "keras" else None
    if own is not None:
        raise ConfigError(
            f"The {trained.what} of {trained.run_id} holds a {own}, which Keras does not know. "
            "Export it as saved_model or litert instead."
        )


def _own_layers(layer) -> Iterator[str]:
    """Names of classes that Keras does not define, of this layer and of all inside it."""
    import keras

    if type(layer).__module__.split(".")[0] != "keras":
        yield type(layer).__name__
    elif isinstance(layer, keras.Model):
        for part in layer.layers:
            yield from _own_layers(part)
    elif isinstance(layer, keras.layers.Wrapper):
        yield from _own_layers(layer.layer)


@contextlib.contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """TensorFlow's own errors of writing as a RunError."""
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as error:
        reason = in_brief(error.message)
        raise RunError(f"{path.name} could not be written to {path.parent}: {reason}") from error

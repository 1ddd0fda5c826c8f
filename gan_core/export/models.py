"""Trained networks for other programs: Keras file, SavedModel folder, LiteRT file.

All three answer what the task gives (z, and classes as one-hot rows) with the same pixels as the
app. A few lines of text beside the file, or in the SavedModel's folder, say what goes in and comes
out; `model.json` in that folder says it to programs.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gan_core.algorithms.base import Trained
from gan_core.config import unknown
from gan_core.errors import ConfigError, RunError
from gan_core.export import keras_archive, usage
from gan_core.storage import files, outputs

SUFFIXES = {"keras": ".keras", "saved_model": "", "litert": ".tflite"}
FACTS = "model.json"


@dataclass(frozen=True)
class Exported:
    """A model that was written: its file or folder, and its bytes."""

    path: Path
    bytes: int
    format: str


def export(trained: Trained, format: str, path: Path | str) -> Exported:
    """Write trained networks for another program, and PATH.txt (in a folder README.txt) beside it.

    Args:
        format: "keras" (a .keras file), "saved_model" (a folder) or "litert" (a .tflite file).
        path: a file may replace an older one, a folder only an earlier export.

    Raises:
        ConfigError: an unknown format or a path that does not fit it.
        RunError: the file could not be written.
    """
    path = check(format, path)
    if trained.model is None:
        raise RunError(
            f"{trained.run_id} trained a {trained.what}, no network. Its picture is in its samples."
        )
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


def as_bytes(trained: Trained, format: str) -> bytes:
    """What `export` writes as one file, to hand to a browser; the folder of "saved_model" as zip."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"generator{SUFFIXES.get(format, '')}"
        return outputs.one_file(export(trained, format, path).path).read_bytes()


def check(format: str, path: Path | str) -> Path:
    """The path, if this format can be written there; cheap, so that it can come first."""
    if format not in SUFFIXES:
        raise ConfigError(unknown("format", format, SUFFIXES))
    if SUFFIXES[format]:
        return outputs.check_file(path, (SUFFIXES[format],))
    if Path(path).suffix.lower() in (".keras", ".tflite", ".h5", ".zip", ".pb"):
        raise ConfigError(f"A SavedModel is a folder, not a file. Received: `{path}`.")
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
    return (folder / FACTS).is_file() and (folder / "saved_model.pb").is_file()


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
        reason = str(error.message).splitlines()[0][:200]
        raise RunError(f"{path.name} could not be written to {path.parent}: {reason}") from error

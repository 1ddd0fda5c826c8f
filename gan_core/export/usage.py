"""A few lines beside what leaves the house: what goes in, what comes out, and code that draws an image."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gan_core import recipes, tasks
from gan_core.config import TrainConfig
from gan_core.storage import files
from gan_core.tasks.given import Given, in_order

FIRST_WORDS = "Made by GANscope"  # a file that begins otherwise is somebody else's
NAME = "README.txt"  # inside a folder or a zip


@dataclass(frozen=True)
class Interface:
    """What a model takes and gives.

    Attributes:
        about: which one, in words.
        takes: its inputs, in order.
        shape: of one output: (H, W, C) or (2,).
        latent_dim: of the z that samples were made from; 0 without.
        class_names: K names in the order of the one-hot columns; empty where it takes no classes.
    """

    about: str
    takes: tuple[Given, ...]
    shape: tuple[int, ...]
    latent_dim: int = 0
    class_names: tuple[str, ...] = ()


def of_trained(trained) -> Interface:
    """The interface of what a task opened (algorithms.base.Trained)."""
    about = f"the {trained.what} of {trained.run_id} at step {trained.step}"
    shape = tuple(trained.model.output_shape[1:])
    return Interface(about, trained.takes, shape)


def of_generator(generator) -> Interface:
    """The interface of a TrainedGenerator, whose samples are files, too."""
    names = generator.class_names if generator.num_classes else ()
    found = of_trained(generator)
    return dataclasses.replace(found, latent_dim=generator.latent_dim, class_names=names)


def of_run(run, spec) -> Interface:
    """The interface of a run's networks, without TensorFlow; `spec` is of its data."""
    config = TrainConfig.from_dict(run.config)
    recipe, task = recipes.get(config.recipe), tasks.of_config(config)
    names = spec.class_names if recipe.needs == "labels" else ()
    takes, shape = task.takes(config, spec), tuple(spec.target_shape or spec.image_shape)
    latent_dim = config.latent_dim if task.takes_z else 0
    return Interface(f"a {task.what} of {run.id}", takes, shape, latent_dim, names)


def text(interface: Interface, format: str, name: str) -> str:
    """The lines for one file.

    Args:
        format: "keras", "saved_model", "litert", ".npz" or ".zip" (samples).
        name: of the file or folder, for the code.
    """
    what = "samples of " if format.startswith(".") else ""
    first = f"{FIRST_WORDS}: {what}{interface.about}. {NEEDS.get(format, '')}".rstrip()
    return f"{first}\n\n{_table(rows(interface, format))}\n\n{code(interface, format, name)}\n"


def rows(interface: Interface, format: str) -> list[tuple[str, str]]:
    """[(name, what it is)] of all that goes in and comes out; `format` as for `text`."""
    return _sample_rows(interface, format) if format.startswith(".") else _model_rows(interface)


def code(interface: Interface, format: str, name: str) -> str:
    """Python that draws an image; arguments as for `text`."""
    lines = _sample_code if format.startswith(".") else _model_code
    return "\n".join(lines(interface, format, name))


def write_beside(path: Path, words: str) -> Path | None:
    """Write `words` to PATH.txt; None if a file of somebody else has that name."""
    beside = path.with_name(path.name + ".txt")
    if beside.exists() and not _is_ours(beside):
        return None
    files.write_atomic(beside, words.encode())
    return beside


def _is_ours(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(FIRST_WORDS)) == FIRST_WORDS.encode()
    except OSError:
        return False


# ---- what goes in and out ----

NEEDS = {
    "keras": "Opens in Keras 3.3 and newer.",
    "saved_model": "Opens in TensorFlow 2.13 and newer.",
    "litert": "Opens in ai_edge_litert and in tf.lite.",
}


def _table(found: Sequence[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in found) + 2
    return "\n".join(
        textwrap.fill(
            words,
            96,
            initial_indent=name.ljust(width),
            subsequent_indent=" " * width,
            break_long_words=False,
        )
        for name, words in found
    )


def _model_rows(interface: Interface) -> list[tuple[str, str]]:
    found = [(given.name, given.words) for given in interface.takes]
    return [*found, ("output", f"float32 {_shape(interface)}{_range(interface)}")]


def _sample_rows(interface: Interface, format: str) -> list[tuple[str, str]]:
    pixels = "uint8" if len(interface.shape) == 3 else "float32"
    shown = "" if len(interface.shape) < 3 else ", 0 is black and 255 white"
    images = ("images", f"{pixels} {_shape(interface)}{shown}")
    if format == ".zip":
        images = ("*.png", f"{interface.shape[0]} x {interface.shape[1]} pixels, one file an image")
    known = f"the class of each: {_names(interface)}" if interface.class_names else "none"
    labels = "labels" if format == ".npz" else "labels.csv"
    z = "z" if format == ".npz" else "z.npy"
    drawn = f"float32 [N, {interface.latent_dim}], what they were made from"
    return [images, (labels, known), (z, drawn)]


def _shape(interface: Interface) -> str:
    return f"[N, {', '.join(map(str, interface.shape))}]"


def _range(interface: Interface) -> str:
    return ", from -1 (black) to 1 (white)" if len(interface.shape) == 3 else ", points in a plane"


def _names(interface: Interface) -> str:
    return in_order(interface.class_names)


# ---- code that draws ----

_OPEN = {
    "keras": ("keras", "model = keras.models.load_model({name!r})"),
    "saved_model": ("tensorflow as tf", "model = tf.saved_model.load({name!r})"),
    "litert": (
        "tensorflow as tf",
        "model = tf.lite.Interpreter({name!r})  # or Interpreter of ai_edge_litert.interpreter",
    ),
}
_CALL = {
    "keras": "np.asarray(model([{values}]))",
    "saved_model": 'list(model.signatures["serving_default"]({named}).values())[0].numpy()',
    "litert": "list(model.get_signature_runner()({named}).values())[0]",
}


def _model_code(interface: Interface, format: str, name: str) -> list[str]:
    package, opened = _OPEN[format]
    values = {each.name: each.code for each in interface.takes}
    given = {n: f"tf.constant({n})" if format == "saved_model" else n for n in values}
    named = ", ".join(f"{n}={v}" for n, v in given.items())
    call = _CALL[format].format(values=", ".join(values), named=named)
    return [
        f"import {package}, numpy as np",
        *_import_pillow(interface),
        opened.format(name=name),
        f"{', '.join(values)} = {', '.join(values.values())}",
        _draw(interface, f"{call}[0]"),
    ]


def _sample_code(interface: Interface, format: str, name: str) -> list[str]:
    if format == ".zip":
        return [
            "import zipfile, numpy as np",
            *_import_pillow(interface),
            f"image = Image.open(zipfile.ZipFile({name!r}).open('00000.png'))",
            "pixels = np.asarray(image)  # uint8",
            'image.save("image.png")',
        ]
    last = 'Image.fromarray(first.squeeze()).save("image.png")'
    return [
        "import numpy as np",
        *_import_pillow(interface),
        f"samples = np.load({name!r})",
        'first = samples["images"][0]',
        last if len(interface.shape) == 3 else "print(first)",
    ]


def _import_pillow(interface: Interface) -> list[str]:
    return ["from PIL import Image"] if len(interface.shape) == 3 else []


def _draw(interface: Interface, image: str) -> str:
    if len(interface.shape) < 3:
        return f"print({image})"
    pixels = f"np.uint8(np.round(127.5 * ({image}.squeeze() + 1)))"
    return f'Image.fromarray({pixels}).save("image.png")'

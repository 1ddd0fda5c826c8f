"""Trained networks as one web page: `web_page`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from gan_core.errors import ConfigError
from gan_core.export.web import network, pack, page
from gan_core.tasks import directions, latent
from gan_core.tasks.palette import palette_of
from gan_core.tasks.translator import WAYS

MOST = 3_000_000  # bytes of a file with float16; a larger one has int8
DIRECTIONS = 8
EXAMPLES = 6  # held-out pictures
DIGITS = 5  # of a direction's numbers
WHITE, BLACK = 255, 0
COLOURS = (
    (0, 0, 0), (255, 255, 255), (128, 128, 128), (220, 60, 50), (240, 150, 40), (245, 215, 70),
    (90, 170, 70), (40, 130, 130), (60, 110, 200), (110, 70, 160), (230, 150, 180), (140, 95, 60),
)  # fmt: skip


def web_page(
    trained, about: Mapping[str, str], pictures: Mapping[str, np.ndarray] | None = None
) -> bytes:
    """The page of a TrainedGenerator or a Translator.

    Args:
        about: from card.py.
        pictures: uint8 [N, H, W, C] for each way of a translator, that it never learned from: the first
            ones are offered, and their colours are drawn with.

    Raises:
        ConfigError: it makes no images, or holds a layer that is not computed in a browser.
    """
    translates = hasattr(trained, "models")
    parts = _translator(trained, pictures or {}) if translates else _generator(trained)
    small = _page(parts, about, eight_bits=False)
    return small if len(small) <= MOST else _page(parts, about, eight_bits=True)


def _page(parts, about: Mapping[str, str], *, eight_bits: bool) -> bytes:
    card, plans, arrays, transposed = parts
    entries, weights = pack.packed(arrays, eight_bits=eight_bits, transposed=transposed)
    kind = "int8" if eight_bits else "float16"
    count = sum(array.size for array in arrays.values())
    told = (
        {"name": "network", "about": ""}
        | dict(about)
        | card
        | {"weights": {"count": count, "kind": kind}, "made": "GANscope"}
    )
    return page.built(told, plans, entries, weights)


def _generator(generator):
    shape = tuple(generator.model.output_shape[1:])
    if len(shape) != 3:
        raise ConfigError(f"{generator.run_id} makes points, no images. A web page draws images.")
    names = ("z", "classes") if generator.num_classes else ("z",)
    plan, arrays, transposed = _network(generator.model, names)
    card = {
        "kind": "generator",
        "shape": shape,
        "z": generator.latent_dim,
        "prior": generator.prior,
        "classes": [str(name) for name in generator.class_names][: generator.num_classes],
        "directions": _directions(generator),
    }
    return card, [plan], arrays, transposed


def _directions(generator) -> list[list[float]]:
    """The strongest ones of the middle class: in closed form, else of the image in the middle."""
    classes = None
    if generator.num_classes:
        classes = np.full(generator.num_classes, 1 / generator.num_classes, np.float32)
    try:
        found = directions.sefa(generator, classes, DIRECTIONS)
    except ConfigError:
        z = latent.sample(1, generator.latent_dim, seed=0, prior=generator.prior)[0]
        found = directions.local(generator, z, classes, DIRECTIONS)
    return [[round(float(v), DIGITS) for v in row] for row in found]


def _translator(translator, pictures: Mapping[str, np.ndarray]):
    plans, ways = [], []
    arrays: dict[str, np.ndarray] = {}
    transposed: frozenset[str] = frozenset()
    for number, (way, model) in enumerate(translator.models.items()):
        plan, own, turned = _network(model, ("image",), f"{number}/")
        plans.append(plan)
        arrays |= own
        transposed |= turned
        shape = translator.input_shape(way)
        some = pictures.get(way, np.zeros((0, *shape), np.uint8))
        drawing = _drawing(shape[2], some)
        examples = [base64.b64encode(picture.tobytes()).decode() for picture in some[:EXAMPLES]]
        ways.append(
            {"way": way, "name": WAYS[way], "shape": shape, "examples": examples, **drawing}
        )
    return {"kind": "translator", "ways": ways}, plans, arrays, transposed


def _drawing(channels: int, pictures: np.ndarray) -> dict[str, Any]:
    """What one draws with: white on black where pictures are grey, else on their commonest colour."""
    if channels == 1:
        return {"colours": [[WHITE], [BLACK]], "ground": [BLACK]}
    found = palette_of(pictures) if len(pictures) else COLOURS
    listed = [[int(v) for v in colour] for colour in found]
    return {"colours": listed[1:] + listed[:1], "ground": listed[0]}


def _network(model, inputs, prefix: str = ""):
    """(plan, arrays, keys of transposed kernels), its keys and those of its arrays after `prefix`."""
    from gan_core.networks.fast_layers import as_stock

    plan, arrays = network.plan_of(as_stock(model), inputs)
    for layer in plan["layers"]:
        layer["weights"] = {part: prefix + key for part, key in layer["weights"].items()}
    turned = frozenset(
        layer["weights"]["kernel"] for layer in plan["layers"] if layer["kind"] == "Conv2DTranspose"
    )
    return plan, {prefix + key: array for key, array in arrays.items()}, turned

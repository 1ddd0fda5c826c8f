"""Trained networks as one web page: `web_page`."""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from gan_core.errors import ConfigError
from gan_core.export.web import coarse, network, page
from gan_core.export.web.size import MOST
from gan_core.storage import images
from gan_core.tasks import directions, latent
from gan_core.tasks.palette import palette_of
from gan_core.tasks.translator import WAYS

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
    card, plans, networks = (
        _translator(trained, pictures or {}) if translates else _generator(trained)
    )
    build = functools.partial(_page, card, about, plans)
    half = build(coarse.packed(networks))
    if len(half) <= MOST:
        return half
    return build(coarse.fitted(networks, lambda packed: len(build(packed)), MOST))


def _page(
    card: dict[str, Any], about: Mapping[str, str], plans: list[dict], packed: coarse.Packed
) -> bytes:
    count = sum(entry["size"] for entry in packed.entries)
    weights = {"count": count, "kind": "steps" if packed.compared else "float16"}
    if packed.compared:
        weights |= {"off": packed.off, "compared": packed.compared}
    told = (
        {"name": "network", "about": ""}
        | dict(about)
        | card
        | {"weights": weights, "made": "GANscope"}
    )
    return page.built(told, plans, packed.entries, packed.weights)


def _generator(generator):
    shape = tuple(generator.model.output_shape[1:])
    if len(shape) != 3:
        raise ConfigError(f"{generator.run_id} makes points, no images. A web page draws images.")
    names = ("z", "classes") if generator.num_classes else ("z",)
    inputs = functools.partial(_drawn, generator)
    plan, network = _network(generator.model, names, shape, inputs)
    card = {
        "kind": "generator",
        "shape": shape,
        "z": generator.latent_dim,
        "prior": generator.prior,
        "classes": [str(name) for name in generator.class_names][: generator.num_classes],
        "directions": _directions(generator),
    }
    return card, [plan], [network]


def _drawn(generator, count: int, seed: int) -> list[np.ndarray]:
    """z, and the classes in turn."""
    z = latent.sample(count, generator.latent_dim, seed=seed, prior=generator.prior)
    if not generator.num_classes:
        return [z]
    return [z, latent.one_hot(np.arange(count) % generator.num_classes, generator.num_classes)]


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
    plans, ways, networks = [], [], []
    for number, (way, model) in enumerate(translator.models.items()):
        shape = translator.input_shape(way)
        some = pictures.get(way, np.zeros((0, *shape), np.uint8))
        inputs = functools.partial(_chosen, some, shape)
        plan, network = _network(model, ("image",), shape, inputs, f"{number}/")
        plans.append(plan)
        networks.append(network)
        drawing = _drawing(shape[2], some)
        examples = [base64.b64encode(picture.tobytes()).decode() for picture in some[:EXAMPLES]]
        ways.append(
            {"way": way, "name": WAYS[way], "shape": shape, "examples": examples, **drawing}
        )
    return {"kind": "translator", "ways": ways}, plans, networks


def _chosen(some: np.ndarray, shape, count: int, seed: int) -> list[np.ndarray]:
    """Some of the pictures in [-1, 1]; noise where there are none."""
    rng = np.random.default_rng(seed)
    if not len(some):
        return [rng.uniform(-1, 1, (count, *shape)).astype(np.float32)]
    return [images.to_float(some[rng.permutation(len(some))[:count]])]


def _drawing(channels: int, pictures: np.ndarray) -> dict[str, Any]:
    """What one draws with: white on black where pictures are grey, else on their commonest colour."""
    if channels == 1:
        return {"colours": [[WHITE], [BLACK]], "ground": [BLACK]}
    found = palette_of(pictures) if len(pictures) else COLOURS
    listed = [[int(v) for v in colour] for colour in found]
    return {"colours": listed[1:] + listed[:1], "ground": listed[0]}


def _network(model, inputs, shape, rows, prefix: str = ""):
    """(plan, coarse.Network), the keys of its arrays after `prefix`."""
    from gan_core.networks.fast_layers import as_stock

    stock = as_stock(model)
    plan, arrays = network.plan_of(stock, inputs)
    for layer in plan["layers"]:
        layer["weights"] = {part: prefix + key for part, key in layer["weights"].items()}
    arrays = {prefix + key: array for key, array in arrays.items()}
    return plan, coarse.Network(stock, arrays, prefix, shape[0] * shape[1], rows)

"""What a recipe's network costs in a browser: bytes of its page, milliseconds an image in Node's engine.

python tests/benchmark/web_network.py             # every recipe of images, at its defaults
python tests/benchmark/web_network.py acgan

Milliseconds are processor time, the median of some images, with WebAssembly and with plain loops, so a busy
machine changes little. Weights are fresh: the bytes of trained ones differ by a few per cent.
"""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core import recipes  # noqa: E402
from gan_core.data import catalogue  # noqa: E402
from gan_core.export.web import coarse, pack, write  # noqa: E402
from gan_core.startup import runtime  # noqa: E402
from tests.unit import test_web_network as cases  # noqa: E402  (the path above must come first)

ROUNDS = 15


def milliseconds(plan, entries, data: bytes, inputs, *, plain: bool) -> float:
    """Of one image."""
    told = {
        "plan": plan, "entries": entries, "weights": base64.b64encode(data).decode(), "plain": plain,
        "rounds": ROUNDS,
        "inputs": [{n: {"shape": list(a.shape), "data": a.ravel().tolist()} for n, a in inputs.items()}],
    }  # fmt: skip
    words = ["node", str(cases.RUNNER)]
    made = subprocess.run(words, input=json.dumps(told), capture_output=True, text=True, check=True)
    return float(made.stderr)


def row(name: str, folder: Path) -> str:
    """One recipe as a line of the table in docs/web_page.md."""
    recipe = recipes.get(name)
    spec = catalogue.spec(cases.DATA[recipe.needs], folder)
    built = recipe.build(recipes.config(name, spec.name), spec)
    model = cases.stirred(built.networks[recipe.shown[0]]())
    plan, network = write._network(model, cases.names_of(model), model_shape(model), given(model))
    packed = coarse.packed([network])
    half = size(plan, packed)
    if half > write.MOST:
        packed = coarse.fitted([network], lambda other: size(plan, other), write.MOST)
    inputs = cases.some_inputs(model, 1)[0]
    fast, slow = (
        milliseconds(plan, packed.entries, packed.weights, inputs, plain=p) for p in (False, True)
    )
    count = sum(np.size(a) for a in network.arrays.values())
    kind = f"steps, {packed.off} off" if packed.compared else "float16"
    return f"| `{name}` | {count:,} | {kind} | {size(plan, packed) / 1e6:.2f} | {fast:.1f} | {slow:.1f} |"


def size(plan, packed: coarse.Packed) -> int:
    """Bytes that plan and weights take in a page."""
    told = {"plans": [plan], "entries": packed.entries}
    return len(pack.text(pack.carried(told, packed.weights)))


def model_shape(model) -> tuple[int, ...]:
    return tuple(size or 32 for size in model.output_shape[1:])  # as cases.some_inputs


def given(model):
    """(how many, seed) -> rows of each of a model's inputs."""

    def rows(count: int, seed: int) -> list[np.ndarray]:
        found = cases.some_inputs(model, count, seed)
        return [np.stack([row[name] for row in found]) for name in cases.names_of(model)]

    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", help="recipes; all without any")
    names = parser.parse_args().names or cases.RECIPES
    runtime.start()
    print("| recipe | numbers | weights | MB | ms | ms, plain |")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            print(row(name, Path(folder)), flush=True)


if __name__ == "__main__":
    main()

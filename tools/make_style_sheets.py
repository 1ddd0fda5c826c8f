"""The sheets of docs/style.md: every content of the app in every style, at once and step by step.

    python -m tools.make_style_sheets [instant|optimise] ...

The second takes some ten minutes on two cores.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from gan_core import recipes
from gan_core.data import content_style
from gan_core.startup import runtime
from gan_core.storage import decode

DOCS = Path(__file__).resolve().parent.parent / "docs"
SIDE, CELL, GAP = 256, 192, 4  # of instant pictures; cells; between them
STEPS = 250  # some 20 s on two cores that have nothing else to do
QUALITY = 72


def instant(content: str, style: str) -> np.ndarray:
    """uint8 [H, W, 3]."""
    from gan_core.algorithms.instant_style import stylise

    pictures = [
        decode.read(content_style.path_of(kind, name), SIDE)
        for kind, name in (("contents", content), ("styles", style))
    ]
    return stylise(pictures[0], pictures[1:])


def optimise(content: str, style: str) -> np.ndarray:
    """As the recipe has it, from the content on, after STEPS steps."""
    name = f"{content}_in_{style}"
    config = recipes.config("style_patches", name)
    given = content_style.fitted(name, *content_style.load(name), config.picture_size)
    training = recipes.get("style_patches").algorithm(config, given)
    for _ in range(STEPS):
        measured = training.train_step()
    print(name, np.round(measured, 4), flush=True)
    return training.weights()["picture/pixels"]


def cell(pixels: np.ndarray) -> Image.Image:
    """The middle of a picture, as large as a cell."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(pixels[top : top + side, left : left + side])
    return square.resize((CELL, CELL), Image.Resampling.LANCZOS)


def sheet(make) -> Image.Image:
    """Styles above, contents to the left, what becomes of them in between."""
    contents, styles = (content_style.bundled(kind) for kind in ("contents", "styles"))
    step = CELL + GAP
    page = Image.new(
        "RGB", ((len(styles) + 1) * step - GAP, (len(contents) + 1) * step - GAP), "white"
    )
    for kind, names, place in (
        ("contents", contents, lambda k: (0, (k + 1) * step)),
        ("styles", styles, lambda k: ((k + 1) * step, 0)),
    ):
        for k, name in enumerate(names):
            page.paste(cell(decode.read(content_style.path_of(kind, name), 384)), place(k))
    for row, content in enumerate(contents):
        for column, style in enumerate(styles):
            page.paste(cell(make(content, style)), ((column + 1) * step, (row + 1) * step))
    return page


def main(*wanted: str) -> None:
    runtime.start()
    for make in (instant, optimise):
        if not wanted or make.__name__ in wanted:
            path = DOCS / f"style_{make.__name__}.jpg"
            sheet(make).save(path, quality=QUALITY, optimize=True)
            print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])

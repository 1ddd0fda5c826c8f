"""The picture of the rooms and their order, docs/pictures/layers.svg, from the contract of imports.

    python -m tools.draw_layers

Layers and rooms are those of the first contract in pyproject.toml; what a room is stands in ROOMS.
"""

from __future__ import annotations

import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "layers.svg"
PAGES = "app.py, pages"
ROOMS = {
    PAGES: "what people see: Streamlit, and no TensorFlow, networks, algorithms, bench or cli",
    "__main__": "python -m gan_core",
    "cli": "commands",
    "web": "routes that only read",
    "bench": "measurements, beside the tutorials' own loops",
    "cluster": "the queue on many machines",
    "sweeps": "many runs from one plan",
    "remedy": "doing what the doctor proposes",
    "lab": "the public API: the only place that joins all below",
    "training": "loop, job, queue, writers",
    "explore": "latent space, files of others",
    "doctor": "signs and advice",
    "evaluation": "measures",
    "export": "what is taken away",
    "archive": "a run as one zip",
    "tasks": "synthesis, translation, stylisation",
    "recipes": "one file a recipe",
    "runs": "one run, the folder of runs",
    "algorithms": "who is updated when: losses, optimizers, one step",
    "networks": "builders, fast layers",
    "importing": "people's own pictures",
    "data": "data sets",
    "startup": "how TensorFlow starts",
    "storage": "files, locks, arrays",
    "config": "all settings in one model",
    "metric_table": "what every number means",
    "setting": "what is known of one setting",
    "errors": "the tree of errors",
    "types": "names for annotations",
}
# Pixels: of the picture, of a row and what lies between two, of the column of the arrow.
WIDE, ROW, GAP, ASIDE, EDGE = 900, 34, 8, 70, 14
STYLE = """
    .paper { fill: #fff } .box { fill: #f3f4f2; stroke: #59626a }
    .skin { fill: #fbf1f7; stroke: #8f1d66 }
    text { fill: #14181c } .small { font-size: 11px; fill: #59626a } .name { font-weight: 700 }
    .arrow { fill: none; stroke: #8f1d66; stroke-width: 1.4; marker-end: url(#tip) }
    #tip path { fill: #8f1d66 }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1114 } .box { fill: #171d22; stroke: #98a4ac }
      .skin { fill: #2a1523; stroke: #ee9bd0 }
      text { fill: #e6eaec } .small { fill: #98a4ac }
      .arrow { stroke: #ee9bd0 } #tip path { fill: #ee9bd0 }
    }
  """


def layers() -> list[list[str]]:
    """Rooms of gan_core, a list a layer, the highest first."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    first = told["tool"]["importlinter"]["contracts"][0]
    return [[room.strip() for room in layer.split("|")] for layer in first["layers"]]


def picture(rows: list[list[str]]) -> str:
    """The SVG of these layers below the pages; KeyError for a room of which nothing is said."""
    rows = [[PAGES], *rows]
    high = 2 * EDGE + len(rows) * (ROW + GAP) - GAP
    boxes = [_row(rooms, EDGE + number * (ROW + GAP)) for number, rooms in enumerate(rows)]
    told = "; ".join(" and ".join(rooms) for rooms in rows)
    font = "-apple-system, 'Segoe UI', Roboto, Arial, sans-serif"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" font-family="{font}" '
            'font-size="13" role="img" aria-labelledby="t">',
            f'  <title id="t">Rooms in layers, imports point down: {escape(told)}</title>',
            f"  <style>{STYLE}</style>",
            '  <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
            f'  <rect class="paper" width="{WIDE}" height="{high}"/>',
            f'  <path class="arrow" d="M{ASIDE // 2} {EDGE}V{high - EDGE}"/>',
            f'  <text class="small" text-anchor="middle" transform="translate({ASIDE // 2 - 8} {high // 2}) '
            'rotate(-90)">may import what lies below, and nothing above or beside</text>',
            *boxes,
            "</svg>\n",
        ]
    )


def _row(rooms: list[str], top: int) -> str:
    wide = (WIDE - ASIDE - EDGE - GAP * (len(rooms) - 1)) / len(rooms)
    return "\n".join(
        _box(room, round(ASIDE + number * (wide + GAP)), top, round(wide))
        for number, room in enumerate(rooms)
    )


def _box(room: str, left: int, top: int, wide: int) -> str:
    kind, base = "skin" if room == PAGES else "box", top + 22
    return (
        f'  <rect class="{kind}" x="{left}" y="{top}" width="{wide}" height="{ROW}"/>'
        f'<text x="{left + 12}" y="{base}"><tspan class="name">{room}</tspan>'
        f'<tspan class="small" dx="10">{escape(ROOMS[room])}</tspan></text>'
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(layers()), encoding="utf-8")

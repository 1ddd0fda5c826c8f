"""docs/settings.md: every setting with its flag, limits and default, made from the code.

python -m gan_core.cli.settings_table > docs/settings.md
"""

from __future__ import annotations

import itertools
import sys

from gan_core.config import PACE, READING_ORDER
from gan_core.setting import Setting

INTRO = """# Settings

For whoever turns a knob: what it does, how far it goes, when it may change.

Made by `python -m gan_core.cli.settings_table`; a test holds it to the code.

Every setting is a flag of `python -m gan_core train`; by its name it stands in `config.json`, in
`--set name=value`, and in `--grid` and `--case` of a sweep. The defaults are the general ones: a recipe has
its own, and they come first. What may change does so while a run trains (a live knob; a checkpoint is written
first), on resume (a larger limit), or in a branch; all else stays as the run began.
"""
HEAD = "| setting | flag | what | allowed | default | may change |\n|---|---|---|---|---|---|"


def text() -> str:
    """The whole page."""
    parts = [INTRO]
    for title, found in itertools.groupby(READING_ORDER, key=lambda setting: setting.group):
        parts.append("\n".join([f"## {title}\n", HEAD, *map(_row, found), ""]))
    return "\n".join(parts)


def _row(setting: Setting) -> str:
    default = "none" if setting.default is None else f"`{setting.default}`"
    allowed = ", ".join(f"`{choice}`" for choice in setting.choices) or setting.allowed
    cells = f"`{setting.name}`", f"`--{setting.flag}`", setting.described, allowed, default
    return f"| {' | '.join(cells)} | {_changes(setting)} |"


def _changes(setting: Setting) -> str:
    live = setting.live or setting.name == PACE
    words = {"while it trains": live, "on resume": setting.limit, "in a branch": setting.branch}
    return ", ".join(when for when, may in words.items() if may)


if __name__ == "__main__":
    sys.stdout.write(text())

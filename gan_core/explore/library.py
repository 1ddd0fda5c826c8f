"""Generators without a run: those that come with the app, and those a person opened from a file.

One generator is a card (JSON: plan, prior, class names, where it is from) and a file of plain
arrays. Bundled ones lie in `assets/generators/`, opened ones in `.generators/` inside the runs
folder, where a link to one still works after a restart.
"""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.errors import RunError
from gan_core.explore.foreign.plan import Unfit, sized
from gan_core.storage import access, files, npz
from gan_core.storage.assets import ASSETS
from gan_core.storage.json_text import dump_json

FORMAT = 1
BUNDLED = ASSETS / "generators"
FOLDER = ".generators"
MOST = 20  # opened generators that are kept; the oldest go
MAX_BUNDLED = 3_000_000  # bytes of a bundled one
PRIORS = ("normal", "uniform")
_ID = re.compile(r"(bundled-[a-z0-9_]{1,40})|(opened-[0-9a-f]{12})")


def is_id(text: str) -> bool:
    """Whether this names a generator of a library and not a run."""
    return bool(_ID.fullmatch(text))


class Library:
    """The bundled generators, and those opened in one runs folder."""

    def __init__(self, root: Path, bundled: Path = BUNDLED):
        self._own, self._bundled = Path(root) / FOLDER, bundled

    def ids(self) -> list[str]:
        """Bundled ones by name, then opened ones, the newest first."""
        bundled = [f"bundled-{p.stem}" for p in sorted(self._bundled.glob("*.json"))]
        opened = [p.parent for p in self._own.glob("opened-*/card.json")]
        opened.sort(key=lambda p: -(p / "card.json").stat().st_mtime)
        return [*filter(is_id, bundled), *(p.name for p in opened if is_id(p.name))]

    def card(self, name: str) -> dict[str, Any]:
        """What a generator is; RunError where there is none of this name."""
        path = self._paths(name)[0]
        if not path.exists():
            raise RunError(f"There is no generator `{name[:60]}` here. It may have been removed.")
        card = files.read_json(path)
        files.check_format(card.get("format"), FORMAT, f"The generator {name}")
        return card

    def stamp(self, name: str) -> int:
        """When its weights were written, Unix time in ns."""
        try:
            return self._paths(name)[1].stat().st_mtime_ns
        except OSError as error:
            raise RunError(
                f"The weights of `{name[:60]}` are gone. Open the file again."
            ) from error

    def arrays(self, name: str) -> dict[str, np.ndarray]:
        """Its weights; CheckpointError where they are damaged."""
        return npz.read_npz(self._paths(name)[1])

    def has_critic(self, name: str) -> bool:
        """Whether its discriminator came with it; files from elsewhere hold none."""
        return name.startswith("bundled-") and self._critic_path(name).exists()

    def critic(self, name: str) -> dict[str, np.ndarray] | None:
        """Its discriminator (`discriminator/...`) with `real_scores` and `fake_scores`, or None."""
        return npz.read_npz(self._critic_path(name)) if self.has_critic(name) else None

    def _critic_path(self, name: str) -> Path:
        return self._paths(name)[1].with_suffix(".critic.npz")

    def _paths(self, name: str) -> tuple[Path, Path]:
        if not is_id(name):
            raise RunError(f"There is no generator `{name[:60]}`.")
        if name.startswith("bundled-"):
            base = self._bundled / name.removeprefix("bundled-")
            return base.with_suffix(".json"), base.with_suffix(".npz")
        return self._own / name / "card.json", self._own / name / "weights.npz"

    @access.for_trainers
    def add(
        self, plan: dict, arrays: dict[str, np.ndarray], *, title: str, origin: str, prior: str
    ) -> str:
        """Keep an opened generator; returns its id, the same for the same network."""
        from gan_core.explore.foreign.build import check_arrays

        if prior not in PRIORS:
            raise Unfit(f"The prior of z is {' or '.join(PRIORS)}. Received: {prior[:40]}.")
        check_arrays(sized(plan), arrays)
        name = f"opened-{_digest(plan, arrays, prior)}"
        folder = self._own / name
        with files.in_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with files.atomic_file(folder / "weights.npz") as file:
            npz.write_npz(file, arrays)
        card = {
            "format": FORMAT,
            "title": _plain(title),
            "origin": _plain(origin),
            "plan": plan,
            "prior": prior,
            "class_names": [str(k) for k in range(plan["classes"])],
            "step": 0,
            "added_at": time.time(),
            "dataset": None,
        }
        files.write_json(folder / "card.json", card)
        for old in [i for i in self.ids() if i.startswith("opened-")][MOST:]:
            self.remove(old)
        return name

    @access.for_trainers
    def remove(self, name: str) -> None:
        """Forget an opened generator; the bundled ones stay."""
        if name.startswith("bundled-"):
            raise RunError("The generators that come with the app cannot be removed.")
        folder = self._paths(name)[0].parent
        if folder.is_dir():
            files.remove_tree(folder)

    def notes(self, name: str) -> dict[str, list]:
        """Favourites and directions kept with a generator."""
        path = self._notes(name)
        found = files.read_json(path) if path.exists() else {}
        return found if isinstance(found, dict) else {}

    @access.for_trainers
    def write_notes(self, name: str, notes: dict[str, list]) -> None:
        """Keep favourites and directions."""
        path = self._notes(name)
        with files.in_words(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        files.write_json(path, notes)

    def _notes(self, name: str) -> Path:
        self._paths(name)
        return self._own / name / "notes.json"


def _digest(plan: dict, arrays: dict[str, np.ndarray], prior: str) -> str:
    digest = hashlib.sha256(f"{prior} {dump_json(plan)}".encode())
    for name in sorted(arrays):
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()[:12]


def _plain(text: str) -> str:
    """One printable line of at most 120 characters."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:120]

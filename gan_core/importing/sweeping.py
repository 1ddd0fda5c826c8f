"""No card lies alone: not where keeping failed, and not for long where it was killed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from gan_core.data import card
from gan_core.storage import outputs

HOUR = 3600.0


@contextlib.contextmanager
def no_card_alone(npz: Path) -> Iterator[None]:
    """Whatever ends the block before the set is there, its card goes with it."""
    try:
        yield
    except BaseException:
        if not npz.exists():
            with contextlib.suppress(OSError):
                card.path_of(npz).unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove what killed processes left in a data folder: what was half made, and cards of sets that
    never came."""
    for path in folder.glob(f"*{card.ENDING}"):
        with contextlib.suppress(OSError):
            if _is_left(path):
                path.unlink()
    outputs.clear_left_overs(folder)


def _is_left(path: Path) -> bool:
    """Whether a card's set is not there and nobody is about to put it there.

    Whoever makes it holds a lock. Who copies both into the folder by other means may bring the card first,
    with its old date: so it is left for an hour after it came.
    """
    npz = path.with_name(f"{path.name.removesuffix(card.ENDING)}.npz")
    if npz.exists():
        return False
    makers = outputs.makers(npz)
    if makers:
        return not any(makers)
    state = path.stat()
    came = max(state.st_mtime, state.st_ctime)
    return time.time() - came > HOUR and card.is_one(path)

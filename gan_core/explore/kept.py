"""Favourites, named directions and inputs, as they are kept with a run: small, checked JSON objects."""

from __future__ import annotations

import base64
import binascii
import math
import time
from typing import Any

import numpy as np

from gan_core.errors import ConfigError
from gan_core.storage import images

MOST = {"favourites": 60, "directions": 40, "inputs": 16}
MAX_NAME = 60  # characters
MAX_NUMBERS = 4096  # of a z
MAX_STEP = 2**32
WAYS = ("target", "b", "a")
MAX_PNG = 6000  # bytes of a kept picture: all of them are in each line of the log that says so


def encode(numbers: np.ndarray) -> str:
    """float32 numbers as URL-safe base64, as in the page's links."""
    return base64.urlsafe_b64encode(np.asarray(numbers, "<f4").tobytes()).decode().rstrip("=")


def decode(text: Any, what: str) -> np.ndarray:
    """The inverse; ConfigError unless it is 1 to 4096 finite numbers."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        numbers = np.frombuffer(data, "<f4")
        good = 1 <= len(numbers) <= MAX_NUMBERS and np.isfinite(numbers).all()
    except (TypeError, ValueError, binascii.Error):
        good = False
    if not good:
        raise ConfigError(f"`{what}` must be 1 to {MAX_NUMBERS} float32 numbers in base64.")
    return numbers


def favourite(found: Any) -> dict[str, Any]:
    """A view worth keeping: z, class weights, seed, step. ConfigError where it is none."""
    found = _object(found)
    view = {"name": _name(found, optional=True), "z": encode(decode(found.get("z"), "z"))}
    if found.get("mix"):
        view["mix"] = encode(decode(found["mix"], "mix"))
    psi = found.get("psi", 1.0)
    if isinstance(psi, bool) or not isinstance(psi, int | float) or not 0 <= psi <= 1.5:
        raise ConfigError(f"`psi` must be a number from 0 to 1.5. Received: {str(psi)[:40]}.")
    numbers = {k: _whole(found, k) for k in ("seed", "label", "step")}
    return view | numbers | {"psi": float(psi), "raw": found.get("raw") is True, "time": _now()}


def direction(found: Any) -> dict[str, Any]:
    """A named unit direction and where it was found. ConfigError where it is none."""
    found = _object(found)
    numbers = decode(found.get("z"), "z")
    length = float(np.linalg.norm(numbers))
    if not length > 1e-6:
        raise ConfigError("A direction must have a length. Received: zeros.")
    kind = found.get("kind")
    return {
        "name": _name(found),
        "z": encode(numbers / length),
        "kind": kind if kind in ("sefa", "local", "path") else "",
        "label": _whole(found, "label"),
        "step": _whole(found, "step"),
        "time": _now(),
    }


def picture(found: Any) -> dict[str, Any]:
    """What went into a translator: direction, step, held-out number; a PNG where a hand made it.

    Args:
        found: "towards", "step", "held", and "pixels" (base64 of uint8 [h, w, 1 or 3]), "h", "w".

    Raises:
        ConfigError: there is no picture, or its PNG has more than 6,000 bytes.
    """
    found = _object(found)
    towards = found.get("towards")
    if towards not in WAYS:
        allowed = ", ".join(WAYS)
        raise ConfigError(f"`towards` must be one of {allowed}. Received: {str(towards)[:40]}.")
    item = {"name": _name(found, optional=True), "towards": towards}
    item |= {k: _whole(found, k) for k in ("step", "held")}
    if found.get("pixels") is not None or item["held"] is None:
        item["png"] = _png(found)
    return item | {"time": _now()}


def _png(found: dict) -> str:
    png = images.png(_pixels(found))
    if len(png) > MAX_PNG:
        raise ConfigError(
            f"This picture is too large to be kept with a run: {len(png):,} bytes as a PNG. "
            f"Allowed: {MAX_PNG:,}. Its PNG can be downloaded, and loaded again."
        )
    return base64.urlsafe_b64encode(png).decode().rstrip("=")


def _pixels(found: dict) -> np.ndarray:
    """uint8 [H, W, 1 or 3]."""
    height, width = (_whole(found, k) or 0 for k in ("h", "w"))
    try:
        data = base64.urlsafe_b64decode(found["pixels"] + "=" * (-len(found["pixels"]) % 4))
    except (KeyError, TypeError, ValueError, binascii.Error):
        data = b""
    if not data or len(data) not in (height * width, 3 * height * width):
        raise ConfigError("`pixels` must be h x w or h x w x 3 bytes in base64.")
    return np.frombuffer(data, np.uint8).reshape(height, width, -1)


CLEAN = {"favourites": favourite, "directions": direction, "inputs": picture}


def changed(items: list, what: str, change: dict[str, Any]) -> list:
    """The kept items after {"add": item}, {"remove": index} or {"rename": [index, name]}.

    Raises:
        ConfigError: the item is none, there is none at that place, or there are too many.
    """
    items = list(items)
    if "add" in change:
        if len(items) >= MOST[what]:
            raise ConfigError(f"At most {MOST[what]} {what} are kept with a run. Remove one first.")
        return [*items, CLEAN[what](change["add"])]
    if "rename" in change and isinstance(change["rename"], list) and len(change["rename"]) == 2:
        at, name = change["rename"]
        old = items[_place(at, items, what)]
        items[at] = {**old, "name": _name({"name": name})}
        return items
    if "remove" in change:
        items.pop(_place(change["remove"], items, what))
        return items
    raise ConfigError("A change is `add`, `remove` or `rename`.")


def _place(at: Any, items: list, what: str) -> int:
    if isinstance(at, bool) or not isinstance(at, int) or not 0 <= at < len(items):
        raise ConfigError(f"There is no such place among {len(items)} {what}: {str(at)[:40]}.")
    return at


def _object(found: Any) -> dict:
    if not isinstance(found, dict):
        raise ConfigError("What is kept must be an object.")
    return found


def _name(found: dict, optional: bool = False) -> str:
    name = found.get("name", "")
    text = "".join(c for c in name if c.isprintable()).strip() if isinstance(name, str) else ""
    if not (optional or text) or len(text) > MAX_NAME:
        raise ConfigError(f"A name must have 1 to {MAX_NAME} characters. Received: {text[:80]!r}.")
    return text


def _whole(found: dict, key: str) -> int | None:
    value = found.get(key)
    if value is None:
        return None
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_STEP
    if not good:
        raise ConfigError(f"`{key}` must be a whole number. Received: {str(value)[:40]}.")
    return value


def _now() -> float:
    return math.floor(time.time())

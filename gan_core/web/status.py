"""The state of a run as the browser polls it: small, the same for every kind of run."""

from __future__ import annotations

import hashlib
import json
import time

from gan_core.web.details import event_bytes
from gan_core.web.machine import Meters

# What a page draws from the snapshot by itself; when one of these changes, it must be drawn anew.
DRAWN = ("state", "phase", "owned", "queue_position", "knobs", "error", "where")


def signature(snapshot) -> str:
    """A short text that changes when the part of the page that Streamlit draws is out of date."""
    drawn = [str(getattr(snapshot, name)) for name in DRAWN]
    drawn += [str(snapshot.step)] if snapshot.state == "paused" else []  # single steps count
    return hashlib.sha1(json.dumps(drawn).encode(), usedforsecurity=False).hexdigest()[:12]


def status(run, snapshot, meters: Meters) -> dict:
    """Every field of a RunSnapshot, the machine's meters, the server's clock and the signature.

    `event_bytes` grows when an event was logged: the browser then asks for the new ones.
    """
    return vars(snapshot) | {
        "event_bytes": event_bytes(run),
        "machine": meters.read(),
        "now": time.time(),
        "signature": signature(snapshot),
    }

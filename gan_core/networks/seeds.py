"""A fresh seed for every initialiser and dropout of a network, all from one."""

from __future__ import annotations

import itertools

import numpy as np


def seeds(seed: int, stream: int):
    """Endless iterator of seeds; `stream` keeps two networks of one run apart."""
    for index in itertools.count():
        yield int(np.random.SeedSequence([seed, stream, index]).generate_state(1)[0] >> 1)

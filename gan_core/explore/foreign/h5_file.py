"""Reading a whole model in HDF5 (`.h5`, and what Keras 2.12 writes as `.keras`).

The file is opened by the child process alone, once for its description and once for its numbers.
"""

from __future__ import annotations

import json

import numpy as np

from gan_core.explore.foreign import config, limited
from gan_core.explore.foreign.damage import DAMAGE
from gan_core.explore.foreign.plan import Unfit, sized

MAX_FILE = 160_000_000  # bytes
MAX_CONFIG = 4_000_000  # characters of JSON
SIGNATURE = b"\x89HDF\r\n\x1a\n"
WEIGHTS_ONLY = (
    "This file holds weights only, not the network that they belong to. In the script that made "
    "it, save the whole model and open that: "
    '`generator.load_weights("this.h5"); generator.save("generator.keras")`.'
)


def read(data: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Plan and arrays of the bytes of an HDF5 file.

    Raises:
        Unfit: it is damaged, too large, holds weights only, or more than stock layers.
    """
    if len(data) > MAX_FILE:
        raise Unfit(f"A file of at most {MAX_FILE:,} bytes is read. Received: {len(data):,}.")
    found = limited.description(data, MAX_CONFIG)
    if found["weights_only"]:
        raise Unfit(WEIGHTS_ONLY)
    if found["model_config"] is None:
        raise Unfit("This HDF5 file holds no Keras model: it has no `model_config`.")
    try:
        described = json.loads(found["model_config"])
    except DAMAGE as error:
        raise Unfit(f"The description in the file is no valid JSON: {error}.") from error
    plan = config.read(described)
    sizes = sized(plan)
    return plan, limited.weights(data, plan, sizes, what="h5")

"""Names for what goes from hand to hand, for annotations alone: imported under TYPE_CHECKING.

A type says what the numbers are, a docstring their shape and range.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]  # of any numbers, where all are treated alike
Pixels = npt.NDArray[np.uint8]  # images as they are kept and shown, 0..255
Floats = npt.NDArray[np.floating[Any]]  # images of networks in [-1, 1], features, scores, z
Labels = npt.NDArray[np.integer[Any]]  # classes 0..K-1, or places of rows
Flags = npt.NDArray[np.bool_]
Answer = Callable[[Floats, str], Floats]  # (images in [-1, 1], way) -> what becomes of them
Split = dict[
    str, Array
]  # arrays of a split by field: "image", "label", "input", "target", "a", ...
Weights = dict[str, Array]  # of a network, by name

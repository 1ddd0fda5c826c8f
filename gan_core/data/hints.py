"""What to do with a file that is refused: `datasets add`, which reads what others write, where it can.

Where it cannot, the line of NumPy that mends the file: in the lines `f` is the opened file, `x_train` and
so on are its arrays, and the result goes back with `numpy.savez`. Every function returns a sentence, or ""
where nothing of the kind helps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

# How others call the arrays, in lower case, the likeliest first.
ALIASES = {
    "x_train": ("train_images", "train_x", "images_train", "images", "image", "imgs", "data", "x",
                "features", "arr_0"),
    "y_train": ("train_labels", "train_y", "labels_train", "labels", "label", "targets", "target",
                "classes", "y", "arr_1"),
    "x_test": ("test_images", "test_x", "images_test", "val_images", "x_val"),
    "y_test": ("test_labels", "test_y", "labels_test", "val_labels", "y_val"),
}  # fmt: skip
SIDES = {
    "a_train": ("traina", "train_a", "trainx", "train_x", "inputs", "input", "sources", "source",
                "domain_a", "side_a", "a", "x"),
    "b_train": ("trainb", "train_b", "trainy", "train_y", "targets", "target", "outputs", "output",
                "domain_b", "side_b", "b", "y"),
    "a_test": ("testa", "test_a", "testx", "test_x", "vala", "val_a"),
    "b_test": ("testb", "test_b", "testy", "test_y", "valb", "val_b"),
}  # fmt: skip


COLOURS = (3, 4)
ADD = " `python -m gan_core datasets add FILE --name NAME` makes a set of it that can be used."


def line(code: str, lead: str = "In NumPy") -> str:
    """The sentence that names a line of code."""
    return f" {lead}: `{code}`."


def keys(shapes: Mapping[str, tuple[int, ...]]) -> str:
    """For arrays under other names, of which `shapes` are known."""
    return ADD if any(len(shape) >= 2 for shape in shapes.values()) else ""


def saved(arrays: Mapping[str, str]) -> str:
    """The sentence that saves some arrays of the opened file: key to the name it has now."""
    parts = ", ".join(f'{key}=f["{name}"]' for key, name in arrays.items())
    lead = "With `f = np.load(...)` of this file"
    return line(f'np.savez("renamed.npz", {parts})', lead)


def objects(key: str) -> str:
    """For a pickled array."""
    made = f'np.array(f["{key}"].tolist())' if key != "x_train" else 'np.stack(f["x_train"])'
    lead = "If you made the file yourself, with `f = np.load(..., allow_pickle=True)`"
    return line(f"{key} = {made}", lead)


def image_type(dtype: np.dtype, span: tuple[float, float] | None) -> str:
    """For images of another type, whose values go over `span`; None where that is unknown."""
    if dtype.kind == "b":
        return ADD
    if dtype.kind not in "iuf" or span is None:
        return ""
    low, high = span
    return f" Its values go from {low:.6g} to {high:.6g}.{ADD}"


def stretched(key: str, low: object, high: object) -> str:
    """An expression that brings values from low..high to 0..255."""
    return f'np.interp({key}, [{low}, {high}], [0, 255]).round().astype("uint8")'


def image_shape(key: str, shape: tuple[int, ...]) -> str:
    """For images of another shape."""
    if len(shape) == 4 and shape[3] == 2:
        return line(f"{key} = {key}[..., :1]")
    if len(shape) == 4 and shape[3] > 4 and not {1, *COLOURS} & set(shape[1:3]):
        return line(f"{key} = {key}[..., :3]")
    return ADD if _is_other_order(shape) else ""


def _is_other_order(shape: tuple[int, ...]) -> bool:
    """Whether images may be there, flat, with their colours or their number at another place."""
    if len(shape) == 2:
        return any(parts * math.isqrt(shape[1] // parts) ** 2 == shape[1] > 4 for parts in (1, 3))
    if len(shape) == 3:
        return shape[2] > 256 >= max(shape[:2])
    return len(shape) > 4 or (len(shape) == 4 and bool({1, *COLOURS} & set(shape[1:])))


def sides(names: list[str], shapes: Mapping[str, tuple[int, ...]]) -> str:
    """For two sets of images under other names."""
    lower = {name.lower(): name for name, shape in shapes.items() if len(shape) > 2}
    found: dict[str, str] = {}
    for key, aliases in SIDES.items():
        name = next((lower[a] for a in (key, *aliases) if a in lower), None)
        if name and name not in found.values():
            found[key] = name
    if not {"a_train", "b_train"} <= set(found):
        return ""
    if not {"a_test", "b_test"} <= set(found):
        found = {key: found[key] for key in ("a_train", "b_train")}
    own = ("kind", "class_names", "a_labels", "b_labels")
    return saved(found | {key: key for key in own if key in names})


def same_size(key: str, has: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """For images whose height and width must be those of others."""
    (height, width), (high, wide) = has, wanted
    if height * wide != width * high:
        return ""
    if high % height == 0:
        times = high // height
        return line(f"{key} = {key}.repeat({times}, axis=1).repeat({times}, axis=2)")
    step = height // high
    return line(f"{key} = {key}[:, ::{step}, ::{step}]") if height % high == 0 else ""


def image_size(key: str, sides: tuple[int, ...], low: int, high: int) -> str:
    """For images with too few or too many pixels a side."""
    if min(sides) < 1:
        return ""
    if max(sides) > high and min(sides) >= low:
        return ADD
    times = -(-low // min(sides))
    if max(sides) * times <= high:
        return line(f"{key} = {key}.repeat({times}, axis=1).repeat({times}, axis=2)")
    return ""


def label_type(dtype: np.dtype) -> str:
    """For labels of another type: one-hot, fractions that are whole, names."""
    return ADD if dtype.kind in "fbSU" else ""


def label_shape(shape: tuple[int, ...], count: int) -> str:
    """For labels of another shape."""
    one_hot = len(shape) == 2 and shape[0] == count and shape[1] > 1
    return ADD if one_hot or math.prod(shape) == count else ""


def only(arrays: tuple[str, ...], condition: str) -> str:
    """For rows that must be left out of all `arrays` that go together, by a condition on labels."""
    kept = ", ".join(f"{key}[{condition}]" for key in arrays)
    return line(f"{', '.join(arrays)} = {kept}")


def fewer(arrays: tuple[str, ...], key: str, own: tuple[int, ...], most: int) -> str:
    """For more classes than can be had."""
    return " Keep the first of them." + only(arrays, f"{key} <= {own[most - 1]}")


def class_names(dtype: np.dtype) -> str:
    """For names that are bytes."""
    return ADD if dtype.kind == "S" else ""

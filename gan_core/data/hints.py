"""The line of NumPy that turns what a file holds into what is read, for messages that refuse it.

Every function returns a sentence, or "" where no single line helps. In the lines `f` is the opened
file, `x_train` and so on are its arrays; the result goes back with `numpy.savez`.
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


def line(code: str, lead: str = "In NumPy") -> str:
    """The sentence that names a line of code."""
    return f" {lead}: `{code}`."


def saved(arrays: Mapping[str, str]) -> str:
    """The sentence that saves some arrays of the opened file: key to the name it has now."""
    parts = ", ".join(f'{key}=f["{name}"]' for key, name in arrays.items())
    lead = "With `f = np.load(...)` of this file"
    return line(f'np.savez("renamed.npz", {parts})', lead)


def keys(names: list[str], shapes: Mapping[str, tuple[int, ...]]) -> str:
    """For arrays under other names, of which `shapes` are known."""
    if two := sides(names, shapes):
        return two
    lower = {name.lower(): name for name in names}
    found = {}
    for key, aliases in ALIASES.items():
        name = next((lower[a] for a in (key, *aliases) if a in lower), None)
        if name and name not in found.values():
            found[key] = name
    many = [name for name, shape in shapes.items() if len(shape) >= 2]
    if "x_train" not in found and many:
        found["x_train"] = max(many, key=lambda name: math.prod(shapes[name]))
    if "x_train" not in found:
        return ""
    named = {"class_names": "class_names"} if "class_names" in names and "y_train" in found else {}
    return saved(_whole_pairs(found) | named)


def _whole_pairs(found: dict[str, str]) -> dict[str, str]:
    """Without a test split of which one half is missing."""
    halves = [key in found for key in ("y_train", "x_test", "y_test")]
    if halves in ([True, True, True], [False, True, False]):
        return found
    return {key: name for key, name in found.items() if not key.endswith("_test")}


def objects(key: str) -> str:
    """For a pickled array."""
    made = f'np.array(f["{key}"].tolist())' if key != "x_train" else 'np.stack(f["x_train"])'
    lead = "If you made the file yourself, with `f = np.load(..., allow_pickle=True)`"
    return line(f"{key} = {made}", lead)


def image_type(key: str, dtype: np.dtype, span: tuple[float, float] | None) -> str:
    """For images of another type, whose values go over `span`; None where that is unknown."""
    if dtype.kind == "b":
        return line(f'{key} = {key}.astype("uint8") * 255')
    if dtype.kind not in "iuf" or span is None:
        return ""
    low, high = span
    told = f" Its values go from {low:.6g} to {high:.6g}."
    return told + line(f"{key} = {_scaled(key, dtype.kind == 'f', low, high)}")


def _scaled(key: str, is_float: bool, low: float, high: float) -> str:
    """An expression that brings values of a known span to 0..255."""
    if low >= 0 and 1 < high < 128:  # else it would be read, and be dark
        return stretched(key, 0, f"{key}.max()")
    if low >= 0 and 1 < high <= 255:
        return f'{key}.round().astype("uint8")' if is_float else f'{key}.astype("uint8")'
    if low >= 0 and high <= 1:
        return f'({key} * 255).round().astype("uint8")'
    if -1 <= low < -0.5 and high <= 1:
        return stretched(key, -1, 1)
    if low >= 0 and 32767 < high <= 65535:
        return f'({key} // 257).astype("uint8")'
    return stretched(key, f"{key}.min()", f"{key}.max()")


def stretched(key: str, low: object, high: object) -> str:
    """An expression that brings values from low..high to 0..255."""
    return f'np.interp({key}, [{low}, {high}], [0, 255]).round().astype("uint8")'


def image_shape(key: str, shape: tuple[int, ...]) -> str:
    """For images of another shape."""
    code = _reshaped(key, shape)
    return line(f"{key} = {code}") if code else ""


def _reshaped(key: str, shape: tuple[int, ...]) -> str:
    if len(shape) == 2:
        return _unflattened(key, shape[1])
    if len(shape) == 3:
        return f"{key}.transpose(2, 0, 1)" if shape[2] > 256 >= max(shape[:2]) else ""
    if len(shape) > 4:
        tail = f"*{key}.shape[-3:]" if shape[-1] in (1, 3) else f"*{key}.shape[-2:]"
        return f"{key}.squeeze()" if 1 in shape[3:] else f"{key}.reshape(-1, {tail})"
    if len(shape) == 4 and shape[1] in (1, 3) and min(shape[2:]) > 3:
        return f"{key}.transpose(0, 2, 3, 1)"
    if len(shape) == 4 and shape[2] in (1, 3) and shape[3] > 4 and min(shape[:2]) > 3:
        return f"{key}.transpose(3, 0, 1, 2)"
    if len(shape) == 4 and shape[3] == 2:
        return f"{key}[..., :1]"
    return f"{key}[..., :3]" if len(shape) == 4 and shape[3] > 3 else ""


def _unflattened(key: str, pixels: int) -> str:
    side = math.isqrt(pixels)
    if side * side == pixels and side > 1:
        return f"{key}.reshape(-1, {side}, {side})"
    side = math.isqrt(pixels // 3)
    if 3 * side * side == pixels and side > 1:  # as the rows of CIFAR: red, green, blue
        return f"{key}.reshape(-1, 3, {side}, {side}).transpose(0, 2, 3, 1)"
    return ""


def sides(names: list[str], shapes: Mapping[str, tuple[int, ...]]) -> str:
    """For two sets of images under other names."""
    lower = {name.lower(): name for name, shape in shapes.items() if len(shape) > 2}
    found = {}
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
        step = -(-max(sides) // high)
        return line(f"{key} = {key}[:, ::{step}, ::{step}]")
    times = -(-low // min(sides))
    if max(sides) * times <= high:
        return line(f"{key} = {key}.repeat({times}, axis=1).repeat({times}, axis=2)")
    return ""


def label_type(key: str, dtype: np.dtype, shape: tuple[int, ...]) -> str:
    """For labels of another type."""
    if len(shape) == 2 and shape[1] > 1 and dtype.kind in "fb":
        return line(f"{key} = {key}.argmax(axis=1)")
    if dtype.kind == "S":
        return label_text(key, f'np.char.decode({key}, "utf-8")')
    if dtype.kind == "U":
        return label_text(key, key)
    return line(f'{key} = {key}.astype("int64")') if dtype.kind in "fb" else ""


def label_text(key: str, text: str) -> str:
    """For labels that are names: the names become `class_names`."""
    if key not in ("y_train", "a_labels"):
        return line(f"{key} = np.searchsorted(class_names, {text})")
    return line(f"class_names, {key} = np.unique({text}, return_inverse=True)")


def label_shape(key: str, shape: tuple[int, ...], count: int) -> str:
    """For labels of another shape."""
    if len(shape) == 2 and shape[0] == count and shape[1] > 1:
        return line(f"{key} = {key}.argmax(axis=1)")
    return line(f"{key} = {key}.reshape(-1)") if math.prod(shape) == count else ""


def only(arrays: tuple[str, ...], condition: str) -> str:
    """For rows that must be left out of all `arrays` that go together, by a condition on labels."""
    kept = ", ".join(f"{key}[{condition}]" for key in arrays)
    return line(f"{', '.join(arrays)} = {kept}")


def fewer(arrays: tuple[str, ...], key: str, own: tuple[int, ...], most: int) -> str:
    """For more classes than can be had."""
    return " Keep the first of them." + only(arrays, f"{key} <= {own[most - 1]}")


def class_names(dtype: np.dtype) -> str:
    """For names that are bytes."""
    code = 'class_names = np.char.decode(class_names, "utf-8")'
    return line(code) if dtype.kind == "S" else ""

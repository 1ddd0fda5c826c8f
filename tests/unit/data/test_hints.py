"""What a refusal proposes works: the images come out as they were, from `datasets add` or by the line."""

import re

import numpy as np
import pytest

from gan_core import data
from gan_core.data import imageset, twoset
from gan_core.errors import DataError
from gan_core.importing import forms_list

RNG = np.random.default_rng(5)
GREY = RNG.integers(0, 256, (40, 12, 12), np.uint8)
GREY[:, 0, :2] = 0, 255  # the whole range, also where only some images are looked at
COLOUR = RNG.integers(0, 256, (40, 12, 12, 3), np.uint8)
COLOUR[:, 0, :2] = np.array([0, 255])[None, :, None]
LABELS = np.arange(40) % 4
OBJECTS = np.empty(40, object)
OBJECTS[:] = list(GREY)
NAMED = np.array(["owl", "cat", "bee", "dog"])[LABELS]  # sorted: bee 0, cat 1, dog 2, owl 3
SORTED = np.array([3, 1, 0, 2])[LABELS]

OTHERWISE = ("too large", "RGBA")  # the plan makes them smaller; transparent pictures lie on white
FORMS = {  # what is in the file: the images and labels that it means
    "arr_0": ({"arr_0": GREY}, GREY, None),
    "images and labels": ({"labels": LABELS, "images": GREY}, GREY, LABELS),
    "capital X and y": ({"X_train": GREY, "Y_train": LABELS}, GREY, LABELS),
    "X and y": ({"X": COLOUR, "y": LABELS}, COLOUR, LABELS),
    "arr_0 and arr_1": ({"arr_0": GREY, "arr_1": LABELS}, GREY, LABELS),
    "MedMNIST": (
        {
            "train_images": GREY, "val_images": GREY[:9], "test_images": GREY[:5],
            "train_labels": LABELS[:, None], "val_labels": LABELS[:9, None],
            "test_labels": LABELS[:5, None],
        },
        GREY, LABELS,
    ),
    "a name of its own": ({"ids": LABELS, "cats": GREY}, GREY, None),
    "test images without labels": ({"images": GREY, "labels": LABELS, "x_test": GREY}, GREY, LABELS),
    "only one of the labels": ({"x_train": GREY, "y_train": LABELS, "x_test": GREY}, GREY, LABELS),
    "float of 0 to 1": ({"x_train": GREY / 255}, GREY, None),
    "float32 of 0 to 1": ({"x_train": (GREY / 255).astype("f4")}, GREY, None),
    "float of -1 to 1": ({"x_train": GREY / 127.5 - 1}, GREY, None),
    "float of 0 to 255": ({"x_train": GREY.astype("f4")}, GREY, None),
    "float of -0.5 to 0.5": ({"x_train": GREY / 255 - 0.5}, GREY, None),
    "float of 0 to 100": ({"x_train": GREY / 2.55}, GREY, None),
    "long of 0 to 15": ({"x_train": (GREY // 17).astype(int)}, GREY // 17 * 17, None),
    "int64": ({"x_train": GREY.astype("i8")}, GREY, None),
    "int8": ({"x_train": (GREY.astype(int) - 128).astype("i1")}, GREY, None),
    "int16 of -32768 to 32767": (
        {"x_train": (GREY.astype(int) * 257 - 32768).astype("i2")}, GREY, None,
    ),
    "uint16 of 0 to 255": ({"x_train": GREY.astype("u2")}, GREY, None),
    "uint16 of 0 to 65535": ({"x_train": GREY.astype("u2") * 257}, GREY, None),
    "12 bits": ({"x_train": (GREY * (4095 / 255)).round().astype("u2")}, GREY, None),
    "bool": ({"x_train": GREY > 127}, (GREY > 127) * np.uint8(255), None),
    "flat": ({"x_train": GREY.reshape(40, 144)}, GREY, None),
    "flat colour, as CIFAR": (
        {"x_train": COLOUR.transpose(0, 3, 1, 2).reshape(40, -1)}, COLOUR, None,
    ),
    "flat float labels and all": (
        {"x": GREY.reshape(40, 144) / 255, "y": np.eye(4)[LABELS]}, GREY, LABELS,
    ),
    "channels first": ({"x_train": COLOUR.transpose(0, 3, 1, 2)}, COLOUR, None),
    "one channel first": ({"x_train": GREY[:, None]}, GREY, None),
    "images last": ({"x_train": COLOUR.transpose(1, 2, 3, 0)}, COLOUR, None),
    "grey images last": ({"x_train": np.tile(GREY, (8, 1, 1)).transpose(1, 2, 0)},
                         np.tile(GREY, (8, 1, 1)), None),
    "RGBA": ({"x_train": np.concatenate([COLOUR, COLOUR[..., :1]], -1)}, COLOUR, None),
    "grey with alpha": ({"x_train": np.stack([GREY, GREY], -1)}, GREY, None),
    "twelve bands": ({"x_train": np.concatenate([COLOUR] * 4, -1)}, COLOUR, None),
    "five axes": ({"x_train": COLOUR.reshape(4, 10, 12, 12, 3)}, COLOUR, None),
    "five axes of grey": ({"x_train": GREY[..., None, None]}, GREY, None),
    "too small": ({"x_train": GREY[:, :3, :3]}, GREY[:, :3, :3].repeat(2, 1).repeat(2, 2), None),
    "too large": ({"x_train": GREY.repeat(30, 1).repeat(30, 2)}, GREY.repeat(15, 1).repeat(15, 2), None),
    "pickled images": ({"x_train": OBJECTS}, GREY, None),
    "one-hot": ({"x_train": GREY, "y_train": np.eye(4)[LABELS]}, GREY, LABELS),
    "one-hot int": ({"x_train": GREY, "y_train": np.eye(4, dtype=int)[LABELS]}, GREY, LABELS),
    "one-hot bool": ({"x_train": GREY, "y_train": np.eye(4, dtype=bool)[LABELS]}, GREY, LABELS),
    "float labels": ({"x_train": GREY, "y_train": LABELS.astype("f4")}, GREY, LABELS),
    "bool labels": ({"x_train": GREY, "y_train": LABELS > 1}, GREY, LABELS > 1),
    "text labels": ({"x_train": GREY, "y_train": NAMED}, GREY, SORTED),
    "byte labels": ({"x_train": GREY, "y_train": NAMED.astype("S")}, GREY, SORTED),
    "pickled text labels": ({"x_train": GREY, "y_train": NAMED.astype(object)}, GREY, SORTED),
    "labels in a row": ({"x_train": GREY, "y_train": LABELS[None]}, GREY, LABELS),
    "-1 for none": (
        {"x_train": np.tile(GREY, (2, 1, 1)), "y_train": np.append(LABELS, [-1] * 40)}, GREY, LABELS,
    ),
    "names of bytes": (
        {"x_train": GREY, "y_train": LABELS, "class_names": np.array([b"a", b"b", b"c", b"d"])},
        GREY, LABELS,
    ),
    "pickled names": (
        {"x_train": GREY, "y_train": LABELS, "class_names": np.array(list("abcd"), object)},
        GREY, LABELS,
    ),
    "a label of the test split alone": (
        {"x_train": GREY, "y_train": LABELS, "x_test": GREY, "y_test": np.arange(40) % 5},
        GREY, LABELS,
    ),
}  # fmt: skip


def proposed(problem):
    """The last code in back-ticks of a refusal that is an assignment or saves."""
    lines = [c for c in re.findall("`([^`]+)`", problem) if " = " in c or c.startswith("np.savez")]
    assert lines, problem
    return lines[-1]


def convert(path, line):
    """Runs the line on the arrays of the file and saves them again."""
    with np.load(path, allow_pickle=True) as opened:
        f = {key: opened[key] for key in opened.files}
    names = {"np": np, "f": f} | f
    if line.startswith("np.savez"):
        exec(line.replace('"renamed.npz"', repr(str(path))), names)
        return
    exec(line, names)
    keys = {*imageset.KEYS, *twoset.KEYS}
    np.savez(path, **{key: names[key] for key in keys if key in names})


def read(path):
    """(images, names of classes) as `datasets add` reads them."""
    source, _ = forms_list.open_source(path, {})
    images = [source.pixels(i, 64) for i in range(len(source.items))]
    names = [item.class_name for item in source.items]
    source.close()
    return images, names


@pytest.mark.parametrize("form", FORMS)
def test_what_is_proposed_works(save, data_dir, form):
    content, images, labels = FORMS[form]
    path = save(content)
    for _ in range(6):  # one refusal after the other, where more than one thing is wrong
        problem = data.spec("mine", data_dir).problem
        if not problem or "datasets add" in problem:
            break
        convert(path, proposed(problem))
    found, names = read(path)
    own = images[..., None] if images.ndim == 3 else images
    whose = dict(zip((image.tobytes() for image in own), range(len(own)), strict=True))
    if form not in OTHERWISE:
        assert {image.tobytes() for image in found} <= set(whose)
    if labels is not None and "text" not in form and "byte" not in form:
        expected = [str(int(labels[whose[image.tobytes()]])) for image in found]
        assert names == expected or "names" in form or "alone" in form


def test_labels_that_are_names_become_classes(save, data_dir):
    for array in (NAMED, NAMED.astype("S")):
        path = save({"x_train": GREY, "y_train": array})
        assert "datasets add FILE --name NAME" in data.spec("mine", data_dir).problem
        assert read(path)[1] == NAMED.tolist()


@pytest.mark.parametrize(
    "content",
    [
        {"x_train": GREY.astype("c8")},
        {"x_train": GREY.astype("U3")},
        {"x_train": GREY[:19]},
        {"x_train": GREY, "y_train": LABELS[:9]},
        {"x_train": np.full((40, 8, 8), np.nan)},
    ],
    ids=["complex", "text", "too few", "labels for some", "nan"],
)
def test_nothing_is_proposed_where_no_line_helps(save, data_dir, content):
    save(content)
    with pytest.raises(DataError, match="cannot be used") as caught:
        data.load("mine", data_dir)
    assert "NumPy" not in str(caught.value) and "datasets add" not in str(caught.value)

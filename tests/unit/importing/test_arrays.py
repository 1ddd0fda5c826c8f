"""Arrays under any names, types and orders of axes become the pictures that they were made from."""

import numpy as np
import pytest

from gan_core.errors import DataError
from gan_core.importing import naming
from gan_core.importing.arrays.layouts import layouts
from gan_core.importing.plans import class_order
from tests.unit.importing.written import COUNT, asked, form, grey, images, opened, pictures

LABELS = np.arange(COUNT) % 3


def save(folder, **arrays):
    path = folder / "theirs.npz"
    np.savez_compressed(path, **arrays)
    return path


def classes(source) -> list[str]:
    return [item.class_name for item in source.items]


@pytest.mark.parametrize(
    "names",
    [("x_train", "y_train"), ("X_train", "Y_train"), ("images", "labels"), ("train_images", "train_labels"),
     ("data", "target"), ("arr_0", "arr_1"), ("x", "y"), ("my_cats", "what_they_are")],
)  # fmt: skip
def test_names_of_others(tmp_path, names):
    path = save(tmp_path, **dict(zip(names, (pictures(), LABELS), strict=True)))
    source = opened("npz", path)
    assert np.array_equal(images(source), pictures())
    assert classes(source) == [str(label) for label in LABELS]


@pytest.mark.parametrize(
    ("array", "likely"),
    [
        (lambda x: x / 255, "0 to 1"),
        (lambda x: (x / 255).astype(np.float16), "0 to 1"),
        (lambda x: (x / 127.5 - 1).astype(np.float32), "-1 to 1"),
        (lambda x: x.astype(np.float64), "0 to 255"),
        (lambda x: x.astype(np.int64), "0 to 255"),
        (lambda x: x.astype(">u2") * 257, "0 to 65535"),
        (lambda x: (x.astype(np.int16) - 128).astype(np.int8), "-128 to 127"),
    ],
)
def test_values_of_any_type_come_back_as_they_were(tmp_path, array, likely):
    path = save(tmp_path, x_train=array(grey()))
    assert asked("npz", path) == {"values": likely}
    found = images(opened("npz", path))[..., 0]
    assert np.abs(found.astype(int) - grey()).max() <= (0 if likely != "-128 to 127" else 1)


def test_standardised_values_are_stretched_between_lowest_and_highest(tmp_path):
    values = (grey() - 60.0) / 70.0
    path = save(tmp_path, x_train=values)
    assert asked("npz", path) == {"values": "lowest to highest"}
    found = images(opened("npz", path))[..., 0]
    assert np.array_equal(found, np.rint((values - values.min()) / np.ptp(values) * 255))


@pytest.mark.parametrize(("high", "likely"), [(1, "0 to 1"), (16, "0 to 16"), (15, "0 to 15")])
def test_dark_bytes_are_asked_about(tmp_path, high, likely):
    values = np.rint(grey() / 255 * high).astype(np.uint8)
    path = save(tmp_path, x_train=values)
    assert asked("npz", path)["values"] == likely
    assert images(opened("npz", path)).max() == 255
    assert images(opened("npz", path, values="0 to 255")).max() == high


def test_truth_values_are_black_and_white(tmp_path):
    path = save(tmp_path, masks=grey() > 100)
    assert asked("npz", path) == {}
    assert np.array_equal(images(opened("npz", path))[..., 0], (grey() > 100) * np.uint8(255))


@pytest.mark.parametrize(
    ("array", "likely"),
    [
        (lambda x: x, None),
        (lambda x: x.transpose(0, 3, 1, 2), "image, colour, row, column"),
        (lambda x: x.transpose(1, 2, 3, 0), "row, column, colour, image"),
        (lambda x: np.asfortranarray(x), None),
        (lambda x: np.asfortranarray(x.transpose(1, 2, 3, 0)), "row, column, colour, image"),
        (lambda x: x.reshape(COUNT, -1), "32 x 32 in colour, all red first"),
        (lambda x: x.transpose(0, 3, 1, 2).reshape(COUNT, -1), "32 x 32 in colour, all red first"),
    ],
)
def test_axes_in_any_order(tmp_path, array, likely):
    path = save(tmp_path, x=array(pictures()), y=LABELS)
    assert asked("npz", path).get("layout") == likely
    given = {"layout": "32 x 32 in colour, red, green, blue of each pixel"}
    flat_pixels = array(pictures()).ndim == 2 and not np.array_equal(
        array(pictures())[0, :1024], pictures()[0, :, :, 0].reshape(-1)
    )
    source = opened("npz", path, **(given if flat_pixels else {}))
    assert np.array_equal(images(source), pictures())


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("order", "CF")
def test_grey_images_counted_by_the_first_or_the_last_axis(tmp_path, last, order):
    array = grey().transpose(1, 2, 0) if last else grey()
    np.save(tmp_path / "a.npy", np.array(array, order=order))
    way = "row, column, image" if last else "image, row, column"
    source = opened("npy", tmp_path / "a.npy", layout=way)
    assert np.array_equal(images(source)[..., 0], grey())


@pytest.mark.parametrize("order", "CF")
def test_an_image_a_row_and_an_image_a_column(tmp_path, order):
    rows = grey().reshape(COUNT, 784)
    for array, way in ((rows, "28 x 28"), (rows.T, "28 x 28, an image a column")):
        path = save(tmp_path, x=np.array(array, order=order), y=LABELS)
        assert asked("npz", path)["layout"] == way
        assert np.array_equal(images(opened("npz", path))[..., 0], grey())


def test_rows_and_columns_swapped(tmp_path):
    rows = grey().transpose(0, 2, 1).reshape(COUNT, 784)
    source = opened("npz", save(tmp_path, x=rows), layout="28 x 28, column by column")
    assert np.array_equal(images(source)[..., 0], grey())


def test_oblong_images_from_rows_of_numbers(tmp_path):
    path = save(tmp_path, x=grey()[:, :20].reshape(COUNT, 560))
    assert asked("npz", path)["layout"] == "20 x 28"
    assert np.array_equal(images(opened("npz", path))[..., 0], grey()[:, :20])


def test_films_are_sets_of_their_frames(tmp_path):
    path = save(tmp_path, films=grey().reshape(2, 12, 28, 28))
    assert asked("npz", path) == {}
    assert np.array_equal(images(opened("npz", path))[..., 0], grey())


def test_transparent_images_lie_on_white(tmp_path):
    opacity = np.zeros((COUNT, 32, 32, 1), np.uint8)
    opacity[:, :16] = 255
    path = save(tmp_path, x=np.concatenate([pictures(), opacity], 3))
    found = images(opened("npz", path))
    assert np.array_equal(found[:, :16], pictures()[:, :16]) and (found[:, 16:] == 255).all()
    source = opened("npz", path)
    for ground, value in (("black", 0), ("grey", 128)):
        source.ground = ground
        found = images(source)
        assert np.array_equal(found[:, :16], pictures()[:, :16]) and (found[:, 16:] == value).all()
    assert source.pixels(0, 32).did == ("transparent",)


@pytest.mark.parametrize(
    "array",
    [LABELS.astype(float), LABELS[:, None], np.eye(3)[LABELS], np.eye(3, dtype=np.uint8)[LABELS],
     np.eye(3)[LABELS].T, LABELS.astype("S1"), np.array([f" {k}" for k in LABELS])],
)  # fmt: skip
def test_labels_of_any_kind(tmp_path, array):
    source = opened("npz", save(tmp_path, x=pictures(), y=array))
    assert classes(source) == [str(label) for label in LABELS]


@pytest.mark.parametrize(
    "names", [["cat", "dog", "owl"], [b"cat", b"dog", b"owl"], ["cat", "dog", "owl", "never"]]
)
def test_names_of_classes(tmp_path, names):
    source = opened("npz", save(tmp_path, x=pictures(), y=LABELS, class_names=names))
    assert classes(source)[:4] == ["cat", "dog", "owl", "cat"]


def test_names_that_are_objects_are_left_and_told(tmp_path):
    names = np.array(["cat", "dog", "owl"], object)
    source = opened("npz", save(tmp_path, x=pictures(), y=LABELS, class_names=names))
    assert classes(source)[:2] == ["0", "1"]
    assert dict(source.passed_over)["class_names"].startswith("`class_names` holds Python objects")


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (np.linspace(0, 1, COUNT), "fractions"),
        (np.ones((COUNT, 3)), "one 1 and else 0"),
        (np.array([""] * COUNT), "empty or unprintable"),
    ],
)
def test_what_is_no_label_is_left_out_with_its_reason(tmp_path, array, why):
    path = save(tmp_path, x=pictures(), y=array)
    question = next(q for q in form("npz").recognise(path).questions if q.name == "labels")
    assert question.likely == "none" and why in question.why
    assert not opened("npz", path).labelled
    with pytest.raises(DataError, match=why):
        opened("npz", path, labels="y")


def test_test_splits_are_held_out(tmp_path):
    more = {"val_images": pictures()[:4], "val_labels": LABELS[:4]}
    path = save(
        tmp_path,
        train_images=pictures(),
        train_labels=LABELS[:, None],
        **more,
        test_images=pictures()[:6],
        test_labels=LABELS[:6, None],
    )
    assert asked("npz", path) == {"held_out": "test_images"}
    source = opened("npz", path)
    assert [item.held_out for item in source.items] == [False] * COUNT + [True] * 6
    assert len({item.name for item in source.items}) == COUNT + 6
    assert [name for name, _ in source.passed_over] == ["val_images", "val_labels"]
    assert len(opened("npz", path, held_out="none").items) == COUNT


def test_a_test_split_without_classes_is_not_taken_unasked(tmp_path):
    path = save(tmp_path, x_train=pictures(), y_train=LABELS, x_test=pictures()[:5])
    assert asked("npz", path) == {"held_out": "none"}
    assert opened("npz", path).labelled


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("trainA", "trainB"), "pairs"),
        (("inputs", "targets"), "pairs"),
        (("a_train", "b_train"), "sides"),
    ],
)
def test_two_sets_in_one_file(tmp_path, names, kind):
    second = 255 - pictures()[: COUNT if kind == "pairs" else COUNT - 4]
    path = save(tmp_path, **{names[0]: pictures(), names[1]: second})
    assert asked("npz", path) == {"kind": kind.replace("sides", "two sides")}
    assert form("npz").recognise(path, {"kind": "sides"}).kind == "sides"
    source = opened("npz", path)
    assert source.kind == kind
    assert [item.side for item in source.items] == ["a"] * COUNT + ["b"] * len(second)
    assert np.array_equal(images(source), np.concatenate([pictures(), second]))
    by_pair = {item.pair for item in source.items}
    assert len(by_pair) == (COUNT if kind == "pairs" else 1)


def test_values_beyond_what_was_said_are_told_of_that_image(tmp_path):
    values = grey() / 255
    values[7] *= 255
    values[9, 3, 3] = np.nan
    source = opened("npz", save(tmp_path, x=values), values="0 to 1")
    assert source.pixels(8, 28).shape == (28, 28, 1)
    for index, why in ((7, "beyond 0 to 1"), (9, "no numbers")):
        with pytest.raises(DataError, match=why):
            source.pixels(index, 28)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"values": "bright to dark"}, "must say which numbers"),
        ({"values": "1 to 0"}, "must say which numbers"),
        ({"layout": "upside down"}, "must be one of"),
        ({"size": "28"}, "Nothing asks for `size` here. Asked: "),
    ],
)
def test_answers_that_are_none(tmp_path, answers, why):
    path = save(tmp_path, x=grey().reshape(COUNT, 784) / 255)
    with pytest.raises(DataError, match=why):
        form("npz").open(path, answers)


def test_where_nothing_can_be_images_the_way_is_said(tmp_path):
    path = save(tmp_path, x=np.zeros((COUNT, 28, 28, 7), np.uint8))
    with pytest.raises(
        DataError, match=r"Received: `x` \(uint8, 24 x 28 x 28 x 7\).*x\[\.\.\., :3\]"
    ):
        form("npz").recognise(path)
    path = save(tmp_path, x=np.array([grey()[0], None], object))
    with pytest.raises(DataError, match="holds Python objects"):
        form("npz").recognise(path)


def test_several_arrays_lie_beside_each_other_in_a_folder(tmp_path):
    np.save(tmp_path / "X.npy", pictures())
    np.save(tmp_path / "Y.npy", LABELS)
    source = opened("npy", tmp_path)
    assert np.array_equal(images(source), pictures()) and source.labelled


@pytest.mark.parametrize(
    ("shape", "first"),
    [
        ((500, 28, 28), "image, row, column"),
        ((28, 28, 500), "row, column, image"),
        ((32, 32, 3, 900), "row, column, colour, image"),
        ((900, 3, 32, 32), "image, colour, row, column"),
        ((64, 3072), "32 x 32 in colour, all red first"),
        ((20, 10_000, 64, 64), "group, image, row, column"),
    ],
)
def test_the_likeliest_layout(shape, first):
    assert layouts(shape)[0].text == first


def test_numbers_are_sorted_by_what_they_are_and_names_of_the_app_are_left_to_it():
    assert sorted(["10", "9", "b", "1", "a", "²"], key=class_order) == [
        "1",
        "9",
        "10",
        "a",
        "b",
        "²",
    ]
    assert [naming.likely(title) for title in ("facades", "My cats!", "mnist")] == [
        "my_facades",
        "My_cats",
        "my_mnist",
    ]

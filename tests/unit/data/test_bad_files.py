"""Every way in which a stranger's .npz can be wrong is a sentence, and nothing in it is run."""

import io
import os
import pickle
import struct
import warnings
import zipfile

import numpy as np
import pytest

from gan_core import data
from gan_core.data import checks, npz, setfile
from gan_core.errors import DataError


def npy(array) -> bytes:
    """The bytes of a .npy file."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def write_zip(path, members, compression=zipfile.ZIP_STORED):
    """A zip of (name, bytes) members, in which names may repeat."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", compression) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of the repeated names that we want
        for name, content in members:
            archive.writestr(name, content)


def refused(folder, match):
    """Asserts that mine.npz is listed with a problem like `match`, and that loading says it too."""
    with pytest.raises(DataError, match=match):
        data.load("mine", folder)
    with pytest.raises(DataError, match=match):
        setfile.read(folder / "mine.npz")
    listed = data.specs(folder)[-1]
    assert (listed.name, listed.available) == ("mine", False)


IMAGES = np.zeros((40, 8, 8), np.uint8)
LABELS = np.arange(40) % 4
BAD_SETS = {
    "no images": ({"y_train": LABELS}, "It has no `x_train`. Received: `y_train`. Allowed"),
    "float images": ({"x_train": IMAGES / 255}, r"must be uint8 \(0..255\). Received: float64"),
    "int8 images": ({"x_train": IMAGES.astype(np.int8)}, "must be uint8 .* Received: int8"),
    "flat images": ({"x_train": IMAGES.reshape(40, 64)}, r"wrong shape. Received: \[40, 64\]"),
    "two channels": ({"x_train": np.zeros((40, 8, 8, 2), "u1")}, "C = 1 .* or 3"),
    "channels first": ({"x_train": np.zeros((40, 3, 8, 8), "u1")}, "wrong shape"),
    "five axes": ({"x_train": np.zeros((1, 1, 1, 1, 1), "u1")}, "wrong shape"),
    "nine axes": ({"x_train": np.zeros((1,) * 9, "u1")}, "declares the shape"),
    "too small": ({"x_train": np.zeros((40, 3, 8), "u1")}, "3 x 8 pixels. Allowed: 4 to 256"),
    "too large": ({"x_train": np.zeros((20, 8, 257), "u1")}, "8 x 257 pixels"),
    "no side": ({"x_train": np.zeros((40, 0, 8), "u1")}, "0 x 8 pixels"),
    "too few": ({"x_train": IMAGES[:19]}, "has 19 images. Allowed: at least 20"),
    "float labels": ({"x_train": IMAGES, "y_train": LABELS / 1}, "must be whole numbers"),
    "text labels": ({"x_train": IMAGES, "y_train": LABELS.astype("U")}, "Received: <U"),
    "bool labels": ({"x_train": IMAGES, "y_train": LABELS > 1}, "Received: bool"),
    "other length": (
        {"x_train": IMAGES, "y_train": LABELS[:39]},
        r"one label an image. Received: \[39\] for 40 images. Allowed: \[40\]",
    ),
    "one-hot labels": ({"x_train": IMAGES, "y_train": np.eye(4, dtype=int)[LABELS]}, r"\[40, 4\]"),
    "negative labels": ({"x_train": IMAGES, "y_train": LABELS - 1}, "labels from -1 to 2"),
    "1001 classes": (
        {"x_train": np.zeros((1001, 4, 4), "u1"), "y_train": np.arange(1001)},
        "has 1,001 different labels. Allowed: up to 1000",
    ),
    "a million": ({"x_train": IMAGES, "y_train": LABELS + 10**6}, "labels from 1000000 to 1000003"),
    "huge labels": (
        {"x_train": IMAGES, "y_train": LABELS.astype("u8") + np.uint64(2**63)},
        "9223372036854",
    ),
    "test of other size": (
        {"x_train": IMAGES, "x_test": np.zeros((5, 9, 8), "u1")},
        r"another shape. Received: \[9, 8\]. Allowed: \[8, 8\]",
    ),
    "empty test": ({"x_train": IMAGES, "x_test": IMAGES[:0]}, "`x_test` has 0 images"),
    "test labels alone": ({"x_train": IMAGES, "y_test": LABELS}, "`y_test` but no `x_test`"),
    "unlabelled test": (
        {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES},
        "Only one of `y_train` and `y_test`",
    ),
    "unknown test class": (
        {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES, "y_test": LABELS + 1},
        "`y_test` holds the label 4, which `y_train` does not have. Allowed: 0 to 3.",
    ),
    "names without labels": (
        {"x_train": IMAGES, "class_names": np.array(["a"])},
        "`class_names` but no `y_train`",
    ),
    "wrong number of names": (
        {"x_train": IMAGES, "y_train": LABELS, "class_names": np.array(["a", "b"])},
        r"one name for each of the 4 classes. Received: <U1 \[2\]",
    ),
    "names of bytes": (
        {"x_train": IMAGES, "y_train": LABELS, "class_names": np.array([b"a"] * 4)},
        r"must be text.*Received: \|S1",
    ),
    "long names": (
        {"x_train": IMAGES, "y_train": LABELS, "class_names": np.array(["a" * 65] * 4)},
        "long names. Allowed: 64",
    ),
    "control characters": (
        {"x_train": IMAGES, "y_train": LABELS, "class_names": np.array(["a", "b", "c", "\x1b["])},
        "empty or unprintable",
    ),
    "empty name": (
        {"x_train": IMAGES, "y_train": LABELS, "class_names": np.array(["a", "b", "c", " "])},
        "empty or unprintable",
    ),
}


@pytest.mark.parametrize("case", BAD_SETS)
def test_set_that_breaks_a_rule(save, data_dir, case):
    content, match = BAD_SETS[case]
    save(content)
    refused(data_dir, match)


class Bomb:
    """Unpickling it makes a folder."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("key", ["x_train", "y_train"])
def test_pickle_is_refused_and_never_run(save, data_dir, tmp_path, key):
    mark = tmp_path / "unpickled"
    save({"x_train": IMAGES, key: np.array([Bomb(mark)] * 40, dtype=object)})
    refused(data_dir, rf"`{key}` holds Python objects \(a pickle\).*it was not read")
    assert not mark.exists()


def test_bare_pickle_as_member_is_refused(data_dir, tmp_path):
    mark = tmp_path / "unpickled"
    write_zip(data_dir / "mine.npz", [("x_train.npy", pickle.dumps(Bomb(mark)))])
    refused(data_dir, "damaged or not an .npz file .*magic")
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", npy(IMAGES)])
def test_file_that_is_no_zip(data_dir, content):
    (data_dir / "mine.npz").write_bytes(content)
    refused(data_dir, "damaged or not an .npz file")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("compressed", [True, False])
def test_truncated_file(save, arrays, data_dir, share, compressed):
    path = save(arrays, compressed=compressed)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refused(data_dir, "damaged or not an .npz file")


@pytest.mark.parametrize(
    "name", ["../x_train.npy", "/x.npy", "a\\b.npy", "x_train", "readme.txt", "a b.npy", ".npy"]
)
def test_member_with_an_odd_name(data_dir, name):
    write_zip(data_dir / "mine.npz", [("x_train.npy", npy(IMAGES)), (name, npy(IMAGES))])
    refused(data_dir, "odd name. Received: ")


def test_member_that_occurs_twice(data_dir):
    write_zip(data_dir / "mine.npz", [("x_train.npy", npy(IMAGES))] * 2)
    refused(data_dir, "It holds `x_train` twice")


def test_too_many_members(data_dir):
    members = [(f"a{i}.npy", b"") for i in range(65)]
    write_zip(data_dir / "mine.npz", members)
    refused(data_dir, "holds 65 arrays. Allowed: up to 64")


def test_table_of_contents_that_would_fill_the_memory(data_dir):
    write_zip(data_dir / "mine.npz", [(f"{'a' * 300}{i}", b"") for i in range(3500)])
    refused(data_dir, "table of contents declares")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing(data_dir, compression):
    write_zip(data_dir / "mine.npz", [("x_train.npy", npy(IMAGES))], compression)
    refused(data_dir, "packed in an unusual way")


def test_header_that_declares_more_than_the_member_holds(data_dir):
    content = npy(IMAGES).replace(b"(40, 8, 8)", b"(99, 8, 8)")
    write_zip(data_dir / "mine.npz", [("x_train.npy", content)])
    refused(data_dir, r"declares uint8 \[99, 8, 8\], 6,336 bytes, but holds 2,560 bytes")


def test_header_with_a_negative_size(data_dir):
    content = npy(IMAGES).replace(b"(40, 8, 8)", b"(-1, 8, 8)")
    write_zip(data_dir / "mine.npz", [("x_train.npy", content)])
    refused(data_dir, "declares the shape")


def test_header_of_a_later_format(data_dir):
    content = b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1) + b" " * 64
    write_zip(data_dir / "mine.npz", [("x_train.npy", content)])
    refused(data_dir, "npy format 2.0. Allowed: 1.0")


def test_member_that_declares_more_than_the_file_holds(data_dir):
    path = data_dir / "mine.npz"
    write_zip(path, [("x_train.npy", npy(IMAGES))])
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 3_000_000_000)
    path.write_bytes(content)
    refused(data_dir, r"declares 3,000,000,000 bytes, more than its 2,688 packed bytes")


def test_zip_bomb(data_dir):
    content = npy(np.zeros((20_000, 32, 32), np.uint8))
    write_zip(data_dir / "mine.npz", [("x_train.npy", content)], zipfile.ZIP_DEFLATED)
    refused(data_dir, r"shrinks \d+ times: its images are blank, or it is a zip bomb")


def test_changed_pixel_is_noticed_when_loading(save, arrays, data_dir):
    path = save(arrays)
    content = bytearray(path.read_bytes())
    content[300] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="damaged or not an .npz file .*CRC-32"):
        data.load("mine", data_dir)


def test_random_damage_never_escapes_as_another_error(save, arrays, data_dir):
    whole = save(arrays, compressed=True).read_bytes()
    rng = np.random.default_rng(3)
    outcomes = {"refused": 0, "fine": 0}
    for _ in range(300):
        content = bytearray(whole)
        for position in rng.integers(0, len(whole), rng.integers(1, 8)):
            content[position] = rng.integers(0, 256)
        (data_dir / "mine.npz").write_bytes(content)
        try:
            setfile.read(data_dir / "mine.npz")
            outcomes["fine"] += 1
        except DataError:
            outcomes["refused"] += 1
    assert outcomes["refused"] > 200


def test_random_header_text_never_escapes_as_another_error(data_dir):
    whole, rng = npy(IMAGES), np.random.default_rng(4)
    for _ in range(300):
        content = bytearray(whole)
        for position in rng.integers(6, 70, 3):
            content[position] = rng.integers(32, 127)
        write_zip(data_dir / "mine.npz", [("x_train.npy", bytes(content))])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy warns of some headers before it refuses them
            try:
                setfile.read(data_dir / "mine.npz")
            except DataError as error:
                assert str(error)


def test_labels_too_large_to_list(save, arrays, data_dir, monkeypatch):
    monkeypatch.setattr(checks, "MAX_LABEL_BYTES", 39)
    save(arrays)
    refused(data_dir, "`y_train` takes 0 MiB. Allowed: 0 MiB; save it as uint8")


def test_extra_arrays_are_ignored_even_if_they_are_pickles(save, arrays, data_dir, tmp_path):
    extra = np.array([Bomb(tmp_path / "unpickled")], dtype=object)
    save({**arrays, "extra": extra})
    assert data.load("mine", data_dir).spec.num_train == 36
    assert not (tmp_path / "unpickled").exists()


def test_headers_are_read_without_the_arrays(save, arrays):
    with npz.open_npz(save(arrays)) as archive:
        headers = npz.read_headers(archive, ("x_train", "absent"))
    assert list(headers) == ["x_train"]
    assert headers["x_train"] == npz.Header((40, 8, 6), np.dtype(np.uint8), False)

"""Each format of others, as its own program writes it."""

import gzip
import pickle
import re
import shutil
import struct
import tarfile
from types import SimpleNamespace

import h5py
import numpy as np
import pytest

from gan_core.errors import DataError
from gan_core.importing.arrays import columns
from tests.unit.importing.written import (
    COUNT,
    DATA,
    asked,
    form,
    grey,
    idx,
    images,
    opened,
    pictures,
)

LABELS = (np.arange(COUNT) % 3).astype(np.uint8)


def classes(source) -> list[str]:
    return [item.class_name for item in source.items]


# idx


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_folder_as_mnist_has_it(tmp_path, ending):
    idx(tmp_path / f"train-images-idx3-ubyte{ending}", grey())
    idx(tmp_path / f"train-labels-idx1-ubyte{ending}", LABELS)
    idx(tmp_path / f"t10k-images-idx3-ubyte{ending}", grey()[:5])
    idx(tmp_path / f"t10k-labels-idx1-ubyte{ending}", LABELS[:5])
    assert asked("idx", tmp_path) == {}
    source = opened("idx", tmp_path)
    assert np.array_equal(images(source)[..., 0], np.concatenate([grey(), grey()[:5]]))
    assert classes(source) == [str(k) for k in (*LABELS, *LABELS[:5])]
    assert [item.held_out for item in source.items] == [False] * COUNT + [True] * 5


def test_a_single_file_takes_the_labels_beside_it(tmp_path):
    path = idx(tmp_path / "train-images.idx3-ubyte", grey())
    assert not opened("idx", path).labelled
    idx(tmp_path / "train-labels.idx1-ubyte", LABELS)
    idx(tmp_path / "t10k-labels.idx1-ubyte", LABELS)
    assert classes(opened("idx", path)) == [str(k) for k in LABELS]
    with pytest.raises(DataError, match="24 labels and no images"):
        form("idx").recognise(tmp_path / "train-labels.idx1-ubyte")


def test_idx_of_other_types(tmp_path):
    path = idx(tmp_path / "a-idx3", (grey() / 255).astype(">f4"), kind=13)
    assert asked("idx", path) == {"values": "0 to 1"}
    assert np.array_equal(images(opened("idx", path))[..., 0], grey())


def test_emnist_is_turned_back(tmp_path):
    path = idx(tmp_path / "emnist-letters-train-images-idx3-ubyte.gz", grey().transpose(0, 2, 1))
    question = form("idx").recognise(path).questions[0]
    assert (question.name, question.likely) == ("layout", "image, column, row")
    assert np.array_equal(images(opened("idx", path))[..., 0], grey())


# tables


def table(path, header, rows, separator=","):
    lines = [header] if header else []
    lines += [separator.join(map(str, row)) for row in rows]
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


PIXELS = grey().reshape(COUNT, 784)
NAMES = ",".join(f"pixel{i}" for i in range(784))


@pytest.mark.parametrize(
    ("name", "header", "rows", "label"),
    [
        ("a.csv", f"label,{NAMES}", np.c_[LABELS, PIXELS], "label"),
        ("a.csv", None, np.c_[LABELS, PIXELS], "column 1"),
        ("a.csv", None, PIXELS, "none"),
        ("a.csv", NAMES, PIXELS, "none"),
        ("a.csv.gz", f"{NAMES},class", np.c_[PIXELS, LABELS], "class"),
    ],
)
def test_a_table_with_its_class_first_last_or_none(tmp_path, name, header, rows, label):
    path = table(tmp_path / name, header, rows)
    found = asked("table", path)
    assert found == {"label": label, "layout": "28 x 28", "values": "0 to 255", "lowest": "black"}
    source = opened("table", path)
    assert np.array_equal(images(source)[..., 0], grey())
    assert classes(source) == ([""] * COUNT if label == "none" else [str(k) for k in LABELS])


@pytest.mark.parametrize("separator", [";", "\t", " "])
def test_other_separators(tmp_path, separator):
    path = table(tmp_path / "a.csv", None, np.c_[LABELS, PIXELS], separator)
    assert np.array_equal(images(opened("table", path))[..., 0], grey())


def test_names_of_classes_quotes_fractions_and_ink_on_paper(tmp_path):
    rows = [[f'"a, {k}"', *(255 - p).tolist()] for k, p in zip(LABELS, PIXELS / 1.0, strict=True)]
    path = table(tmp_path / "a.csv", None, rows)
    source = opened("table", path, lowest="white")
    assert np.array_equal(images(source)[..., 0], grey())
    assert classes(source)[:2] == ["a, 0", "a, 1"]


def test_what_columns_are_is_asked_once_and_not_of_every_row(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(
        columns, "re", SimpleNamespace(sub=lambda *a: calls.append(a) or re.sub(*a))
    )
    path = table(tmp_path / "a.csv", f"label,{NAMES}", np.tile(np.c_[LABELS, PIXELS], (20, 1)))
    assert len(opened("table", path).items) == 20 * COUNT
    assert 785 <= len(calls) <= 2 * 785  # to recognise it, and to open it


def test_the_question_on_a_table_speaks_of_no_number_of_rows(tmp_path):
    """Its first lines alone tell what it is: they are not all."""
    path = table(tmp_path / "a.csv", None, np.tile(PIXELS, (20, 1)))
    (text,) = [q.text for q in form("table").recognise(path).questions if q.name == "layout"]
    assert text == "How are images laid out in `pixels` (float32, 784 each)?"


def test_all_pixels_in_one_column(tmp_path):
    rows = [[k, " ".join(map(str, p)), "Training"] for k, p in zip(LABELS, PIXELS, strict=True)]
    path = table(tmp_path / "fer2013.csv", "emotion,pixels,Usage", rows)
    assert asked("table", path)["label"] == "emotion"
    assert np.array_equal(images(opened("table", path))[..., 0], grey())


def test_a_column_tells_what_is_held_out(tmp_path):
    usage = ["Training", "PublicTest", "PrivateTest"]
    rows = [
        [k, " ".join(map(str, p)), usage[i % 3]]
        for i, (k, p) in enumerate(zip(LABELS, PIXELS, strict=True))
    ]
    source = opened("table", table(tmp_path / "fer.csv", "emotion,pixels,Usage", rows))
    own = [i for i in range(COUNT) if i % 3 == 0] + [i for i in range(COUNT) if i % 3]
    assert np.array_equal(images(source)[..., 0], grey()[own])
    assert classes(source) == [str(LABELS[i]) for i in own]
    assert [item.held_out for item in source.items] == [i % 3 != 0 for i in own]
    assert source.passed_over == ()


NUMBERS = np.arange(100, 100 + COUNT)


@pytest.mark.parametrize(
    ("header", "rows", "label", "left"),
    [
        (f"id,label,{NAMES}", np.c_[NUMBERS, LABELS, PIXELS], "label", ["id"]),
        (f",{NAMES}", np.c_[NUMBERS, PIXELS], "none", ["column 1"]),
        (f",{NAMES},kind", np.c_[NUMBERS, PIXELS, LABELS], "kind", ["column 1"]),
        (f"{NAMES},file", np.c_[PIXELS, [f"{n}.png" for n in NUMBERS]], "none", ["file"]),
        (None, np.c_[PIXELS, LABELS], "column 785", []),
    ],
)
def test_what_is_beside_the_pixels_is_none_of_them(tmp_path, header, rows, label, left):
    assert 1 < len(set(LABELS.tolist())) < COUNT
    path = table(tmp_path / "a.csv", header, rows)
    assert asked("table", path)["label"] == label
    source = opened("table", path)
    assert np.array_equal(images(source)[..., 0], grey())
    assert classes(source) == ([""] * COUNT if label == "none" else [str(k) for k in LABELS])
    assert [name for name, _ in source.passed_over] == left


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("1,2,3\n4,5,6\n", "Nothing in it can be images"),
        ("1,2\n" + "1," * 16 + "1\n", "cells, the first one"),
        ("\0" * 100, "is no text"),
        (",".join(["1"] * 17) + "\n" + ",".join(["1"] * 16) + ",x\n", "no numbers"),
    ],
)
def test_tables_of_other_things(tmp_path, text, why):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError, match=why):
        opened("table", tmp_path / "a.csv", **({"label": "column 1"} if ",x" in text else {}))


def test_text_of_another_kind_is_no_table(tmp_path):
    (tmp_path / "readme.txt").write_text("Thirty pictures of cats, taken by me.\nAll mine.\n")
    assert form("table").recognise(tmp_path / "readme.txt") is None


# MATLAB and HDF5, written by scipy and h5py: tests/data/formats/make.py


@pytest.mark.parametrize("name", ["svhn.mat", "svhn_packed.mat"])
def test_matlab_counts_images_by_the_last_axis(name):
    source = opened("mat", DATA / name)
    assert np.array_equal(images(source), pictures())
    assert classes(source) == [str(k + 1) for k in LABELS]


def test_matlab_in_hdf5_is_the_same():
    source = opened("hdf5", DATA / "svhn_73.mat")
    assert source.form == "MATLAB"
    assert np.array_equal(images(source), pictures())
    assert classes(source) == [str(k + 1) for k in LABELS]


def test_structures_of_matlab():
    path = DATA / "emnist_packed.mat"
    assert asked("mat", path) == {"layout": "28 x 28, column by column"}
    source = opened("mat", path)
    assert np.array_equal(images(source)[:COUNT, ..., 0], grey())
    assert [item.held_out for item in source.items] == [False] * COUNT + [True] * 6
    assert classes(source)[COUNT:] == ["1", "2", "3", "1", "2", "3"]


def test_what_of_matlab_is_no_image_is_told():
    source = opened("mat", DATA / "odd.mat")
    assert np.array_equal(images(source)[..., 0], grey())
    told = dict(source.passed_over)
    assert (
        "sparse" in told["a_sparse"]
        and "complex" in told["complex"]
        and "2 elements" in told["two"]
    )
    assert set(told) >= {"nothing", "cells", "mixed", "text", "one"}
    with pytest.raises(DataError, match=r"save\('version4.mat', '-v7'\)"):
        form("mat").recognise(DATA / "version4.mat")


@pytest.mark.parametrize(
    "how", [{}, {"compression": "gzip", "chunks": (5, 32, 32, 3)}, {"compression": "lzf"}]
)
def test_hdf5(tmp_path, how):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("set/images", data=pictures(), **how)
        file["set/labels"] = LABELS
        file["names"] = ["cat", "dog", "owl"]
    source = opened("hdf5", tmp_path / "a.h5")
    assert np.array_equal(images(source), pictures())
    assert classes(source)[:3] == ["cat", "dog", "owl"]


def test_hdf5_that_leads_elsewhere_or_declares_too_much(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = pictures()
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["images"] = pictures()
        file["away"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "x")
        file["soft"] = h5py.SoftLink("/images")
        file.create_dataset("huge", (10**9, 28, 28), "u1", chunks=(64, 28, 28))
        file.create_dataset(
            "raw", (COUNT, 28, 28), "u1", external=[(tmp_path / "other.h5", 0, 100_000)]
        )
        layout = h5py.VirtualLayout((COUNT, 32, 32, 3), "u1")
        layout[:] = h5py.VirtualSource(tmp_path / "other.h5", "x", pictures().shape)
        file.create_virtual_dataset("virtual", layout)
    source = opened("hdf5", tmp_path / "a.h5")
    told = dict(source.passed_over)
    assert set(told) == {"away", "soft", "huge", "raw", "virtual"}
    assert "declares 784,000,000,000 bytes and holds 0" in told["huge"]
    assert len(source.items) == COUNT


def test_a_network_is_no_data_set(tmp_path):
    with h5py.File(tmp_path / "generator.h5", "w") as file:
        file.create_group("model_weights")
    with pytest.raises(DataError, match="a network of Keras"):
        form("hdf5").recognise(tmp_path / "generator.h5")


# pickles


def batch(count: int = COUNT) -> dict:
    """As CIFAR-10 has it."""
    return {
        b"batch_label": b"training batch 1 of 5",
        b"labels": [int(k) for k in LABELS[:count]],
        b"data": pictures()[:count].transpose(0, 3, 1, 2).reshape(count, 3072).copy(),
        b"filenames": [b"a.png"] * count,
    }


def folder_of_cifar(path, protocol: int = 2):
    path.mkdir()
    for i in range(1, 3):
        (path / f"data_batch_{i}").write_bytes(pickle.dumps(batch(), protocol))
    (path / "test_batch").write_bytes(pickle.dumps(batch(6), protocol))
    meta = {
        b"num_cases_per_batch": 10000,
        b"label_names": [b"plane", b"car", b"bird"],
        b"num_vis": 3072,
    }
    (path / "batches.meta").write_bytes(pickle.dumps(meta, protocol))
    return path


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_batches_of_cifar(tmp_path, protocol):
    folder = folder_of_cifar(tmp_path / "cifar-10-batches-py", protocol)
    expected = np.concatenate([pictures(), pictures(), pictures()[:6]])
    for path in (folder, tmp_path):  # also with one folder around it
        source = opened("cifar", path)
        assert np.array_equal(images(source), expected)
        assert classes(source)[:4] == ["plane", "car", "bird", "plane"]
        assert sum(item.held_out for item in source.items) == 6
    assert np.array_equal(images(opened("cifar", folder / "data_batch_1")), pictures())


def test_a_tar_of_batches(tmp_path):
    folder_of_cifar(tmp_path / "cifar-10-batches-py")
    with tarfile.open(tmp_path / "cifar-10-python.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "cifar-10-batches-py", "cifar-10-batches-py")
    shutil.rmtree(tmp_path / "cifar-10-batches-py")
    source = opened("cifar", tmp_path / "cifar-10-python.tar.gz")
    assert len(source.items) == 2 * COUNT + 6 and classes(source)[1] == "car"


def test_two_kinds_of_labels_as_cifar_100_has(tmp_path):
    fine, coarse = [int(k) for k in LABELS], [int(k > 0) for k in LABELS]
    for name, count in (("train", COUNT), ("test", 5)):
        held = {
            b"data": batch(count)[b"data"],
            b"fine_labels": fine[:count],
            b"coarse_labels": coarse[:count],
        }
        (tmp_path / name).write_bytes(pickle.dumps(held, 2))
    meta = {
        b"fine_label_names": [b"ray", b"orchid", b"oak"],
        b"coarse_label_names": [b"fish", b"plants"],
    }
    (tmp_path / "meta").write_bytes(pickle.dumps(meta, 2))
    assert asked("cifar", tmp_path)["labels"] == "fine_labels"
    assert classes(opened("cifar", tmp_path))[:3] == ["ray", "orchid", "oak"]
    source = opened("cifar", tmp_path, labels="coarse_labels")
    assert classes(source)[:3] == ["fish", "plants", "plants"] and classes(source)[-1] == "plants"


def test_the_tuples_of_mnist_pkl_gz(tmp_path):
    values = (grey() / 255).astype(np.float32).reshape(COUNT, 784)
    held = ((values, LABELS.astype(np.int64)), (values[:5], LABELS[:5].astype(np.int64)))
    (tmp_path / "mnist.pkl.gz").write_bytes(gzip.compress(pickle.dumps(held, 2)))
    path = tmp_path / "mnist.pkl.gz"
    source = opened("cifar", path, images="0.0", labels="0.1", held_out="none")
    assert np.array_equal(images(source)[..., 0], grey())
    assert classes(source) == [str(k) for k in LABELS]


def python_2(data: np.ndarray) -> bytes:
    """A dictionary with an array as Python 2 writes it: names and bytes as its strings."""

    def string(value: bytes) -> bytes:
        return (
            b"U" + bytes([len(value)]) + value
            if len(value) < 256
            else (b"T" + struct.pack("<i", len(value)) + value)
        )

    shape = b"".join(b"J" + struct.pack("<i", size) for size in data.shape)
    return (
        b"\x80\x02}q\x01(" + string(b"data") + b"q\x02cnumpy.core.multiarray\n_reconstruct\nq\x03"
        b"cnumpy\nndarray\nq\x04K\x00\x85" + string(b"b") + b"\x87Rq\x05(K\x01(" + shape + b"t"
        b"cnumpy\ndtype\nq\x06" + string(b"u1") + b"K\x00K\x01\x87Rq\x07(K\x03" + string(b"|") +
        b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + string(data.tobytes()) + b"tb"
        + string(b"labels") + b"]q\x08(" + b"".join(b"K" + bytes([k]) for k in LABELS) + b"eu."
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_a_pickle_of_python_2(tmp_path):
    written = python_2(batch()[b"data"])
    known = pickle.loads(written, encoding="bytes")  # that it is one is Python's word, not ours
    assert np.array_equal(known[b"data"], batch()[b"data"])
    (tmp_path / "data_batch_1").write_bytes(written)
    source = opened("cifar", tmp_path / "data_batch_1")
    assert np.array_equal(images(source), pictures())
    assert classes(source) == [str(k) for k in LABELS]

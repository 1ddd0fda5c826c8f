"""What is no data set is named, and the command that is proposed makes one."""

import gzip
import os
import pathlib
import pickle
import re
import shlex
import struct

import h5py
import numpy as np
import PIL.Image
import pytest

from gan_core import data
from gan_core.data import catalogue
from gan_core.errors import DataError
from gan_core.importing import forms_list
from gan_core.importing.base import Decoded
from tests.unit.importing.written import pictures

RNG = np.random.default_rng(7)
GREY = RNG.integers(0, 256, (30, 12, 12), np.uint8)
GREY[0, 0, :2] = 0, 255
COLOUR = RNG.integers(0, 256, (30, 32, 32, 3), np.uint8)
LABELS = np.arange(30) % 3


def idx(array):
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + np.ascontiguousarray(array).tobytes()


def write_table(path, separator=",", head=True, labels=True):
    rows = GREY.reshape(30, -1)
    rows = np.column_stack([LABELS, rows]) if labels else rows
    names = separator.join(["label"] * labels + [f"pixel{i}" for i in range(144)])
    np.savetxt(path, rows, "%d", separator, header=names if head else "", comments="")


def write_folder(path, deep=True):
    for i, image in enumerate(COLOUR):
        place = path / ["owl", "cat", "bee"][LABELS[i]] if deep else path
        place.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).resize((64, 64), 0).save(place / f"{i:02d}.png")


def write_h5(path):
    with h5py.File(path, "w") as file:
        file["images"], file["labels"] = GREY, LABELS


def write_pickle(path):
    rows = COLOUR.transpose(0, 3, 1, 2).reshape(30, -1)
    path.write_bytes(pickle.dumps({b"data": rows, b"labels": LABELS.tolist()}))


def write_mat(path):
    path.write_bytes((pathlib.Path(__file__).parents[2] / "data/formats/svhn.mat").read_bytes())


def write_arrays(path):
    path.mkdir()
    np.save(path / "x.npy", GREY)
    np.save(path / "y.npy", LABELS)


WRITERS = {  # file: (how it is written, its images, whether it has labels)
    "owls.npy": (lambda path: np.save(path, GREY), GREY, False),
    "kaggle_train.csv": (write_table, GREY, True),
    "bare.csv": (lambda path: write_table(path, head=False), GREY, True),
    "pixels.csv": (lambda path: write_table(path, labels=False), GREY, False),
    "tabs.tsv": (lambda path: write_table(path, "\t"), GREY, True),
    "t10k-images-idx3-ubyte": (lambda path: path.write_bytes(idx(GREY)), GREY, False),
    "t10k-images.idx3-ubyte": (lambda path: path.write_bytes(idx(GREY)), GREY, False),
    "train-images-idx3-ubyte.gz": (
        lambda path: path.write_bytes(gzip.compress(idx(GREY))),
        GREY,
        False,
    ),
    "data_batch_1": (write_pickle, COLOUR, True),
    "train_32x32.mat": (write_mat, pictures(), True),
    "images.h5": (write_h5, GREY, True),
    "arrays": (write_arrays, GREY, True),
    "pictures": (write_folder, COLOUR.repeat(2, 1).repeat(2, 2), True),
    "flat": (lambda path: write_folder(path, deep=False), COLOUR.repeat(2, 1).repeat(2, 2), False),
}


def told(folder):
    return {found.name: found for found in catalogue.unread(folder)}


def command(problem) -> list[str]:
    """What is typed after `python -m gan_core`."""
    said = re.findall("`python -m gan_core ([^`]+)`", problem)
    assert len(said) == 1, problem
    return shlex.split(said[0])


@pytest.mark.parametrize("name", [*WRITERS, "한글 'quoted'.npy"])
def test_the_command_makes_it_a_set(data_dir, name):
    write, images, labelled = WRITERS.get(name, WRITERS["owls.npy"])
    write(data_dir / name)
    found = told(data_dir)[name]
    assert not found.available
    words = command(found.problem)
    assert words == ["datasets", "add", str(data_dir / name)]
    source, _ = forms_list.open_source(pathlib.Path(words[-1]), {})  # what the command reads
    shown = [Decoded.of(source.pixels(i, 64)).pixels for i in range(len(source.items))]
    source.close()
    grey = images[..., None] if images.ndim == 3 else images
    assert {image.tobytes() for image in shown} == {image.tobytes() for image in grey}
    assert len({item.class_name for item in source.items}) == (3 if labelled else 1)


def test_labels_in_a_file_of_their_own(data_dir):
    name = "train-labels-idx1-ubyte.gz"
    (data_dir / name).write_bytes(gzip.compress(idx(LABELS.astype(np.uint8))))
    assert "read together with the images beside it" in told(data_dir)[name].problem


OTHERS = {
    "CATS.NPZ": "rename it to CATS.npz",
    "own_folder.zip": "It is a zip. `python -m gan_core datasets add ",
    "cat.png": "It is one picture",
    "notes.txt": "It is nothing that can be read",
    "empty.csv": "It is a table",
    "odd.csv": "It is a table",
    "x.tar": "It is a tar",
    "x.parquet": "It is a Parquet file, which is not read. Read it with `pandas.read_parquet`",
    "x.pt": "It is a file of PyTorch, which is not read. Save its arrays with `numpy.savez`",
    "x.gz": "It is nothing that can be read",
    "empty": "It is nothing that can be read",
    "short-idx3-ubyte": "It is an IDX file",
}
CONTENT = {
    "x.pt": b"\x80\2}q\0.",
    "empty.csv": b"",
    "empty": b"",
    "odd.csv": b"a,b,c\n1,2,3\n",
    "x.gz": b"\x1f\x8bjunk",
    "short-idx3-ubyte": b"\x00\x00\x08\x03\x00",
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_named(data_dir, name):
    (data_dir / name).write_bytes(CONTENT.get(name, b"hello"))
    assert OTHERS[name] in told(data_dir)[name].problem


def test_folders_pipes_links_and_hidden_ones(data_dir):
    (data_dir / "nothing").mkdir()
    (data_dir / "folder.npz").mkdir()
    os.mkfifo(data_dir / "pipe.npz")  # opening it would wait for ever
    (data_dir / "gone.csv").symlink_to(data_dir / "nowhere")
    (data_dir / ".measures").mkdir()
    found = told(data_dir)
    assert list(found) == ["folder.npz", "gone.csv", "nothing", "pipe.npz"]
    assert "It is a folder" in found["nothing"].problem
    assert "cannot be read" in found["gone.csv"].problem


def test_names_that_a_terminal_would_obey(data_dir):
    (data_dir / "\x1b[2Jclear.txt").write_text("")
    (data_dir / "\x1b[2J.npz").write_text("")
    os.mkdir(os.fsencode(data_dir) + b"/\xff\xfe")
    found = [s.name + s.problem for s in (*catalogue.unread(data_dir), *data.specs(data_dir))]
    assert all(text.isprintable() and text.encode() for text in found)
    assert "?[2Jclear.txtIt is nothing that can be read here." in found


def test_a_crowd_is_counted(data_dir):
    for i in range(60):
        (data_dir / f"{i:02d}.txt").write_text("")
    found = catalogue.unread(data_dir)
    assert (len(found), found[-1].name) == (51, "10 more")


def test_no_folder_is_nothing(tmp_path):
    assert catalogue.unread(tmp_path / "missing") == []


def test_asking_for_it_tells_the_same(data_dir):
    write_folder(data_dir / "pictures")
    for name in ("pictures", "pictures/"):
        with pytest.raises(DataError, match=r"`pictures` .*cannot be used. It is a folder of pict"):
            data.load(name, data_dir)
    with pytest.raises(DataError, match=f"Sets of your own are .npz files in {data_dir}"):
        data.load("/somewhere/else", data_dir)

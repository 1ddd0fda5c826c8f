"""Known sets that come as a tar of batches or a zip of pictures, from a server on this machine."""

import io
import pickle
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_core import data
from gan_core.errors import DataError
from tests.unit.data.test_download import publish

CLASSES = 10


def image(number: int, side: int) -> np.ndarray:
    """uint8 [side, side, 3]; its red says which it is."""
    made = np.zeros((side, side, 3), np.uint8)
    made[..., 0], made[: side // 2, :, 1] = number, 200
    return made


def tar_of_batches(names, count: int = 12) -> bytes:
    """As CIFAR-10 is packed; image i of batch b has 20 b + i as its red."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for number, name in enumerate(names):
            rows = np.stack([image(20 * number + i, 32) for i in range(count)])
            batch = {
                b"data": rows.transpose(0, 3, 1, 2).reshape(count, -1).copy(),
                b"labels": [i % CLASSES for i in range(count)],
                b"filenames": [b"x.png"] * count,
            }
            content = pickle.dumps(batch, 2)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


BATCHES = ("data_batch_2", "data_batch_1", "test_batch")


def zip_of_pictures(folders) -> bytes:
    """{folder: [(name, number, (width, height))]} in a folder around them, with a file that is no picture."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("set/README", "rights are with the owners")
        for folder, pictures in folders.items():
            for name, number, (wide, high) in pictures:
                made = Image.fromarray(image(number, max(wide, high))[:high, :wide])
                content = io.BytesIO()
                made.save(content, "PNG")
                archive.writestr(f"set/{folder}/{name}", content.getvalue())
    return packed.getvalue()


def test_cifar_10_from_its_batches(server, monkeypatch, data_dir):
    body = tar_of_batches(BATCHES)
    publish(server, monkeypatch, "cifar10", {"cifar-10-python.tar.gz": ("", body)})
    loaded = data.load("cifar10", data_dir, base_url=server.url)
    assert loaded.train[:, 0, 0, 0].tolist() == [
        *range(20, 32),
        *range(12),
    ]  # batch 1, then batch 2
    assert loaded.held_out[:, 0, 0, 0].tolist() == list(range(40, 52))
    assert np.array_equal(loaded.train[3], image(23, 32))
    assert loaded.train_labels.tolist() == [i % CLASSES for i in range(12)] * 2
    assert loaded.spec.class_names[3] == "cat" and loaded.spec.title == "CIFAR-10"
    assert [path.name for path in data_dir.iterdir()] == ["cifar10.npz"]
    assert data.picture("cifar10", data_dir).startswith(b"\x89PNG")
    assert data.picture("mnist_5k", data_dir) == b""


def test_an_archive_put_into_the_folder_by_hand_needs_no_network(server, monkeypatch, data_dir):
    body = tar_of_batches(BATCHES)
    publish(server, monkeypatch, "cifar10", {"cifar-10-python.tar.gz": ("", body)})
    server.pages.clear()
    ways_out = (
        "or get cifar-10-python.tar.gz from http.* elsewhere and put it into .*; or put the file at"
    )
    with pytest.raises(DataError, match=f"answered 404.*{ways_out}"):
        data.load("cifar10", data_dir, base_url=server.url)
    data_dir.mkdir(exist_ok=True)
    (data_dir / "cifar-10-python.tar.gz").write_bytes(body[:-1] + b"x")
    with pytest.raises(DataError, match="is not the published file"):
        data.load("cifar10", data_dir, base_url=server.url)
    (data_dir / "cifar-10-python.tar.gz").write_bytes(body)
    assert len(data.load("cifar10", data_dir, base_url=server.url).train) == 24


@pytest.mark.parametrize("names", [("data_batch_1",), ("test_batch",), ("readme",)])
def test_a_tar_without_its_batches(server, monkeypatch, data_dir, names):
    body = tar_of_batches(names)
    publish(server, monkeypatch, "cifar10", {"cifar-10-python.tar.gz": ("", body)})
    with pytest.raises(DataError, match="holds no batches of CIFAR-10"):
        data.load("cifar10", data_dir, base_url=server.url)
    assert list(data_dir.iterdir()) == []


def sides(count: int = 21) -> dict:
    folders = {}
    for start, folder in ((0, "trainA"), (100, "trainB"), (50, "testA"), (150, "testB")):
        many = count if folder.startswith("train") else 3
        folders[folder] = [(f"n{i:03d}.png", start + i, (80, 64)) for i in range(many)]
    return folders


def test_two_sides_from_their_folders(server, monkeypatch, data_dir):
    publish(
        server, monkeypatch, "apple2orange", {"apple2orange.zip": ("", zip_of_pictures(sides()))}
    )
    assert data.spec("apple2orange", data_dir).num_train_b == 1019
    loaded = data.load("apple2orange", data_dir, base_url=server.url)
    assert loaded.spec.kind == "sides" and loaded.spec.licence.startswith("none stated")
    train, held_out = loaded.splits["train"], loaded.splits["held_out"]
    assert train["a"].shape == (21, 64, 64, 3)
    assert train["a"][:, 5, 5, 0].tolist() == list(range(21))
    assert train["b"][:, 5, 5, 0].tolist() == list(range(100, 121))
    assert held_out["a"][:, 5, 5, 0].tolist() == [50, 51, 52]
    assert (train["a"][0, 10:30, :, 1] == 200).all() and (train["a"][0, 45:, :, 1] == 0).all()


def test_facades_are_pairs_by_their_numbers_with_the_drawing_as_input(
    server, monkeypatch, data_dir
):
    folders = {}
    for split, count in (("train", 21), ("test", 2)):
        numbers = range(1, count + 1)  # "10_A" comes before "2_A" by name
        folders[f"{split}A"] = [(f"{n}_A.jpg", n, (64, 64)) for n in numbers]
        folders[f"{split}B"] = [(f"{n}_B.jpg", 100 + n, (64, 64)) for n in numbers]
    publish(server, monkeypatch, "facades", {"facades.zip": ("", zip_of_pictures(folders))})
    loaded = data.load("facades", data_dir, base_url=server.url)
    assert loaded.spec.kind == "pairs"
    found = loaded.splits["train"]
    assert found["input"][:, 5, 5, 0].tolist() == list(range(101, 122))
    assert found["target"][:, 5, 5, 0].tolist() == list(range(1, 22))
    assert loaded.splits["held_out"]["target"][:, 5, 5, 0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda folders: folders.pop("testB"), "has no folder testB"),
        (lambda folders: folders["trainA"].pop(), "without a partner: trainA and trainB"),
        (
            lambda folders: folders["trainB"].append(("cover.png", 1, (64, 64))),
            "cover.png has no number",
        ),
    ],
)
def test_a_zip_that_is_laid_out_otherwise(server, monkeypatch, data_dir, spoil, why):
    folders = sides()
    spoil(folders)
    publish(server, monkeypatch, "facades", {"facades.zip": ("", zip_of_pictures(folders))})
    with pytest.raises(DataError, match=why):
        data.load("facades", data_dir, base_url=server.url)
    assert list(data_dir.iterdir()) == []

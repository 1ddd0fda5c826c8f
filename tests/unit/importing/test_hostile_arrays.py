"""Files that lie, are cut off, grow without end or want to run something: refused in words, none run."""

import gzip
import io
import os
import pickle
import random
import struct
import tracemalloc
import zipfile
import zlib

import h5py
import numpy as np
import pytest

from gan_core.errors import DataError
from gan_core.importing.arrays import scratch, stored
from gan_core.storage import pickled
from tests.unit.importing.written import COUNT, DATA, form, grey, idx, images, opened, pictures

# pickles that are programs


class Runs:
    """Its pickle runs a command when it is loaded."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


LAUGHS = b"]q\0K\1a" + b"".join(
    b"]q" + bytes([i + 1]) + b"(" + (b"h" + bytes([i])) * 30 + b"e" for i in range(20)
)
PROGRAMS = {
    "a command": lambda mark: pickle.dumps({"data": Runs(os.system, f"touch {mark}")}, 2),
    "a command, new protocol": lambda mark: pickle.dumps([Runs(os.system, f"touch {mark}")], 5),
    "eval": lambda mark: pickle.dumps(Runs(eval, f"open({str(mark)!r}, 'w')"), 4),
    "an attribute of numpy": lambda mark: b"\x80\x02cnumpy\nload\n" + text(str(mark)) + b"\x85R.",
    "a name with dots": lambda mark: b"\x80\x04\x8c\x05numpy\x8c\x0dndarray.tofile\x93.",
    "an instance": lambda mark: b"\x80\x02(" + text(f"touch {mark}") + b"ios\nsystem\n.",
    "an object": lambda mark: b"\x80\x02(cos\nsystem\n" + text(f"touch {mark}") + b"o.",
    "a new object": lambda mark: b"\x80\x02cbuiltins\nobject\n)\x81.",
    "a persistent name": lambda mark: b"\x80\x02Pos.system\n.",
    "an extension": lambda mark: b"\x80\x02\x82\x01.",
    "a call of text": lambda mark: (
        b"\x80\x02" + text("os.system") + text(f"touch {mark}") + b"\x85R."
    ),
    "a state of a list": lambda mark: b"\x80\x02]}b.",
    "encode with an odd codec": lambda mark: (
        b"\x80\x02}" + text("data") + b"c_codecs\nencode\n" + text("abc") + text("hex") + b"\x86Rs."
    ),
    "an array of objects": lambda mark: pickle.dumps({"data": np.array([None, {}], object)}, 2),
    "an array of records": lambda mark: pickle.dumps({"data": np.zeros(3, [("a", "u1")])}, 2),
    "a type that is no array": lambda mark: pickle.dumps({"data": np.dtype("u1")}, 2),
    "an array as a class": lambda mark: pickle.dumps({"data": np.ndarray}, 2),
    "no end": lambda mark: b"\x80\x02}q\0",
    "nothing on the stack": lambda mark: b"\x80\x02.",
    "a mark as a value": lambda mark: b"\x80\x02}" + text("a") + b"(s.",
    "itself in itself": lambda mark: b"\x80\x02]q\0h\0a.",
    "lists in lists in lists": lambda mark: b"\x80\x02" + b"]" * 5000 + b"a" * 4999 + b".",
    "many laughs": lambda mark: b"\x80\x02" + LAUGHS + b"h\x14.",
    "a memo of four billion": lambda mark: b"\x80\x02]r\xff\xff\xff\xffa.",
    "bytes without end": lambda mark: b"\x80\x04\x8e" + b"\xff" * 8 + b"abc.",
    "text without end": lambda mark: b"\x80\x04X\xff\xff\xff\xffabc.",
    "negative bytes": lambda mark: b"\x80\x02T\xff\xff\xff\xffabc.",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_pickle_is_never_run(tmp_path, name):
    mark = tmp_path / "was_run"
    (tmp_path / "data_batch_1").write_bytes(PROGRAMS[name](mark))
    with pytest.raises(DataError):
        form("cifar").recognise(tmp_path / "data_batch_1")
    assert not mark.exists()


def test_what_a_pickle_asks_for_is_named(tmp_path):
    (tmp_path / "a").write_bytes(pickle.dumps({"data": Runs(os.system, "true")}, 2))
    with pytest.raises(
        DataError, match=r"`(posix|nt)\.system`, which can run code.*nothing of it was run"
    ):
        form("cifar").recognise(tmp_path / "a")


def test_an_array_in_a_pickle_holds_what_it_declares(tmp_path):
    data = pickle.dumps({"data": np.zeros((100, 784), np.uint8)}, 4)
    for changed in (data.replace(b"Kd", b"Ke", 1), data.replace(b"M\x10\x03", b"M\x11\x03", 1)):
        assert changed != data
        with pytest.raises(DataError, match="declares .* bytes, but holds 78,400"):
            pickled.load(io.BytesIO(changed))


def test_shared_lists_are_read_once():
    held = pickled.load(io.BytesIO(b"\x80\x02" + LAUGHS + b"."))
    assert len(held) == 30 and held[0] is held[29]


# headers that lie


def changed(path, at: int, data: bytes):
    content = bytearray(path.read_bytes())
    content[at : at + len(data)] = data
    path.write_bytes(content)
    return path


def test_idx_that_lies(tmp_path):
    path = idx(tmp_path / "a-idx3", grey())
    for count in (COUNT + 1, COUNT - 1, 0xFFFFFFFF):
        with pytest.raises(
            DataError, match=r"declares uint8, \d+ x 28 x 28, .* bytes, but holds 18,816"
        ):
            form("idx").recognise(changed(path, 4, struct.pack(">I", count)))
    path.write_bytes(path.read_bytes()[:9])
    with pytest.raises(DataError, match="cut off in its header"):
        form("idx").recognise(path)


def test_packed_idx_that_lies(tmp_path):
    path = tmp_path / "a-idx3.gz"
    head = struct.pack(">HBB3I", 0, 8, 3, 2_000_000, 64, 64)
    path.write_bytes(gzip.compress(head + bytes(10)))
    with pytest.raises(
        DataError, match=r"declares 8,192,000,000 bytes, more than its \d+ packed bytes"
    ):
        form("idx").recognise(path)
    path.write_bytes(
        gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 6000, 64, 64) + bytes(6000 * 4096))
    )
    with pytest.raises(
        DataError, match=r"shrinks \d+ times: its images are blank, or it is a bomb"
    ):
        form("idx").recognise(path)
    idx(path, grey())
    content = gzip.decompress(path.read_bytes())
    for held, told in ((content[:-1], "holds 18,815"), (content + b"x", "holds more")):
        path.write_bytes(gzip.compress(held))
        with pytest.raises(DataError, match=told):
            opened("idx", path)
    path.write_bytes(gzip.compress(content)[:-200])
    with pytest.raises(DataError, match="damaged or cut off"):
        opened("idx", path)


def header(shape: str, descr: str = "'|u1'") -> bytes:
    told = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(told)) + told.encode()


@pytest.mark.parametrize(
    ("start", "why"),
    [
        (header("(1000000000000, 28, 28)"), "784,000,000,000,000 bytes, but holds 100"),
        (header("(-24, 28, 28)"), "declares the shape"),
        (header("(2, 28, 28)", "'|O'"), "holds Python objects"),
        (header("(2, 28, 28)", "[('a', '<f4')]"), "Allowed: plain numbers"),
        (header("(2, 28, 28)", "'<M8[s]'"), "Allowed: plain numbers"),
        (header("__import__('os')"), "damaged or no file of numpy.save"),
        (header("((((((2, 28, 28)"), "damaged or no file of numpy.save"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "damaged or no file of numpy.save"),
        (b"\x93NUMPY\x03\x00\x10\x00\x00\x00", "npy format 3.0"),
        (b"\x93NUMPY\x01", "npy format 1.0|damaged"),
    ],
)
def test_npy_that_lies(tmp_path, start, why):
    (tmp_path / "a.npy").write_bytes(start + bytes(100))
    with pytest.raises(DataError, match=why):
        form("npy").recognise(tmp_path / "a.npy")


def test_npz_that_lies(tmp_path):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", header("(30000, 28, 28)") + bytes(30_000 * 784))
    with pytest.raises(DataError, match="zip bomb"):
        form("npz").recognise(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("images.npy", header("(25, 28, 28)") + grey().tobytes())
    with pytest.raises(DataError, match="19,600 bytes, but holds 18,816"):
        form("npz").recognise(path)
    np.savez(path, images=grey())
    content = path.read_bytes()
    at = content.index(grey().tobytes()[-100:])
    path.write_bytes(content[:at] + b"damage" + content[at + 6 :])
    with pytest.raises(DataError, match="damaged"):
        opened("npz", path)
    path.write_bytes(b"no zip at all")
    with pytest.raises(DataError, match="damaged or not an .npz file"):
        form("npz").recognise(path)


def element(kind: int, data: bytes) -> bytes:
    return struct.pack("<II", kind, len(data)) + data + bytes(-len(data) % 8)


def matrix(shape: tuple[int, ...], data: bytes, kind: int = 9, name: bytes = b"X") -> bytes:
    """A matrix of MATLAB, class uint8, whose numbers are the element `data`."""
    sizes = struct.pack(f"<{len(shape)}i", *shape)
    return element(6, struct.pack("<II", kind, 0)) + element(5, sizes) + element(1, name) + data


def mat_file(path, *elements: bytes):
    path.write_bytes(b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM" + b"".join(elements))
    return path


def deep(depth: int) -> bytes:
    """A structure in a structure in a structure."""
    inner = matrix((20, 28, 28), element(2, bytes(15_680)), name=b"")
    for _ in range(depth):
        fields = element(5, struct.pack("<i", 8)) + element(1, b"a".ljust(8, b"\0"))
        inner = matrix((1, 1), fields + element(14, inner), kind=2, name=b"")
    return inner


@pytest.mark.parametrize(
    ("elements", "why"),
    [
        (
            [element(14, matrix((99, 28, 28), element(2, bytes(15_680))))],
            "declares 99 x 28 x 28 numbers",
        ),
        ([element(14, matrix((-1, 28, 28), element(2, bytes(784))))], "declares the shape"),
        ([element(14, matrix((2,) * 12, element(2, bytes(4096))))], "declares the shape"),
        ([element(14, matrix((20, 28, 28), element(3, bytes(15_680))))], "but holds 15,680"),
        ([struct.pack("<II", 14, 1 << 31) + bytes(64)], "longer than the file"),
        ([element(14, deep(9))], "nested too deep"),
        (
            [struct.pack("<II", 15, 30) + zlib.compress(struct.pack("<II", 14, 1 << 30)).ljust(30)],
            "more than",
        ),
        ([b"\1" * 64], "longer than the file"),
        ([], "Nothing in it can be images"),
    ],
)
def test_matlab_that_lies(tmp_path, elements, why):
    with pytest.raises(DataError, match=why):
        form("mat").recognise(mat_file(tmp_path / "a.mat", *elements))


def test_packed_matlab_that_grows_or_ends_early(tmp_path):
    whole = element(14, matrix((6000, 64, 64), element(2, bytes(6000 * 4096))))
    packed = zlib.compress(whole, 9)
    path = mat_file(tmp_path / "a.mat", struct.pack("<II", 15, len(packed)) + packed)
    with pytest.raises(DataError, match=r"shrinks \d+ times"):
        form("mat").recognise(path)
    path = DATA / "svhn_packed.mat"
    content = path.read_bytes()
    (tmp_path / "a.mat").write_bytes(content[:2000])
    with pytest.raises(DataError, match="damaged or cut off"):
        form("mat").recognise(tmp_path / "a.mat")


def test_structures_that_can_be_read_are_not_that_deep(tmp_path):
    source = opened("mat", mat_file(tmp_path / "a.mat", element(14, deep(3))))
    assert len(source.items) == 20


def test_tables_without_end(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"1," * (3 << 20)))
    with pytest.raises(DataError, match="a line of more than"):
        form("table").recognise(path)
    path.write_bytes(gzip.compress(b"1," * 300_000 + b"1\n"))
    with pytest.raises(DataError, match="300,001 columns"):
        form("table").recognise(path)
    path.write_bytes(gzip.compress(b"1,2\n" * 100)[:-20])
    with pytest.raises(DataError, match="damaged or cut off"):
        form("table").recognise(path)


def test_hdf5_that_is_cut_off(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["images"] = pictures()
    (tmp_path / "a.h5").write_bytes((tmp_path / "a.h5").read_bytes()[:-100])
    with pytest.raises(DataError, match="damaged or cut off"):
        form("hdf5").recognise(tmp_path / "a.h5")


# memory, disks, and files that change meanwhile


@pytest.mark.parametrize("order", "CF")
def test_memory_holds_no_more_than_a_piece(tmp_path, monkeypatch, order):
    """6 MB of images, packed; also where each number of an image lies apart from the next."""
    monkeypatch.setattr(stored, "BLOCK", 1 << 20)
    large = np.random.default_rng(0).integers(0, 16, (1500, 64, 64), np.uint8)
    np.savez_compressed(tmp_path / "a.npz", images=np.array(large, order=order))
    tracemalloc.start()
    source = opened("npz", tmp_path / "a.npz", values="0 to 16")
    for index in (0, 700, 1499):
        assert np.array_equal(source.pixels(index, 64)[..., 0], np.rint(large[index] / 16 * 255))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 << 20


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(scratch.shutil, "disk_usage", lambda folder: usage)
    np.savez_compressed(tmp_path / "a.npz", images=pictures())
    with pytest.raises(
        DataError, match="Unpacking it takes 73,728 bytes in .*, where 1,000 are free"
    ):
        opened("npz", tmp_path / "a.npz")


def test_a_file_that_shrinks_while_it_is_read(tmp_path):
    np.save(tmp_path / "a.npy", pictures())
    source = opened("npy", tmp_path / "a.npy")
    os.truncate(tmp_path / "a.npy", 5000)
    assert source.pixels(0, 32).shape == (32, 32, 3)
    with pytest.raises(DataError, match="was changed while it was read"):
        source.pixels(COUNT - 1, 32)


# anything else


def spoiled(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, left out, put in, or the end cut off."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = min(int(abs(rng.gauss(0, 1)) * rng.choice([60, 300, len(data) / 2])), len(data) - 1)
        how = rng.randrange(4)
        if how == 0:
            data[at] = rng.choice([0, 1, 127, 128, 255])
        elif how == 1:
            data[at : at + 4] = rng.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\x80"])
        elif how == 2:
            data[at:at] = rng.randbytes(rng.choice([1, 4, 8]))
        else:
            del data[max(1, at) : at + rng.choice([1, 40, 10**9])]
    return bytes(data)


def whole_files(folder) -> list[tuple[str, str, bytes]]:
    """(form, ending, content) of a good file each."""
    np.savez_compressed(folder / "a.npz", images=pictures() / 255, labels=np.arange(COUNT) % 3)
    np.save(folder / "a.npy", grey())
    idx(folder / "a.gz", grey())
    with h5py.File(folder / "a.h5", "w") as file:
        file.create_dataset("images", data=grey(), compression="gzip")
    pixels = {"data": pictures().reshape(COUNT, -1), "labels": [1] * COUNT}
    (folder / "a.pkl").write_bytes(pickle.dumps(pixels, 2))
    (folder / "a.csv").write_text(
        "\n".join(",".join(map(str, p)) for p in grey().reshape(COUNT, -1))
    )
    made = [
        ("npz", "npz"),
        ("npy", "npy"),
        ("idx", "gz"),
        ("hdf5", "h5"),
        ("cifar", "pkl"),
        ("table", "csv"),
    ]
    found = [(name, ending, (folder / f"a.{ending}").read_bytes()) for name, ending in made]
    matlab = ["svhn.mat", "emnist_packed.mat", "odd.mat"]
    return found + [("mat", "mat", (DATA / name).read_bytes()) for name in matlab]


def test_spoiled_files_are_read_or_refused_in_words(tmp_path):
    files, rng = whole_files(tmp_path), random.Random(25)
    for turn in range(225):
        name, ending, content = files[turn % len(files)]
        path = tmp_path / f"spoiled.{ending}"
        path.write_bytes(spoiled(content, rng))
        try:
            source = opened(name, path) if form(name).recognise(path) else None
        except DataError:
            continue
        for index in range(0, len(source.items) if source else 0, 20):
            try:
                assert source.pixels(index, 28).dtype == np.uint8
            except DataError:
                continue
        if source:
            source.close()


def test_names_in_any_script_and_odd_paths(tmp_path):
    path = tmp_path / "내 데이터 🐱.npz"
    np.savez(path, 그림=grey(), 이름=np.arange(COUNT) % 2)
    assert np.array_equal(images(opened("npz", path))[..., 0], grey())
    (tmp_path / "nothing.bin").write_bytes(b"")
    for name in ("npz", "npy", "mat", "hdf5", "idx", "cifar", "table"):
        assert form(name).recognise(tmp_path / "nothing.bin") is None
